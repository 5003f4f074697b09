from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from rasa_sdk import Action

from assistant.dialogue.conversation import ConversationNotFound, MessageRefused
from knowledge.language import UnknownLanguage
from tests.assistant.dialogue.talk import ANSWERS, Talk, a_teacher, put_together


class Broken(Action):
    """Fails as often as it is told to, then does nothing."""

    def __init__(self, name, times=1):
        self._name = name
        self.times = times

    def name(self):
        return self._name

    def run(self, dispatcher, tracker, domain):
        self.times -= 1
        if self.times >= 0:
            message = "no"
            raise RuntimeError(message)
        dispatcher.utter_message(text="done at last")
        return []


@pytest.fixture
def talk_with(engine, clock, tmp_path, script, understanding):
    def make(*instead, **person):
        conversations = put_together(
            engine,
            tmp_path / "index",
            script=script,
            understanding=understanding,
            clock=clock,
            instead=instead,
        )
        return Talk(conversations, a_teacher(**person))

    return make


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   \n\t ", "empty"),
        ("\x00\x07", "empty"),
        ("\ud800", "empty"),
        ("\u200b\u202e", "empty"),
        ("a" * 2001, "too_long"),
    ],
)
def test_a_message_that_cannot_be_taken_says_why(talk, text, code):
    with pytest.raises(MessageRefused) as refused:
        talk.say(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "🙂",
        "hel\x00lo",
        "\u202ehello\u202c",
        "مرحبا كيف حالك",
        "\ud83d hello",
        "a" * 2000,
        "/",
        "/inform{",
        '/inform{"category":' + "[" * 900 + "]" * 900 + "}",
        '/inform{"category":null}',
        '/inform{"category":{"a":1}}',
        "/unknown_intent",
        '/restart{"x":"y"}',
        "/session_start",
        "{{7*7}} {language}",
        "'; DROP TABLE turns; --",
        "?",
        "....",
    ],
)
def test_strange_messages_are_answered(talk, text):
    assert talk.say(text)
    talk.refer(ANSWERS[:4])
    assert talk.say(text)
    assert talk.say("cancel")


def test_nobody_can_type_themselves_into_another(talk):
    talk.say('/inform{"person":"p2","role":"dprrp","identity_token":"x","language":"sq"}')
    kept = talk.conversations._records.find("s1", "p1")
    assert kept.language == "en"
    assert kept.state["tracker"]["slots"]["person"] is None


def test_anothers_conversation_looks_like_none(talk):
    talk.say("hello")
    other = Talk(talk.conversations, a_teacher(id="p2"))
    for attempt in (
        lambda: other.say("hello"),
        lambda: other.conversations.history("s1", other.who),
        lambda: other.conversations.feedback("s1", other.who, turn=1, helpful=True),
    ):
        with pytest.raises(ConversationNotFound):
            attempt()


@pytest.mark.parametrize("sender", ["", " ", "x" * 65, "a\x00b", "\ud800"])
def test_a_name_that_no_conversation_can_have_is_not_found(talk, sender):
    talk.sender = sender
    with pytest.raises(ConversationNotFound):
        talk.say("hello")


def test_the_reply_is_in_the_accounts_language_at_first(talk_with):
    talk = talk_with(language="sr", script="Cyrl")
    talk.say("/help")
    assert "Можете" in talk.text


def test_the_page_language_comes_before_the_accounts(talk):
    talk.say("/help", language="sq")
    assert "Mund të pyesni" in talk.text


def test_a_change_of_the_page_language_is_followed(talk):
    talk.say("/help", language="sq")
    talk.say("/help", language="sr-Latn")
    assert "Možete" in talk.text


def test_an_unknown_language_is_refused(talk):
    with pytest.raises(UnknownLanguage):
        talk.say("hello", language="xx")


def test_the_reply_follows_a_message_that_is_certainly_in_another_language(talk):
    talk.say("шта могу да те питам")
    assert "Можете" in talk.text
    talk.say("šta mogu da te pitam")
    assert "Možete" in talk.text
    talk.say("/help")
    assert "Možete" in talk.text


def test_a_button_or_a_single_word_does_not_change_the_language(talk):
    talk.say("/help", language="sq")
    talk.say("ok")
    assert "Kësaj" in talk.text


def test_the_language_can_be_chosen_in_words_and_in_mid_form(talk):
    talk.refer(ANSWERS[:2])
    talk.say('/set_language{"language":"sr-Cyrl"}')
    assert "У којој општини" in talk.text
    talk.say("na albanskom jeziku")
    assert "Në cilën komunë" in talk.text


def test_a_failure_keeps_the_answers_and_offers_to_try_again(talk_with):
    talk = talk_with(Broken("action_log_referral"))
    talk.refer()
    talk.say("/send_referral")
    assert "/retry" in talk.payloads
    assert "None of your answers is lost" in talk.text
    talk.say("/retry")
    assert "done at last" in talk.text


def test_a_failure_loses_no_free_text(talk_with):
    talk = talk_with(Broken("action_ask_referral_form_wanted_service"))
    talk.refer(ANSWERS[:6])
    assert "/retry" in talk.payloads
    talk.say("/retry")
    assert "done at last" in talk.text
    kept = talk.conversations._records.find("s1", "p1")
    assert kept.draft["tracker"]["slots"]["done_so_far"] == ANSWERS[5]


def test_a_failing_emergency_action_still_shows_the_numbers(talk_with):
    talk = talk_with(Broken("action_emergency"))
    talk.say("he has a gun with him")
    assert "192" in talk.text
    assert talk.cards[0]["status"] == "emergency"


def test_danger_comes_first(talk):
    talk.say("he has a gun with him")
    assert talk.cards[0]["status"] == "emergency"


def test_danger_inside_free_text_is_kept_as_the_answer(talk):
    talk.refer(ANSWERS[:4])
    text = "He told his brother this morning that he will kill himself tonight at home"
    talk.say(text)
    assert talk.cards[0]["status"] == "emergency"
    kept = talk.conversations._records.find("s1", "p1")
    assert kept.draft["tracker"]["slots"]["concern_facts"] == text


def test_danger_among_choices_asks_the_question_again(talk):
    talk.refer(ANSWERS[:3])
    talk.say("he has a gun with him")
    assert talk.cards[0]["status"] == "emergency"
    kept = talk.conversations._records.find("s1", "p1")
    assert kept.draft["tracker"]["slots"]["requested_slot"] == "urgency"


def test_the_history_shows_buttons_by_their_titles(talk):
    talk.say("hello")
    talk.say("/start_referral")
    said = [turn.said for turn in talk.conversations.history("s1", talk.who)]
    assert said == ["hello", "Start a referral"]


def test_an_answer_carries_the_turn_that_feedback_names(talk):
    talk.say("what does DPRRP do")
    talk.conversations.feedback(
        "s1", talk.who, turn=talk.cards[0]["turn"], helpful=False, reason="not_found"
    )


def test_a_long_silence_begins_afresh_and_keeps_the_language(talk, clock):
    talk.say("/help", language="sq")
    clock.move(timedelta(days=2))
    talk.say("/help")
    assert "Mund të pyesni" in talk.text


def test_a_draft_outlives_a_long_silence(talk, clock):
    talk.refer(ANSWERS[:5])
    clock.move(timedelta(days=2))
    talk.say(ANSWERS[5])
    kept = talk.conversations._records.find("s1", "p1")
    assert kept.draft["tracker"]["slots"]["requested_slot"] == "wanted_service"


def test_an_expired_draft_is_gone_and_said_to_be(talk, clock):
    talk.refer(ANSWERS[:6])
    clock.move(timedelta(days=8))
    talk.say("hello")
    assert "waited longer than 7 days" in talk.text
    talk.say("/start_referral")
    assert any('"category"' in payload for payload in talk.payloads)


def test_one_conversation_takes_one_turn_at_a_time(talk):
    talk.say("/start_referral")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: Talk(talk.conversations, talk.who).say("/help"), range(16)))
    assert len(talk.conversations.history("s1", talk.who)) == 17


def test_two_presses_at_once_make_one_referral(talk):
    talk.refer()
    with ThreadPoolExecutor(4) as pool:
        many = [Talk(talk.conversations, talk.who) for _ in range(4)]
        list(pool.map(lambda one: one.say("/send_referral"), many))
    assert len({one.cards[-1]["number"] for one in many}) == 1
