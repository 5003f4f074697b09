"""What people do in a form besides answering: correct, list, doubt, pause, look back."""

from datetime import timedelta

import pytest

from assistant.dialogue.understanding import Understood
from tests.assistant.dialogue.talk import ANSWERS, FACTS, Talk, a_teacher
from tests.assistant.dialogue.test_forms import answers, asked

CORRECTIONS = [
    ("en", "no, it is Pejë, not Prizren", "Pejë/Peć"),
    ("en", "sorry, Peja not Prizren", "Pejë/Peć"),
    ("sq", "jo, është Pejë, jo Prizren", "Pejë"),
    ("sq", "jo Prizren por Peja", "Pej"),
    ("sr", "ne Prizren nego Peć", "Peć"),
    ("sr", "није Призрен, него Пећ", "Пећ"),
]


def a_talk(conversations, language="en"):
    return Talk(conversations, a_teacher(language=language), sender=f"in {language}")


@pytest.mark.parametrize(("language", "said", "shown"), CORRECTIONS)
@pytest.mark.parametrize("before", [4, 6, 9])
def test_an_earlier_answer_is_corrected_in_free_words(conversations, language, said, shown, before):
    talk = a_talk(conversations, language)
    talk.refer([*ANSWERS[:2], "Prizren", *ANSWERS[3:before]])
    open_question = asked(talk)
    assert answers(talk)["municipality"] == "PRZ"
    talk.say(said)
    assert answers(talk)["municipality"] == "PEJ"
    assert asked(talk) == open_question
    assert answers(talk)[open_question] is None
    assert shown in talk.text
    assert '/change_answer{"field":"municipality"}' in talk.payloads


def test_the_value_may_come_with_the_wish_to_change(conversations):
    for number, said in enumerate(["change the municipality to Peja", "put Peja instead of Klina"]):
        talk = Talk(conversations, a_teacher(), sender=f"wish {number}")
        talk.refer(ANSWERS[:3])
        talk.say(said)
        assert answers(talk)["municipality"] == "PEJ", said
        assert asked(talk) == "urgency"


def test_a_correction_at_the_end_takes_along_what_depends_on_it(talk):
    talk.refer()
    talk.say("sorry, it is a woman, not a pupil")
    assert answers(talk)["person_group"] == "woman"
    assert answers(talk)["consent_status"] is None
    assert asked(talk) == "consent_status"


def test_a_no_that_answers_the_question_corrects_nothing(talk):
    talk.refer(ANSWERS[:3])
    talk.say("no, not urgent")
    assert (answers(talk)["urgency"], answers(talk)["municipality"]) == ("U3", "KLI")
    assert "Changed" not in talk.text


def test_facts_that_begin_with_a_no_are_kept_whole(talk):
    talk.refer(ANSWERS[:4])
    told = f"No teacher in Prizren had seen it before. {FACTS}"
    talk.say(told)
    assert (answers(talk)["concern_facts"], answers(talk)["municipality"]) == (told, "KLI")


LISTS = [
    ("en", "a pupil of 11 in Klina, not urgent, needs a psychologist"),
    ("sq", "nxënës 11 vjeç në Klinë, jo urgjente, i duhet psikologu"),
    ("sr", "ученик од 11 година у Клини, није хитно, треба му психолог"),
]


@pytest.mark.parametrize(("language", "said"), LISTS)
def test_one_message_fills_all_that_it_answers_and_says_so(conversations, language, said):
    talk = a_talk(conversations, language)
    talk.refer(['/inform{"category":"J"}'])
    talk.say(said)
    known = answers(talk)
    assert (known["person_group"], known["municipality"]) == ("child_8_17", "KLI")
    assert (known["urgency"], known["wanted_service"]) == ("U3", ["psychologist"])
    assert asked(talk) == "concern_facts"
    assert '/change_answer{"field":"urgency"}' in talk.payloads


def test_the_label_of_a_choice_answers_nothing_else(talk):
    talk.say("/start_referral")
    talk.say("Prison programme refused")
    assert answers(talk)["person_group"] is None
    assert "Noted" not in talk.text


def test_a_question_fills_nothing(talk):
    talk.refer(ANSWERS[:1])
    talk.say("how do I help a pupil in Klina who is a woman?")
    assert answers(talk)["municipality"] is None


def test_a_sentence_that_may_be_a_question_is_asked_about(talk):
    talk.refer(ANSWERS[:4])
    talk.say("the father of the pupil agrees?")
    assert talk.payloads[:2] == ["/my_answer", "/my_question"]
    assert asked(talk) == "concern_facts"
    talk.say("It is a question")
    assert "answer" in talk.kinds
    assert (asked(talk), answers(talk)["concern_facts"]) == ("concern_facts", None)


def test_and_kept_whole_when_it_is_the_answer(talk):
    talk.refer(ANSWERS[:4])
    sentence = "Whole weeks missing, and nobody at home when the school calls the family?"
    talk.say(sentence)
    assert "/my_answer" in talk.payloads
    talk.say("/my_answer")
    assert (answers(talk)["concern_facts"], asked(talk)) == (sentence, "done_so_far")
    talk.say("/my_answer")
    assert (answers(talk)["done_so_far"], asked(talk)) == (None, "done_so_far")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "what did I say"), ("sq", "çka kam shkru deri tash"), ("sr", "шта сам рекао")],
)
def test_what_was_said_so_far_is_shown_and_the_question_asked_again(conversations, language, said):
    talk = a_talk(conversations, language)
    talk.refer(ANSWERS[:5])
    talk.say(said)
    card = next(one for one in talk.cards if one["kind"] == "answers")
    assert [one["field"] for one in card["fields"]][-1] == "concern_facts"
    assert card["fields"][-1]["value"] == FACTS
    assert asked(talk) == "done_so_far"


def test_nothing_said_is_said_so(talk):
    talk.say("show my answers")
    assert "No referral is open" in talk.text
    talk.say("/start_referral")
    talk.say("show my answers")
    assert "not given any answer" in talk.text


def test_a_paused_referral_goes_on_where_it_was_left(talk, clock):
    talk.refer(ANSWERS[:5])
    talk.say("continue later")
    assert "paused" in talk.text
    assert asked(talk) is None
    clock.move(timedelta(days=6))
    talk.say("What does DPRRP do?")
    assert talk.payloads[-3:] == ["/resume", "/start_over", "/cancel"]
    talk.say("continue")
    assert (asked(talk), answers(talk)["concern_facts"]) == ("done_so_far", FACTS)


def test_a_paused_referral_is_forgotten_after_a_week(talk, clock):
    talk.refer(ANSWERS[:5])
    talk.say("/pause")
    clock.move(timedelta(days=8))
    talk.say("continue")
    assert "its answers were deleted" in talk.text
    assert answers(talk) == {}


def test_another_referral_never_takes_the_answers_of_a_paused_one(talk):
    talk.refer(ANSWERS[:5])
    talk.say("/pause")
    talk.say("start a referral")
    assert "unfinished referral" in talk.text
    assert asked(talk) is None
    assert answers(talk)["concern_facts"] == FACTS
    talk.say("/start_over")
    assert (asked(talk), answers(talk)["concern_facts"]) == ("category", None)
    past = talk.conversations.history(talk.sender, talk.who)
    assert FACTS not in str(past)


def test_the_answers_of_a_paused_referral_can_be_deleted(talk):
    talk.refer(ANSWERS[:5])
    talk.say("/pause")
    talk.say("Delete the answers")
    assert "answers were deleted" in talk.text
    assert answers(talk) == {}
    assert FACTS not in str(talk.conversations.history(talk.sender, talk.who))
    talk.say("/resume")
    assert "No referral is open" in talk.text


def test_going_on_with_what_is_open_changes_nothing(talk):
    talk.refer(ANSWERS[:3])
    talk.say("continue")
    assert "already open" in talk.text
    assert asked(talk) == "urgency"
    talk.say("/start_over")
    assert (asked(talk), answers(talk)["municipality"]) == ("urgency", "KLI")


@pytest.mark.parametrize("ending", ["cancel", "send", "start over", "expiry"])
def test_answers_shown_during_a_pause_go_when_the_referral_goes(talk, clock, ending):
    talk.refer(ANSWERS if ending == "send" else ANSWERS[:5])
    talk.say("/pause")
    talk.say("show my answers")
    assert FACTS in str(talk.replies)
    if ending == "send":
        talk.say("/resume")
        talk.say("/send_referral")
        assert "referral" in talk.kinds
    elif ending == "expiry":
        clock.move(timedelta(days=8))
        talk.conversations._records.forget_old()
    else:
        talk.say("/cancel" if ending == "cancel" else "/start_over")
    assert FACTS not in str(talk.conversations.history(talk.sender, talk.who))


TOLD_AS_FACTS = [
    ("sr", "Nije upisan u školu, ranije je živeo u Prizrenu."),
    ("en", "Not enrolled in any school since the move from Prizren."),
    ("en", "Not enrolled since they moved from Klina to Prizren."),
    ("sq", "Nuk është regjistruar në shkollë, më parë ka jetuar në Prizren."),
]


@pytest.mark.parametrize(("language", "told"), TOLD_AS_FACTS)
def test_facts_that_deny_something_correct_no_earlier_answer(conversations, language, told):
    talk = a_talk(conversations, language)
    talk.refer(ANSWERS[:4])
    talk.say(told)
    assert answers(talk)["concern_facts"] == told
    assert answers(talk)["municipality"] == "KLI"


@pytest.mark.parametrize(
    "told", ["No, we only called the school in Prizren.", "No urgent steps were taken yet."]
)
def test_what_was_done_corrects_no_earlier_answer(talk, told):
    talk.refer(ANSWERS[:5])
    talk.say(told)
    assert answers(talk)["done_so_far"] == told
    assert (answers(talk)["municipality"], answers(talk)["urgency"]) == ("KLI", "U3")


def test_who_only_sounds_like_cancelling_loses_nothing(talk, monkeypatch):
    talk.refer(ANSWERS[:5])
    talk.say("/pause")
    understanding = talk.conversations._understanding
    heard = Understood("forget about that one", "cancel", 0.6)
    monkeypatch.setattr(understanding, "read", lambda *_, **__: heard)
    talk.say("forget about that one")
    assert "/cancel" in talk.payloads
    assert answers(talk)["concern_facts"] == FACTS


def test_talking_of_something_else_does_not_keep_a_paused_referral(talk, clock):
    talk.refer(ANSWERS[:5])
    talk.say("/pause")
    for _ in range(2):
        clock.move(timedelta(days=5))
        talk.say("/help")
    assert answers(talk) == {}


def test_a_pause_before_the_first_answer_keeps_nothing(talk):
    talk.say("/start_referral")
    talk.say("/pause")
    assert "Nothing was sent" in talk.text
    assert "/resume" not in talk.payloads


def test_an_old_button_does_not_redact_what_is_open(talk):
    talk.refer(ANSWERS[:5])
    talk.say("/start_over")
    assert answers(talk)["concern_facts"] == FACTS
    assert FACTS in str(talk.conversations.history(talk.sender, talk.who))
