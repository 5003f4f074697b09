import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import text

from assistant.dialogue.kept import Kept, Said
from assistant.dialogue.records import ConversationNotFound, Records
from tests.assistant.dialogue.talk import ANSWERS, CONTACT, FACTS, TRIED

SECRETS = (FACTS, TRIED, CONTACT)


def everything_in(engine, keys):
    """Return all that the tables of the dialogue hold, decrypted."""
    with engine.connect() as connection:
        rows = [
            *connection.execute(text("SELECT state, draft FROM conversations")),
            *connection.execute(text("SELECT content FROM turns")),
        ]
    raw = [value for row in rows for value in row if value]
    assert not any(secret in value for value in raw for secret in SECRETS)
    return json.dumps([json.loads(keys.open(value)) for value in raw], ensure_ascii=False)


def holds_a_secret(engine, keys):
    found = everything_in(engine, keys)
    return any(json.dumps(secret, ensure_ascii=False)[1:-1] in found for secret in SECRETS)


def test_a_draft_is_kept_encrypted(talk, engine, keys):
    talk.refer()
    assert holds_a_secret(engine, keys)


@pytest.mark.parametrize("last", ["/send_referral", "/cancel", "cancel"])
def test_sending_and_cancelling_remove_what_was_said(talk, engine, keys, last):
    talk.refer()
    talk.say(last)
    assert not holds_a_secret(engine, keys)
    turns = talk.conversations.history("s1", talk.who)
    assert turns[-1].replied
    assert all(turn.redacted for turn in turns[:-1])


def test_an_old_draft_is_forgotten_alone(talk, engine, keys, clock):
    talk.refer()
    clock.move(timedelta(days=6))
    assert talk.conversations._records.forget_old().drafts == 0
    clock.move(timedelta(days=2))
    forgotten = talk.conversations._records.forget_old()
    assert (forgotten.drafts, forgotten.conversations) == (1, 0)
    assert not holds_a_secret(engine, keys)
    assert talk.conversations.history("s1", talk.who)


def test_an_old_conversation_is_deleted_with_its_turns(talk, engine, clock):
    talk.say("hello")
    clock.move(timedelta(days=31))
    assert talk.conversations._records.forget_old().conversations == 1
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM turns")) == 0
    with pytest.raises(ConversationNotFound):
        talk.conversations.history("s1", talk.who)


def test_what_was_said_long_ago_goes_though_the_conversation_goes_on(talk, clock):
    for day in range(5):
        talk.say(f"hello for the {day}th time")
        clock.move(timedelta(days=10))
    talk.conversations._records.forget_old()
    kept = [turn.said for turn in talk.conversations.history("s1", talk.who)]
    assert kept == [f"hello for the {day}th time" for day in (2, 3, 4)]


def test_a_question_asked_inside_the_form_is_removed_too(talk, engine, keys):
    talk.refer(ANSWERS[:3])
    talk.say("how do I help this very secret child in class")
    talk.say("/cancel")
    assert "very secret child" not in everything_in(engine, keys)


def test_no_token_is_stored(talk, engine, keys):
    talk.refer(ANSWERS[:3])
    state = json.loads(everything_in(engine, keys))
    assert all(
        part["tracker"]["slots"]["identity_token"] is None for part in state if "tracker" in part
    )


def test_feedback_names_documents_and_no_person(engine, clock):
    records = Records(engine, clock=clock)
    card = {"custom": {"data": {"kind": "answer", "citations": [{"document": "dprrp.en"}]}}}
    turn = records.save(Kept("s1", "p1", "en", "Latn", {}), Said("what is DPRRP", [card]))
    records.note_feedback(turn, role="teacher", helpful=True)
    records.note_feedback(turn, role="teacher", helpful=False, reason="outdated")
    with engine.connect() as connection:
        rows = list(connection.execute(text("SELECT * FROM feedback")).mappings())
    assert len(rows) == 1
    assert json.loads(rows[0]["documents"]) == ["dprrp.en"]
    assert "p1" not in str(rows[0])


def an_answer_from(*documents):
    cited = [{"document": one} for one in documents]
    return {"custom": {"data": {"kind": "answer", "citations": cited}}}


def test_feedback_is_read_latest_first_with_least_data(engine, clock):
    records = Records(engine, clock=clock)
    for sender, language, script in (("s1", "en", "Latn"), ("s2", "sr", "Latn")):
        kept = Kept(sender, "p1", language, script, {})
        said = Said("the boy Testi", [an_answer_from("bullying.en", "dprrp.en", "bullying.en")])
        turn = records.save(kept, said)
        records.note_feedback(turn, role="teacher", helpful=sender == "s1")
        clock.move(timedelta(hours=1))
    latest, earlier = records.feedback()
    assert (latest.helpful, latest.language) == (False, "sr-Latn")
    assert (earlier.helpful, earlier.language) == (True, "en")
    assert latest.documents == ("bullying.en", "dprrp.en")
    assert latest.at - earlier.at == timedelta(hours=1)
    assert {one.name for one in fields(latest)} == {
        *("helpful", "reason", "role", "documents", "language", "at")
    }
    assert records.feedback(limit=1) == [latest]


def test_feedback_is_deleted_with_its_conversation(engine, clock):
    records = Records(engine, clock=clock)
    for sender in ("s1", "s2"):
        turn = records.save(Kept(sender, "p1", "en", "Latn", {}), Said("hello", []))
        records.note_feedback(turn, role="teacher", helpful=True)
        clock.move(timedelta(days=20))
    records.forget_old()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM feedback")) == 1
    assert len(records.feedback()) == 1


def test_feedback_on_an_answer_inside_a_referral_outlives_its_words(talk):
    talk.refer(ANSWERS[:3])
    talk.say("how do I help this child in class")
    talk.conversations.feedback("s1", talk.who, turn=talk.cards[0]["turn"], helpful=False)
    talk.say("/cancel")
    assert len(talk.conversations._records.feedback()) == 1


def test_the_first_to_use_a_name_owns_it(engine, clock):
    records = Records(engine, clock=clock)
    records.save(Kept("s1", "p1", "en", "Latn", {}), Said("hello", []))
    with pytest.raises(ConversationNotFound):
        records.find("s1", "p2")
    with pytest.raises(ConversationNotFound):
        records.save(Kept("s1", "p2", "en", "Latn", {}), Said("hello", []))


def test_opinions_at_the_same_moment_are_one(engine, clock):
    records = Records(engine, clock=clock)
    turns = [
        records.save(Kept(f"s{number}", "p1", "en", "Latn", {}), Said("hello", []))
        for number in range(10)
    ]
    with ThreadPoolExecutor(8) as pool:
        jobs = [
            pool.submit(records.note_feedback, turn, role="teacher", helpful=True)
            for turn in turns
            for _ in range(4)
        ]
        assert all(job.result() is None for job in jobs)
    assert len(records.feedback()) == len(turns)
