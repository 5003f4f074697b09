"""A conversation as a test drives it: real script, actions and tables, a person signed in."""

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rasa_sdk import Action
from sqlalchemy import Engine

from actions import all_actions, toolbox
from actions.directory import Directory
from actions.identity import IdentitySeal
from actions.told_besides import answers
from assistant.dialogue.action_runner import LocalActions
from assistant.dialogue.conversation import Conversations
from assistant.dialogue.phrases import words_of
from assistant.dialogue.records import Records
from assistant.dialogue.script import Script
from assistant.dialogue.understanding import Understanding
from assistant.people.people import PersonView
from knowledge.encoder import Encoder
from knowledge.library import Library

# What tells whether a text names a choice of the question that is asked.
CHOICE = partial(answers, directory=Directory.load())

FACTS = "The pupil of eleven reads like a first grader and sits alone in every break."
TRIED = "We talked with the grandmother and with the principal."
CONTACT = "arta.testi@rks-gov.net"

# Every answer of a referral, in the order of asking.
ANSWERS = (
    '/inform{"category":"C"}',
    '/inform{"person_group":"child_8_17"}',
    "Klinë",
    '/inform{"urgency":"U3"}',
    FACTS,
    TRIED,
    '/inform{"wanted_service":"catch_up"}',
    '/inform{"consent_status":"given_by_carer"}',
    CONTACT,
)


class WordEncoder:
    """Equal words are near, others far: as the shared fake, with room for a thousand examples."""

    dimension = 1024
    name = "fake-many-words"

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._vector(text) for text in texts])

    def passages(self, texts: Sequence[str], progress: Any = None) -> np.ndarray:
        return self.queries(texts)

    def _vector(self, text: str) -> np.ndarray:
        vector = np.full(self.dimension, 1e-6, dtype=np.float32)
        for word in text.casefold().split():
            digest = hashlib.sha256(word.encode()).digest()
            vector[int.from_bytes(digest[:4]) % self.dimension] += 1
        return vector / np.linalg.norm(vector)


class RememberingEncoder:
    """The real encoder, which is told beforehand what will be asked, as a batch is much faster."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, np.ndarray] = {}
        self.dimension, self.name = encoder.dimension, encoder.name

    def learn(self, messages: Sequence[str]) -> None:
        self.queries([words_of(message) for message in messages])

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.queries(new), strict=True))
        return np.stack([self._known[text] for text in texts])

    def passages(self, texts: Sequence[str], progress: Any = None) -> np.ndarray:
        return self._encoder.passages(texts, progress)


def a_teacher(**changes: Any) -> PersonView:
    known = {
        "id": "p1",
        "name": "Arta Testi",
        "role": "teacher",
        "institution": "Shkolla Testuese",
        "municipality": "KLI",
        "language": "en",
        "script": "Latn",
    }
    return PersonView(**{**known, **changes})


class Talk:
    """One person's conversation; `say` returns the replies and keeps them."""

    def __init__(self, conversations: Conversations, who: PersonView, sender: str = "s1") -> None:
        self.conversations = conversations
        self.who = who
        self.sender = sender
        self.replies: list[dict[str, Any]] = []

    def say(self, text: str, **more: Any) -> list[dict[str, Any]]:
        self.replies = self.conversations.say(self.sender, text, self.who, **more)
        return self.replies

    def refer(self, answers: Sequence[str] = ANSWERS) -> None:
        self.say("/start_referral")
        for answer in answers:
            self.say(answer)

    @property
    def text(self) -> str:
        return "\n".join(item.get("text", "") for item in self.replies)

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for item in self.replies for button in item.get("buttons", ())]

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [item["custom"]["data"] for item in self.replies if "custom" in item]

    @property
    def kinds(self) -> list[str]:
        return [card["kind"] for card in self.cards]


def put_together(
    engine: Engine,
    folder: Path,
    *,
    script: Script,
    understanding: Understanding,
    clock: Any,
    instead: Sequence[Action] = (),
) -> Conversations:
    """Join the real parts; `instead` takes the place of actions of the same name."""
    library = Library(engine, WordEncoder(), folder, clock=clock)
    seal = IdentitySeal(b"s" * 32)
    tools = toolbox.build(engine, library, seal, clock=clock)
    runner = LocalActions([*all_actions(lambda: tools), *instead], timeout_s=5)
    records = Records(engine, clock=clock)
    return Conversations(script, understanding, runner=runner, records=records, seal=seal)
