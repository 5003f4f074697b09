"""Sending a referral from the chat."""

from dataclasses import replace

import pytest

from actions.identity import Identity, IdentitySeal
from actions.referrals.log import Reader, ReferralLog
from tests.actions.conftest import CONVERSATION, a_referral, answers

ARTA = Identity("arta", "teacher", "Shkolla Testuese", CONVERSATION)


def send(talk):
    return talk.run("action_log_referral", text="/send_referral")


def test_a_confirmed_referral_is_logged_and_its_number_is_said(talk, log):
    talk.slots |= answers(language="sq")
    send(talk)
    [summary] = log.own("arta")
    assert talk.responses == ["utter_referral_logged"]
    assert talk.said[0]["number"] == summary.number
    assert talk.data == [{"kind": "referral", "number": summary.number, "status": "submitted"}]
    content = log.read(summary.number, Reader(person="arta", role="teacher")).content
    assert content == a_referral()


def test_after_sending_the_conversation_has_forgotten_the_case(talk):
    talk.slots |= answers(language="sq", category_group="children")
    send(talk)
    kept = {name for name, value in talk.slots.items() if value is not None}
    assert kept == {"language", "script", "identity_token"}


def test_who_sends_is_read_from_the_seal_and_not_from_slots(talk, log, officer):
    talk.slots |= answers(person="drita", role="dprrp", institution="DPRRP")
    send(talk)
    view = log.read(log.list(officer)[0].number, officer)
    assert view.author == "arta"
    assert view.content.referrer_role == "teacher"
    assert view.content.referrer_institution == "Shkolla Testuese"


@pytest.mark.parametrize("token", [None, "", "forged", "a.b.c"])
def test_without_a_valid_token_nothing_is_stored_and_the_answers_stay(talk, log, officer, token):
    talk.slots |= answers(identity_token=token)
    assert send(talk) == []
    assert talk.responses == ["utter_please_sign_in"]
    assert log.list(officer) == []
    assert talk.slots["confirm"] == "send"


def test_a_token_of_another_conversation_or_signer_counts_for_nothing(talk, log, officer, seal):
    elsewhere = seal.sign(replace(ARTA, conversation="talk-2"))
    for token in (elsewhere, IdentitySeal(b"another").sign(ARTA)):
        talk.slots |= answers(identity_token=token)
        send(talk)
        assert talk.responses == ["utter_please_sign_in"]
    assert log.list(officer) == []


@pytest.mark.parametrize("role", ["trainer", "dprrp", "admin", "nobody"])
def test_a_role_without_the_right_cannot_send(talk, log, officer, seal, role):
    talk.slots |= answers(identity_token=seal.sign(replace(ARTA, role=role)))
    send(talk)
    assert talk.responses == ["utter_may_not_refer"]
    assert log.list(officer) == []


@pytest.mark.parametrize("confirm", [None, "affirm", "deny", True])
def test_only_an_explicit_send_sends(talk, log, officer, confirm):
    talk.slots |= answers(confirm=confirm)
    send(talk)
    assert talk.responses == ["utter_nothing_to_send"]
    assert log.list(officer) == []


def test_a_retry_of_the_same_form_says_the_same_number(talk, log, officer):
    talk.slots |= answers()
    send(talk)
    first = talk.said[0]["number"]
    talk.slots |= answers()
    send(talk)
    assert talk.said[0]["number"] == first
    assert len(log.list(officer)) == 1


def test_a_form_changed_after_a_lost_reply_is_a_new_referral(talk, log, officer):
    talk.slots |= answers()
    send(talk)
    talk.slots |= answers(urgency="U1")
    send(talk)
    assert talk.responses == ["utter_referral_logged"]
    assert len(log.list(officer)) == 2


def test_a_failing_log_is_not_hidden_and_the_answers_stay(talk, monkeypatch):
    def fails(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr(ReferralLog, "add", fails)
    talk.slots |= answers()
    with pytest.raises(OSError):  # noqa: PT011 - the engine answers for every kind
        send(talk)
    assert talk.slots["concern_facts"] == answers()["concern_facts"]


def test_an_answer_that_went_bad_is_asked_again_and_the_others_stay(talk, log, officer):
    talk.slots |= answers(referrer_contact="a@gmail.com")
    events = send(talk)
    assert events[-1] == {"event": "followup", "timestamp": None, "name": "referral_form"}
    assert talk.slots["referrer_contact"] is None
    assert talk.slots["confirm"] is None
    assert talk.slots["category"] == "C"
    assert log.list(officer) == []


def test_a_cancel_empties_every_answer(talk):
    talk.slots |= answers(change_field="urgency", category_group="children")
    talk.run("action_forget_referral")
    assert all(talk.slots[name] is None for name in (*answers(), "change_field", "category_group"))
    assert talk.said == []
