"""A message that seems to identify somebody is held back, and never kept as it was typed."""

import json

import pytest
from rasa_sdk import Action
from sqlalchemy import text

from assistant.dialogue.conversation import MessageRefused
from knowledge.documents import UnansweredQuestion
from tests.assistant.dialogue.talk import ANSWERS, CONTACT, Talk, a_teacher, put_together

NAME, NUMBER, PHONE = "Arben Krasniqi", "1234567890", "049 123 456"
ASKED = f"How do I enrol {NAME} with number {NUMBER}?"
KEPT = "How do I enrol [name] with number [personal number]?"


def everything_in(engine, keys):
    """Return all that is kept of conversations and questions, decrypted."""
    asked = UnansweredQuestion.__table__
    with engine.connect() as connection:
        rows = [
            *connection.execute(text("SELECT state, draft FROM conversations")),
            *connection.execute(text("SELECT content FROM turns")),
        ]
        questions = [row.question for row in connection.execute(asked.select())]
    raw = [keys.open(value) for row in rows for value in row if value]
    return json.dumps([*map(json.loads, raw), *questions], ensure_ascii=False)


def send_anyway(talk):
    return next(payload for payload in talk.payloads if payload.startswith("/send_anyway"))


def test_it_is_held_back_and_nothing_is_kept(talk, engine, keys):
    talk.say(ASKED)
    assert "name, personal number" in talk.text
    assert [card["kind"] for card in talk.cards] == ["held"]
    assert everything_in(engine, keys) == "[]"


def test_what_was_found_comes_in_parts_that_make_the_message(talk):
    talk.say(ASKED)
    [card] = talk.cards
    assert "".join(part["text"] for part in card["parts"]) == ASKED
    told = [(part["kind"], part["text"]) for part in card["parts"] if part["kind"]]
    assert told == [("name", NAME), ("personal_number", NUMBER)]
    assert card["masked"] == KEPT


def test_sent_anyway_it_is_answered_and_kept_masked(talk, engine, keys):
    talk.say(ASKED)
    talk.say(send_anyway(talk))
    assert "held" not in talk.kinds
    assert talk.text
    [turn] = talk.conversations.history("s1", talk.who)
    assert turn.said == KEPT
    kept = everything_in(engine, keys)
    assert "How do I enrol" in kept
    assert not any(secret in kept for secret in (NAME, "Arben", "Krasniqi", NUMBER))


def test_a_conversation_that_goes_on_remembers_it_masked_only(talk, engine, keys):
    talk.say("hello")
    talk.say(f"call the mother on {PHONE}")
    talk.say(send_anyway(talk))
    talk.say("/start_referral")
    talk.say(ANSWERS[0])
    assert PHONE not in everything_in(engine, keys)


def test_a_message_that_opens_the_form_is_kept_masked(talk, engine, keys):
    talk.say(f"start a referral for {NAME}")
    talk.say(send_anyway(talk))
    assert NAME not in everything_in(engine, keys)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sq", "[telefoni]"),
        ("sr-Latn", "[telefon]"),
        ("sr-Cyrl", "[телефон]"),
        ("en", "[phone]"),
    ],
)
def test_the_marks_are_in_the_language_of_the_person(talk, language, said):
    talk.say(PHONE, language=language)
    assert talk.cards[0]["masked"] == said


@pytest.mark.parametrize(
    "message",
    [
        "/start_referral",
        "hello",
        "what became of 2026-00042-7",
        "What does law 06/L-082 say?",
        "Do I call 192 or 0800 12345?",
        "Article 14 of Law No. 06/L-084, 48 hours, 12 years",
    ],
)
def test_commands_laws_and_public_numbers_pass(talk, message):
    talk.say(message)
    assert "held" not in talk.kinds


def test_danger_is_never_held_back_and_still_kept_masked(talk, engine, keys):
    talk.say(f"{NAME} has a knife")
    assert talk.cards[0]["status"] == "emergency"
    assert "Krasniqi" not in everything_in(engine, keys)


def test_in_the_form_facts_are_kept_with_a_gentle_warning(talk):
    talk.say("/start_referral")
    for answer in ANSWERS[:4]:
        talk.say(answer)
    talk.say(f"{NAME} sits alone in every break.")
    assert "held" not in talk.kinds
    assert "name" in talk.replies[0]["text"]
    assert talk.cards[-1]["field"] == "done_so_far"


def test_in_the_form_the_senders_own_contact_is_right(talk):
    talk.refer()
    assert CONTACT in talk.text or any(CONTACT in json.dumps(card) for card in talk.cards)
    assert "seems to identify" not in talk.text


def test_who_edits_is_told_that_nothing_was_kept(talk, engine, keys):
    talk.say(ASKED)
    talk.say("/edit_message")
    assert "nothing" in talk.text
    assert everything_in(engine, keys) == "[]"


@pytest.mark.parametrize(
    "payload",
    [
        "/send_anyway{}",
        '/send_anyway{"text": 7}',
        '/send_anyway{"text": "',
        "/send_anyway[]",
        '/send_anyway{"text": ' + "[" * 500 + "}",
    ],
)
def test_a_broken_payload_is_ordinary_text(talk, payload):
    assert talk.say(payload)


def test_what_is_sent_anyway_is_checked_as_any_message(talk):
    with pytest.raises(MessageRefused):
        talk.say('/send_anyway{"text": "  "}')
    with pytest.raises(MessageRefused):
        talk.say(f'/send_anyway{{"text": "{"a" * 2001}"}}')


class Broken(Action):
    """Fails always."""

    def name(self):
        return "action_answer_question"

    def run(self, dispatcher, tracker, domain):
        message = "no"
        raise RuntimeError(message)


def test_a_message_to_try_again_waits_masked(engine, keys, clock, tmp_path, script, understanding):
    conversations = put_together(
        engine,
        tmp_path / "index",
        script=script,
        understanding=understanding,
        clock=clock,
        instead=[Broken()],
    )
    talk = Talk(conversations, a_teacher())
    talk.say(ASKED)
    talk.say(send_anyway(talk))
    assert talk.payloads == ["/retry"]
    assert NUMBER not in everything_in(engine, keys)
    talk.say("/retry")
    assert talk.payloads == ["/retry"]
