"""What tests of actions may ask for: a referral log, a seal, and a conversation."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor
from sqlalchemy import Engine

from actions import all_actions
from actions.directory import Directory
from actions.identity import Identity, IdentitySeal
from actions.referrals import tables
from actions.referrals.log import NewReferral, Reader, ReferralLog
from actions.toolbox import Toolbox
from config.database import Base, open_database
from config.encryption import KeyRing
from config.files import load_yaml
from knowledge.library import Found, Hit
from tests.fakes import FrozenClock

CONVERSATION = "talk-1"
FACTS = "Nxënësi 11 vjeç lexon si në klasën e parë dhe rri vetëm në pushim; e pa kujdestarja."
OWN_TABLES = [
    one.__table__
    for one in (tables.Referral, tables.ReferralEvent, tables.TraceEntry, tables.SerialNumber)
]


def a_referral(**changes: Any) -> NewReferral:
    """Return the first invented case of the brief: a pupil of 11 who cannot read yet."""
    pupil = NewReferral(
        category="C",
        person_group="child_8_17",
        municipality="KLI",
        urgency="U3",
        concern_facts=FACTS,
        done_so_far="U bisedua me gjyshen.",
        wanted_service=("catch_up", "activity"),
        consent_status="given_by_carer",
        referrer_contact="+383 38 200 100",
        referrer_role="teacher",
        referrer_institution="Shkolla Testuese",
        language="sq",
    )
    return replace(pupil, **changes)


def answers(**changes: Any) -> dict[str, Any]:
    """Return the slots of a form that is ready to be sent."""
    return {
        "category": "C",
        "person_group": "child_8_17",
        "municipality": "KLI",
        "urgency": "U3",
        "concern_facts": FACTS,
        "done_so_far": "U bisedua me gjyshen.",
        "wanted_service": ["catch_up", "activity"],
        "consent_status": "given_by_carer",
        "referrer_contact": "+383 38 200 100",
        "referral_key": "form-1",
        "confirm": "send",
        **changes,
    }


def a_hit(**changes: Any) -> Hit:
    """Return a passage of a starter document in Albanian."""
    hit = Hit(
        document="school-entry.sq",
        family="school-entry",
        title="Regjistrimi në shkollë",
        section="Hapat e parë",
        page=None,
        place=1,
        version=2,
        language="sq",
        kind="protocol",
        audience=("teacher",),
        review="starter",
        valid_from=None,
        valid_until=None,
        out_of_date=False,
        quote="Regjistrojeni fëmijën menjëherë.",
        passage="Regjistrojeni fëmijën menjëherë. Letrat rregullohen pastaj.",
        score=0.9,
        script="Latn",
    )
    return replace(hit, **changes)


class FakeLibrary:
    """Answers every question with what it was given, and remembers what it was asked."""

    def __init__(self) -> None:
        self.found = Found(status="answered", answerable=True, hits=(a_hit(),), language="sq")
        self.asked: list[tuple[str, str, str, str, int]] = []
        self.unanswered: list[tuple[str, str, str]] = []

    def search(
        self, question: str, *, language: str = "", script: str = "", role: str = "", limit: int = 3
    ) -> Found:
        self.asked.append((question, language, script, role, limit))
        return self.found

    def note_unanswered(self, question: str, *, language: str, role: str) -> None:
        self.unanswered.append((question, language, role))


class Talk:
    """One conversation that runs actions through rasa-sdk's executor, as the service does."""

    def __init__(self, tools: Toolbox) -> None:
        self._executor = ActionExecutor()
        for action in all_actions(lambda: tools):
            self._executor.register_action(action)
        self.slots: dict[str, Any] = {"language": "en", "script": "Latn"}
        self.said: list[dict[str, Any]] = []

    def run(
        self,
        name: str,
        *,
        text: str = "",
        candidates: dict[str, Any] | None = None,
        entities: list[dict[str, Any]] | None = None,
        danger: bool = False,
        intent: str = "",
    ) -> list[dict[str, Any]]:
        """Run an action after the message `text`; return its events, with slots applied."""
        given = candidates or {}
        self.slots |= given
        events = [{"event": "action", "name": "referral_form"}]
        events += [{"event": "slot", "name": n, "value": v} for n, v in given.items()]
        tracker = {
            "sender_id": CONVERSATION,
            "slots": dict(self.slots),
            "latest_message": {
                "text": text,
                "entities": entities or [],
                "intent": {"name": intent},
                "metadata": {"danger": danger},
            },
            "events": events,
            "active_loop": {"name": "referral_form"},
        }
        call = {"next_action": name, "tracker": tracker, "domain": load_yaml("domain/referral.yml")}
        result = asyncio.run(self._executor.run(call)).model_dump()
        self.said = result["responses"]
        for event in result["events"]:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        return result["events"]

    def answer(self, slot: str, value: Any, *, text: str | None = None, intent: str = "") -> Any:
        """Answer one question of the form; return what its slot then holds."""
        self.slots[slot] = None
        self.run(
            "validate_referral_form",
            text=str(value) if text is None else text,
            candidates={slot: value},
            intent=intent,
        )
        return self.slots[slot]

    @property
    def texts(self) -> list[str]:
        """The plain texts that were said."""
        return [one["text"] for one in self.said if one["text"]]

    @property
    def responses(self) -> list[str]:
        """The names of the responses that were said."""
        return [one["response"] for one in self.said if one["response"]]

    @property
    def data(self) -> list[dict[str, Any]]:
        """The data items that were said."""
        return [one["custom"]["data"] for one in self.said if one["custom"]]


@pytest.fixture
def referral_engine(tmp_path: Path, keys: KeyRing) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'referrals.sqlite3'}", keys)
    Base.metadata.create_all(engine, tables=OWN_TABLES)
    yield engine
    engine.dispose()


@pytest.fixture
def log(referral_engine: Engine, clock: FrozenClock) -> ReferralLog:
    return ReferralLog(referral_engine, clock=clock)


@pytest.fixture
def officer() -> Reader:
    return Reader(person="drita", role="dprrp", reads_all=True, handles=True)


@pytest.fixture
def author() -> Reader:
    return Reader(person="arta", role="teacher")


@pytest.fixture
def colleague() -> Reader:
    return Reader(person="besa", role="school_psychologist")


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary()


@pytest.fixture
def seal() -> IdentitySeal:
    return IdentitySeal(b"a secret of the tests")


@pytest.fixture
def talk(log: ReferralLog, library: FakeLibrary, seal: IdentitySeal, clock: FrozenClock) -> Talk:
    """A conversation of the teacher Arta, signed in."""
    directory = Directory.load(clock=clock)
    talk = Talk(Toolbox(library, log, directory, seal, clock))  # type: ignore[arg-type]
    arta = Identity("arta", "teacher", "Shkolla Testuese", CONVERSATION)
    talk.slots["identity_token"] = seal.sign(arta)
    return talk
