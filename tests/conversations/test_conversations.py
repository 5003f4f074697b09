"""Runs every talk of this folder through the real parts: encoder, library, actions, tables."""

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet

from actions import all_actions, toolbox
from actions.identity import IdentitySeal
from assistant.dialogue.action_runner import LocalActions
from assistant.dialogue.conversation import Conversations
from assistant.dialogue.records import Records
from assistant.dialogue.script import load_script
from assistant.dialogue.understanding import Understanding
from config.database import Base, open_database
from config.encryption import KeyRing
from knowledge.gate import Gate
from knowledge.language import join, split
from knowledge.library import Library
from tests.assistant.dialogue.talk import CHOICE, Talk, a_teacher
from tests.conftest import TABLES
from tests.fakes import FrozenClock

TALKS = [
    talk
    for path in sorted(Path(__file__).parent.glob("*.yml"))
    for talk in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def conversations(encoder, index_folder, tmp_path_factory):
    for module in TABLES:
        importlib.import_module(module)
    folder = tmp_path_factory.mktemp("talks")
    engine = open_database(f"sqlite:///{folder / 'ura.sqlite3'}", KeyRing([Fernet.generate_key()]))
    Base.metadata.create_all(engine)
    clock = FrozenClock()
    library = Library(engine, encoder, index_folder, clock=clock, gate=Gate.load())
    library.load_starter()
    seal = IdentitySeal(b"s" * 32)
    tools = toolbox.build(engine, library, seal, clock=clock)
    script = load_script()
    yield Conversations(
        script,
        Understanding(script, encoder, index_folder, CHOICE),
        runner=LocalActions(all_actions(lambda: tools)),
        records=Records(engine, clock=clock),
        seal=seal,
    )
    engine.dispose()


def check(talk: Talk, expect: dict[str, Any]) -> None:
    kept = talk.conversations._records.find(talk.sender, talk.who.id)
    slots = (kept.draft or kept.state)["tracker"]["slots"]
    assert len(talk.replies) >= expect.get("min_replies", 1)
    if "text" in expect:
        assert any(one in talk.text for one in expect["text"].split("|"))
    assert expect.get("not_text", "\0") not in talk.text
    assert slots["requested_slot"] == expect.get("asks", slots["requested_slot"])
    assert talk.kinds == expect.get("kinds", talk.kinds)
    assert join(kept.language, kept.script) == expect.get(
        "language", join(kept.language, kept.script)
    )
    if "status" in expect:
        assert talk.cards[0]["status"] == expect["status"]
    if expect.get("citation"):
        assert talk.cards[0]["citations"]


@pytest.mark.model
@pytest.mark.parametrize("told", TALKS, ids=[talk["name"] for talk in TALKS])
def test_a_talk_goes_as_it_should(conversations, told):
    language, script = split(told["language"])
    talk = Talk(conversations, a_teacher(language=language, script=script), told["name"])
    for turn in told["turns"]:
        talk.say(turn["user"])
        try:
            check(talk, turn["expect"])
        except AssertionError as failed:
            message = f"after {turn['user']!r}: {failed}\n{talk.text}"
            raise AssertionError(message) from failed


def test_the_talks_cover_every_language_form():
    assert {talk["language"] for talk in TALKS} == {"sq", "sr-Latn", "sr-Cyrl", "en"}
