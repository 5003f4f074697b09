"""The front door of the dialogue: a message goes in, what is replied comes out.

Knows no HTTP and no words: who may speak is decided before, what is said comes from the script.
"""

import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from actions.identity import Identity, IdentitySeal
from assistant.dialogue.action_runner import ActionFailed, ActionRunner
from assistant.dialogue.memory import Memory
from assistant.dialogue.message import SENDER, MessageRefused, clean
from assistant.dialogue.records import (
    ConversationNotFound,
    Kept,
    PastTurn,
    Records,
    Said,
)
from assistant.dialogue.responses import Item, render
from assistant.dialogue.script import Script
from assistant.dialogue.telling import Tell, Telling
from assistant.dialogue.tracker import Tracker
from assistant.dialogue.turn import Turn
from assistant.dialogue.understanding import Understanding, Understood
from assistant.dialogue.voice import follow_language
from assistant.people.people import PersonView
from knowledge.language import split

__all__ = ["ConversationNotFound", "Conversations", "MessageRefused"]

FAILED = "utter_action_failed"
DRAFT_EXPIRED = "utter_draft_expired"
RETRY = "retry"
# Set anew before every turn and never stored with the conversation.
OF_THE_TURN = ("person", "role", "institution", "identity_token")


class _Lock:
    """A lock that a weak reference can point at."""

    def __init__(self) -> None:
        self.held = threading.Lock()


class Conversations:
    """Holds every conversation's place, one turn at a time each."""

    def __init__(
        self,
        script: Script,
        understanding: Understanding | Callable[[], Understanding],
        *,
        runner: ActionRunner,
        records: Records,
        seal: IdentitySeal,
        message_limit: int = 2000,
    ) -> None:
        """Join the parts.

        Args:
            script: What the conversations are made of.
            understanding: Reads messages; a function is called at the first message, so that the
                service can start before the model is loaded.
            runner: Runs the actions.
            records: Keeps the conversations.
            seal: Signs who is asking, for the actions.
            message_limit: Longest message, in characters.
        """
        self._script = script
        self._understanding = understanding
        self._runner = runner
        self._records = records
        self._seal = seal
        self._now = records.now
        self._message_limit = message_limit
        self._answers = {slot for form in script.forms.values() for slot in form.required_slots}
        self._passing = set(script.slots) - {"language", "script"}
        self._locks: weakref.WeakValueDictionary[str, _Lock] = weakref.WeakValueDictionary()
        self._door = threading.Lock()

    def say(
        self,
        sender: str,
        text: str,
        who: PersonView,
        *,
        language: str | None = None,
        tell: Tell | None = None,
    ) -> list[Item]:
        """Return the replies to `text` in conversation `sender`, in order; never an empty list.

        Each is an item of Rasa's REST channel: {"recipient_id", "text"?, "buttons"?, "custom"?}.

        Args:
            sender: The name of the conversation; who uses it first owns it.
            text: What was written, or the payload of a button.
            who: Who is signed in.
            language: The language the page is shown in, a code of the edge. A new conversation
                begins in it, and when it changes the conversation follows.
            tell: Called with each reply as soon as it is said and kept, while the turn goes on.

        Raises:
            MessageRefused: The message is empty or too long.
            ConversationNotFound: The conversation is another person's.
            UnknownLanguage: There is no such language.
        """
        checked = self._check(sender, text)
        lock = self._lock_of(sender)
        with lock.held:
            kept = self._records.find(sender, who.id)
            telling = Telling(sender, tell)
            return self._take_turn(kept, checked, who, telling, language=language)

    def history(self, sender: str, who: PersonView) -> list[PastTurn]:
        """Return what was said in a conversation, oldest first.

        Raises:
            ConversationNotFound: There is none of this name, or it is another person's.
        """
        return self._records.turns(sender, who.id)

    def tracker(self, sender: str, who: PersonView) -> dict[str, Any]:
        """Return what a conversation remembers, in Rasa's form, as its next message will find it.

        Raises:
            ConversationNotFound: There is none of this name, or it is another person's.
        """
        kept = self._records.find(sender, who.id)
        if kept is None:
            raise ConversationNotFound
        tracker, _ = self._remember(kept, sender)
        tracker.slots.update(language=kept.language, script=kept.script)
        return tracker.as_rasa()

    def feedback(
        self, sender: str, who: PersonView, *, turn: int, helpful: bool, reason: str = ""
    ) -> None:
        """Keep whether the answer in `turn` helped, and why not.

        Raises:
            ConversationNotFound: The turn is in no conversation of this person.
        """
        if turn not in {past.id for past in self._records.turns(sender, who.id)}:
            raise ConversationNotFound
        self._records.note_feedback(turn, role=who.role, helpful=helpful, reason=reason)

    def _check(self, sender: str, text: str) -> str:
        if not SENDER.fullmatch(sender):
            raise ConversationNotFound
        return clean(text, self._message_limit)

    def _take_turn(
        self, kept: Kept | None, text: str, who: PersonView, telling: Telling, language: str | None
    ) -> list[Item]:
        tracker, memory = self._remember(kept, telling.sender)
        self._introduce(tracker, who)
        memory = self._choose_language(tracker, kept, memory, who=who, asked=language)
        label = memory.title_of(text)
        if memory.failed and text == f"/{RETRY}":
            text = memory.failed
        understood = self._read(tracker, memory.payload_of(text))
        follow_language(tracker, understood)
        before = tracker.to_json()
        form_before = tracker.loop
        expired = kept is not None and kept.draft_expired
        notice = [render(self._script, DRAFT_EXPIRED, tracker.slots)] if expired else []

        def said(items: list[Item]) -> Said:
            form = form_before or tracker.loop
            return Said(label, [*notice, *items], form, by_button=understood.is_payload)

        begun = Kept(tracker.sender, who.id, tracker.slots["language"], tracker.slots["script"], {})
        turn = Turn(
            self._script,
            tracker,
            self._runner,
            at=self._now().timestamp(),
            said=lambda items: telling.tell(said(items), partial(self._records.save, begun)),
        )
        failed = ""
        try:
            turn.play(understood)
            items = turn.items
        except ActionFailed as error:
            items = [*turn.items, self._apology(tracker, error)]
            tracker.restore(before)
            failed = text
        everything = replace(said(items), number=telling.number)
        memory = memory.after(everything.replied, failed=failed)
        number = self._keep(tracker, memory, everything, who)
        return telling.all(everything.replied, number)

    def _remember(self, kept: Kept | None, sender: str) -> tuple[Tracker, Memory]:
        """Return the conversation as it was, or afresh after a long silence without a draft.

        Nothing is remembered of one whose first turn never came to its end.
        """
        tracker = Tracker(sender, self._script.slots)
        state = (kept.draft or kept.state) if kept else {}
        if kept is None or not state:
            return tracker, Memory()
        silence = self._now() - (kept.updated_at or self._now())
        if kept.draft or silence < timedelta(minutes=self._script.session_minutes):
            tracker.restore(state["tracker"])
        return tracker, Memory(**state["memory"])

    def _introduce(self, tracker: Tracker, who: PersonView) -> None:
        """Set who is asking and what replies may say about keeping; never taken from text."""
        identity = Identity(who.id, who.role, who.institution, tracker.sender)
        tracker.slots.update(
            person=who.id,
            role=who.role,
            institution=who.institution,
            identity_token=self._seal.sign(identity),
            draft_days=self._records.draft_days,
            conversation_days=self._records.conversation_days,
        )

    def _choose_language(
        self,
        tracker: Tracker,
        kept: Kept | None,
        memory: Memory,
        *,
        who: PersonView,
        asked: str | None,
    ) -> Memory:
        """Set the language: the page's if it just changed, else as before, else the account's."""
        if asked and (kept is None or asked != memory.shown):
            language, script = split(asked)
        elif kept:
            language, script = kept.language, kept.script
        else:
            language, script = who.language, who.script
        tracker.slots.update(language=language, script=script)
        return replace(memory, shown=asked or memory.shown)

    def _read(self, tracker: Tracker, text: str) -> Understood:
        if callable(self._understanding):
            self._understanding = self._understanding()
        slot = self._script.slots.get(tracker.requested)
        in_form = bool(tracker.loop)
        free_text = in_form and slot is not None and slot.is_free_text
        return self._understanding.read(text, in_form=in_form, free_text=free_text)

    def _apology(self, tracker: Tracker, error: ActionFailed) -> Item:
        return render(self._script, FAILED, tracker.slots, {"error_id": error.error_id})

    def _keep(self, tracker: Tracker, memory: Memory, said: Said, who: PersonView) -> int:
        """Store the turn and what to remember after it; return the turn's number."""
        for name in OF_THE_TURN:
            tracker.slots[name] = None
        language, script = tracker.slots["language"], tracker.slots["script"]
        drafting = bool(tracker.loop) or self._has_answers(tracker)
        draft = {"tracker": tracker.to_json(), "memory": vars(memory)} if drafting else None
        if drafting or said.form:
            tracker.forget(self._passing)
            tracker.close()
            memory = replace(memory, failed="")
        state = {"tracker": tracker.to_json(), "memory": vars(memory)}
        kept = Kept(tracker.sender, who.id, language, script, state, draft)
        ends = bool(said.form) and not drafting
        # What ended the form may itself be an answer; a button's title never is.
        text = "" if ends and not said.by_button else said.text
        return self._records.save(kept, replace(said, ends=ends, text=text))

    def _has_answers(self, tracker: Tracker) -> bool:
        return any(tracker.slots.get(name) is not None for name in self._answers)

    def _lock_of(self, sender: str) -> _Lock:
        with self._door:
            return self._locks.setdefault(sender, _Lock())
