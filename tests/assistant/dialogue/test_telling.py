"""Replies that leave while their turn goes on: nothing is told that is not kept."""

import pytest
from rasa_sdk import Action

from assistant.dialogue.conversation import ConversationNotFound
from tests.assistant.dialogue.talk import ANSWERS, FACTS, Talk, a_teacher, put_together
from tests.assistant.dialogue.test_records import holds_a_secret

DANGER = "He has a gun and wants to shoot at the school. What do I do?"


class Ear:
    """Hears what is told, and looks each time whether it is kept."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.heard = []

    def __call__(self, item) -> None:
        turns = self.talk.conversations.history(self.talk.sender, self.talk.who)
        kept = turns[-1].replied if turns else []
        plain = {key: value for key, value in item.items() if key != "recipient_id"}
        data = plain.get("custom", {}).get("data", {})
        if data.pop("turn", None):
            assert turns[-1].id
        assert plain in kept
        self.heard.append(item)


@pytest.fixture
def ear(talk):
    return Ear(talk)


def unnumbered(history):
    return [(turn.said, turn.replied, turn.form, turn.redacted) for turn in history]


@pytest.fixture
def with_answer(engine, tmp_path, script, understanding, clock):
    """A talk in which the library's answer is `run`."""

    def talk(run) -> Talk:
        class Answer(Action):
            def name(self):
                return "action_answer_question"

            def run(self, dispatcher, tracker, domain):
                return run(dispatcher)

        joined = put_together(
            engine, tmp_path, script=script, understanding=understanding, clock=clock,
            instead=[Answer()],
        )  # fmt: skip
        return Talk(joined, a_teacher())

    return talk


def test_the_emergency_panel_is_told_before_the_library_is_asked(with_answer):
    heard_before = []

    def run(dispatcher):
        heard_before.extend(ear.heard)
        dispatcher.utter_message(json_message={"data": {"kind": "answer", "status": "answered"}})
        return []

    talk = with_answer(run)
    ear = Ear(talk)
    talk.say(DANGER, tell=ear)
    panel = [item for item in heard_before if "custom" in item]
    assert [one["custom"]["data"]["status"] for one in panel] == ["emergency"]
    assert ear.heard[-1]["custom"]["data"]["status"] == "answered"


def test_what_is_told_is_what_is_returned(talk, ear):
    returned = talk.say(DANGER, tell=ear)
    assert [item.get("text") for item in returned] == [item.get("text") for item in ear.heard]
    assert len(talk.conversations.history("s1", talk.who)) == 1


def test_an_answer_that_is_taken_back_is_never_told(with_answer):
    def run(dispatcher):
        dispatcher.utter_message(text="Nothing was found.")
        dispatcher.utter_message(json_message={"data": {"kind": "answer", "status": "abstained"}})
        return []

    talk = with_answer(run)
    ear = Ear(talk)
    talk.say("He has a gun and wants to shoot at the school", tell=ear)
    assert "Nothing was found." not in [item.get("text") for item in ear.heard]
    assert ear.heard


def test_after_a_failed_action_the_apology_follows_what_was_said(with_answer):
    def run(dispatcher):
        raise RuntimeError(FACTS)

    talk = with_answer(run)
    ear = Ear(talk)
    returned = talk.say(DANGER, tell=ear)
    assert [item.get("text") for item in ear.heard] == [item.get("text") for item in returned]
    assert ear.heard[-1]["buttons"]
    assert len(ear.heard) > 1


def test_a_whole_referral_is_kept_as_without_telling(talk, ear, engine, keys):
    silent = Talk(talk.conversations, talk.who, "s2")
    for text in ("/start_referral", *ANSWERS, "/send_referral", "hello"):
        talk.say(text, tell=ear)
        silent.say(text)
    told, untold = (talk.conversations.history(one.sender, talk.who) for one in (talk, silent))
    said = [[turn.said, turn.form, turn.redacted] for turn in told]
    assert said == [[turn.said, turn.form, turn.redacted] for turn in untold]
    assert [len(turn.replied) for turn in told] == [len(turn.replied) for turn in untold]
    assert not holds_a_secret(engine, keys)


def test_when_the_turn_cannot_be_ended_what_was_told_stays_and_the_talk_goes_on(
    talk, ear, monkeypatch
):
    records = talk.conversations._records
    save = records.save

    def fail_at_the_end(kept, said):
        if not said.goes_on:
            raise BrokenPipeError
        return save(kept, said)

    monkeypatch.setattr(records, "save", fail_at_the_end)
    with pytest.raises(BrokenPipeError):
        talk.say(DANGER, tell=ear)
    (turn,) = talk.conversations.history("s1", talk.who)
    assert turn.said == DANGER
    assert len(turn.replied) == len(ear.heard) > 0
    monkeypatch.undo()
    assert talk.say("hello", tell=ear)
    assert len(talk.conversations.history("s1", talk.who)) == 2


def test_to_somebody_else_nothing_is_told(talk, ear):
    talk.say("hello")
    other = Talk(talk.conversations, a_teacher(id="p2"))
    with pytest.raises(ConversationNotFound):
        other.say("hello", tell=ear)
    assert ear.heard == []


def test_the_tracker_shows_what_is_remembered_and_no_identity(talk):
    talk.refer(ANSWERS[:2])
    shown = talk.conversations.tracker("s1", talk.who)
    assert shown["sender_id"] == "s1"
    assert shown["slots"]["category"] == "C"
    assert shown["active_loop"]["name"] == "referral_form"
    assert shown["latest_message"]["intent"]["name"] == "inform"
    assert shown["slots"]["identity_token"] is None
    assert not [one for one in shown["events"] if one.get("name") == "identity_token"]
    for who, sender in ((a_teacher(id="p2"), "s1"), (talk.who, "unused")):
        with pytest.raises(ConversationNotFound):
            talk.conversations.tracker(sender, who)
