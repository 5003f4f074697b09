"""What happened to my referral?"""

import pytest

from actions.referrals.numbers import make_number
from tests.actions.conftest import a_referral


def ask(talk, text="what happened to my referral", **changes):
    talk.run("action_referral_status", text=text, **changes)
    return talk.responses


def test_the_last_referral_is_told_in_plain_words(talk, log, officer):
    log.add(a_referral(), author="arta", key="one")
    number = log.add(a_referral(), author="arta", key="two").number
    log.move(number, officer, to="acknowledged")
    assert ask(talk) == ["utter_referral_status"]
    assert talk.said[0]["number"] == number
    assert talk.said[0]["status"] == "Receipt confirmed"
    assert talk.said[0]["date"] == "02.11.2026"
    assert talk.data == [{"kind": "referral", "number": number, "status": "acknowledged"}]


def test_a_referral_is_found_by_its_number(talk, log):
    first = log.add(a_referral(), author="arta", key="one").number
    log.add(a_referral(), author="arta", key="two")
    ask(talk, f"Çfarë ndodhi me {first}?")
    assert talk.said[0]["number"] == first
    ask(talk, "/referral_status", entities=[{"entity": "number", "value": first}])
    assert talk.said[0]["number"] == first


def test_somebody_else_s_referral_looks_like_a_missing_one(talk, log):
    theirs = log.add(a_referral(), author="besa", key="one").number
    assert ask(talk, theirs) == ["utter_referral_not_found"]
    hidden = talk.said
    assert ask(talk, make_number(2026, 99999)) == ["utter_referral_not_found"]
    assert talk.said == hidden


def test_asking_leaves_a_trace(talk, log, officer):
    number = log.add(a_referral(), author="arta", key="one").number
    ask(talk)
    assert [(t.who, t.what) for t in log.trace(number, officer)][1] == ("arta", "read")


def test_one_who_sent_none_hears_so(talk, log):
    log.add(a_referral(), author="besa", key="one")
    assert ask(talk) == ["utter_no_referrals"]


@pytest.mark.parametrize("token", [None, "forged"])
def test_without_a_valid_token_nothing_is_told(talk, log, token):
    log.add(a_referral(), author="arta", key="one")
    talk.slots["identity_token"] = token
    assert ask(talk) == ["utter_please_sign_in"]
    assert talk.data == []


def test_the_status_is_told_in_the_conversation_s_script(talk, log):
    log.add(a_referral(), author="arta", key="one")
    talk.slots |= {"language": "sr", "script": "Latn"}
    ask(talk)
    assert talk.said[0]["status"] == "Poslato"
