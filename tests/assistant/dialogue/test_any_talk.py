"""Whatever two people say, in whatever order: never silence, never the other's case."""

import importlib
import tempfile
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from rasa_sdk import Action
from sqlalchemy import text

from assistant.dialogue.script import load_script
from assistant.dialogue.understanding import Understanding
from config.database import Base, open_database
from config.encryption import KeyRing
from tests.assistant.dialogue.talk import (
    ANSWERS,
    CHOICE,
    Talk,
    WordEncoder,
    a_teacher,
    put_together,
)
from tests.conftest import TABLES
from tests.fakes import FrozenClock

PEOPLE = ("p1", "p2")
COMMANDS = (
    *("cancel", "go back", "help", "change my answer", "what did I say", "continue later"),
    *("continue", "start a referral", "send", "yes", "no", "hello", "shqip ju lutem", "ћирилица"),
    *("/restart", "/dance", "/inform{}", '/inform{"category":[]}', "/my_answer", "/my_question"),
    *("/start_over", "/resume", "/retry", "/send_referral", "/action_listen", "?", "…", "x"),
)
TALK = (
    *("no, it is Pejë, not Prizren", "a woman in Prizren, urgent", "në Klinë", "Призрен"),
    *("What does DPRRP do?", "the father agrees?", "he has a knife", "nothing", "not urgent"),
    *("arta.testi@rks-gov.net", "the mother agrees", "put Peja instead of Klina"),
)


class Failing(Action):
    """Takes the place of an action and fails when it is told to."""

    broken = False

    def name(self) -> str:
        return "action_referral_status"

    def run(self, dispatcher, tracker, domain):
        if Failing.broken:
            raise RuntimeError
        dispatcher.utter_message(text="fine")
        return []


def facts_of(person):
    return f"The pupil that only {person} knows reads badly and sits alone in every break."


class AnyTalk(RuleBasedStateMachine):
    """Two people talk to the same service."""

    understanding = None

    @initialize()
    def begin(self):
        cls = type(self)
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        if cls.understanding is None:
            examples = Path(tempfile.mkdtemp())
            cls.understanding = Understanding(load_script(), WordEncoder(), examples, CHOICE)
        self.engine = open_database(
            f"sqlite:///{folder / 'ura.sqlite3'}", KeyRing([Fernet.generate_key()])
        )
        for module in TABLES:
            importlib.import_module(module)
        Base.metadata.create_all(self.engine)
        self.clock = FrozenClock()
        self.conversations = put_together(
            self.engine,
            folder / "index",
            script=load_script(),
            understanding=cls.understanding,
            clock=self.clock,
            instead=[Failing()],
        )
        Failing.broken = False
        self.talks = {
            person: Talk(self.conversations, a_teacher(id=person), f"talk of {person}")
            for person in PEOPLE
        }

    def say(self, person, message):
        talk = self.talks[person]
        replies = talk.say(message)
        assert replies
        assert all(item.get("text") or item.get("custom") for item in replies)
        other = next(one for one in PEOPLE if one != person)
        assert facts_of(other) not in str(replies)
        if person not in str(talk.conversations.history(talk.sender, talk.who)):
            assert facts_of(person) not in str(replies)

    @rule(person=st.sampled_from(PEOPLE), message=st.sampled_from(COMMANDS + TALK + ANSWERS))
    def anything(self, person, message):
        self.say(person, message)

    @rule(person=st.sampled_from(PEOPLE), count=st.integers(1, len(ANSWERS)))
    def a_good_part_of_a_form(self, person, count):
        for message in ("/start_referral", *ANSWERS[:count]):
            self.say(person, message)

    @rule(person=st.sampled_from(PEOPLE))
    def the_own_facts(self, person):
        self.say(person, facts_of(person))

    @rule(person=st.sampled_from(PEOPLE), place=st.integers(0, 30))
    def a_button(self, person, place):
        payloads = self.talks[person].payloads
        if payloads:
            self.say(person, payloads[place % len(payloads)])

    @rule(person=st.sampled_from(PEOPLE), message=st.text(min_size=1, max_size=60))
    def letters(self, person, message):
        if message.strip() and message.isprintable():
            self.say(person, message)

    @rule(hours=st.sampled_from([1, 30, 200]))
    def time_goes_by(self, hours):
        self.clock.move(timedelta(hours=hours))
        self.conversations._records.forget_old()

    @rule()
    def an_action_breaks_or_is_mended(self):
        Failing.broken = not Failing.broken

    @invariant()
    def what_is_remembered_is_whole(self):
        for person, talk in getattr(self, "talks", {}).items():
            kept = self.conversations._records.find(talk.sender, person)
            if kept is None:
                continue
            for state in (kept.state, kept.draft or kept.state):
                tracker = state["tracker"]
                slots, loop = tracker["slots"], tracker["active_loop"].get("name")
                assert loop in (None, "referral_form")
                assert bool(slots["requested_slot"]) == bool(loop)
                other = next(one for one in PEOPLE if one != person)
                assert facts_of(other) not in str(state)
            remembered = kept.state["tracker"]
            if kept.draft is not None:
                assert facts_of(person) not in str(remembered)

    def teardown(self):
        if hasattr(self, "engine"):
            with self.engine.connect() as connection:
                for table in ("conversations", "turns", "referrals"):
                    rows = connection.execute(text(f"select * from {table}")).all()  # noqa: S608
                    assert "only p" not in str(rows)
            self.engine.dispose()
            self.folder.cleanup()


AnyTalk.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestAnyTalk = AnyTalk.TestCase
