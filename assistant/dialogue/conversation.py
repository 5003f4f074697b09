"""The front door of the dialogue: a message goes in, what is replied comes out.

Knows no HTTP and no words: who may speak is decided before, what is said comes from the script.
"""

import re
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from actions.identity import Identity, IdentitySeal
from actions.words import Voice
from assistant.dialogue import identifying
from assistant.dialogue.action_runner import ActionFailed, ActionRunner
from assistant.dialogue.heard import Heard, MessageRefused, hear
from assistant.dialogue.memory import Memory
from assistant.dialogue.records import (
    ConversationNotFound,
    Kept,
    PastTurn,
    Records,
    Said,
)
from assistant.dialogue.responses import Item, render
from assistant.dialogue.script import Script
from assistant.dialogue.tracker import Tracker
from assistant.dialogue.turn import Turn
from assistant.dialogue.understanding import Understanding, Understood
from assistant.people.people import PersonView
from knowledge.language import LATIN, detect, split
from knowledge.personal_data import Found, find_personal

__all__ = ["ConversationNotFound", "Conversations", "MessageRefused"]

FAILED = "utter_action_failed"
DRAFT_EXPIRED = "utter_draft_expired"
RETRY = "retry"
# A message changes the language of the replies when it is at least this long and certain.
FEWEST_WORDS = 3
# Set anew before every turn and never stored with the conversation.
OF_THE_TURN = ("person", "role", "institution", "identity_token")


class _Lock:
    """A lock that a weak reference can point at."""

    def __init__(self) -> None:
        self.held = threading.Lock()


# Any string that a database can hold, as Rasa leaves the name of a conversation open.
SENDER = re.compile(r"(?=.*\S)[^\0\ud800-\udfff]{1,64}", re.DOTALL)


class Conversations:
    """Holds every conversation's place, one turn at a time each."""

    def __init__(  # noqa: PLR0913 - each part is passed in; the last two have good defaults
        self,
        script: Script,
        understanding: Understanding | Callable[[], Understanding],
        *,
        runner: ActionRunner,
        records: Records,
        seal: IdentitySeal,
        public: Callable[[str], bool] | None = None,
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
            public: Tells of a folded word whether the approved documents say it, as names may be.
            message_limit: Longest message, in characters.
        """
        self._script = script
        self._understanding = understanding
        self._runner = runner
        self._records = records
        self._seal = seal
        self._public = public
        self._now = records.now
        self._message_limit = message_limit
        self._answers = {slot for form in script.forms.values() for slot in form.required_slots}
        self._passing = set(script.slots) - {"language", "script"}
        self._locks: weakref.WeakValueDictionary[str, _Lock] = weakref.WeakValueDictionary()
        self._door = threading.Lock()

    def say(
        self, sender: str, text: str, who: PersonView, *, language: str | None = None
    ) -> list[Item]:
        """Return the replies to `text` in conversation `sender`, in order; never an empty list.

        Each is an item of Rasa's REST channel: {"recipient_id", "text"?, "buttons"?, "custom"?}.

        Args:
            sender: The name of the conversation; who uses it first owns it.
            text: What was written, or the payload of a button.
            who: Who is signed in.
            language: The language the page is shown in, a code of the edge. A new conversation
                begins in it, and when it changes the conversation follows.

        Raises:
            MessageRefused: The message is empty or too long.
            ConversationNotFound: The conversation is another person's.
            UnknownLanguage: There is no such language.
        """
        if not SENDER.fullmatch(sender):
            raise ConversationNotFound
        heard = hear(text, who, language=language, limit=self._message_limit)
        lock = self._lock_of(sender)
        with lock.held:
            kept = self._records.find(sender, who.id)
            return self._take_turn(kept, heard, sender)

    def history(self, sender: str, who: PersonView) -> list[PastTurn]:
        """Return what was said in a conversation, oldest first.

        Raises:
            ConversationNotFound: There is none of this name, or it is another person's.
        """
        return self._records.turns(sender, who.id)

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

    def _take_turn(self, kept: Kept | None, heard: Heard, sender: str) -> list[Item]:
        tracker, memory = self._remember(kept, sender)
        self._introduce(tracker, heard.who)
        memory = self._choose_language(tracker, kept, memory, who=heard.who, asked=heard.language)
        text = heard.text
        if text == identifying.EDIT:
            return _all_addressed(identifying.edit_hint(Voice.of(tracker.slots)), sender)
        label = memory.title_of(text)
        if memory.failed and text == f"/{RETRY}":
            text = memory.failed
        understood = self._read(tracker, memory.payload_of(text))
        _follow_language(tracker, understood)
        found = self._identifying(tracker, understood)
        voice = Voice.of(tracker.slots)
        # Danger comes first, whoever is named.
        if found and not (tracker.loop or heard.on_purpose or understood.is_danger):
            return _all_addressed(identifying.held(text, found, voice), sender)
        form_before, instead = tracker.loop, text
        if found and not form_before:
            label = instead = identifying.masked(text, found, voice)
        failed, items = self._play(tracker, understood)
        if found and form_before:
            items = [identifying.form_hint(found, voice), *items]
        if instead != text:
            identifying.forget_in(tracker, text, instead)
        if kept and kept.draft_expired:
            items = [render(self._script, DRAFT_EXPIRED, tracker.slots), *items]
        memory = memory.after(items, failed=instead if failed else "")
        form = form_before or tracker.loop
        said = Said(label, items, form=form, by_button=understood.is_payload)
        return self._keep(tracker, memory, said, heard.who)

    def _play(self, tracker: Tracker, understood: Understood) -> tuple[bool, list[Item]]:
        """Return whether an action failed, and what is replied; the tracker is then as before."""
        before = tracker.to_json()
        turn = Turn(self._script, tracker, self._runner, at=self._now().timestamp())
        try:
            turn.play(understood)
        except ActionFailed as error:
            items = [*turn.items, self._apology(tracker, error)]
            tracker.restore(before)
            return True, items
        return False, turn.items

    def _identifying(self, tracker: Tracker, understood: Understood) -> tuple[Found, ...]:
        """Return what in a typed message identifies somebody, but for the sender's own contact."""
        if understood.is_payload or tracker.requested == identifying.CONTACT:
            return ()
        return find_personal(understood.text, self._public)

    def _remember(self, kept: Kept | None, sender: str) -> tuple[Tracker, Memory]:
        """Return the conversation as it was, or afresh after a long silence without a draft."""
        tracker = Tracker(sender, self._script.slots)
        if kept is None:
            return tracker, Memory()
        state = kept.draft or kept.state
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

    def _keep(self, tracker: Tracker, memory: Memory, said: Said, who: PersonView) -> list[Item]:
        """Store the turn; return its items, addressed, answers with the turn's number."""
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
        number = self._records.save(kept, replace(said, ends=ends, text=text))
        return _all_addressed(said.replied, tracker.sender, number)

    def _has_answers(self, tracker: Tracker) -> bool:
        return any(tracker.slots.get(name) is not None for name in self._answers)

    def _lock_of(self, sender: str) -> _Lock:
        with self._door:
            return self._locks.setdefault(sender, _Lock())


def _follow_language(tracker: Tracker, understood: Understood) -> None:
    """Reply in the language of the message when that is certain; a button never changes it."""
    if understood.is_payload:
        return
    found = detect(understood.text)
    # Cyrillic is Serbian, however short; a Latin word or two may be a name or borrowed.
    if found.script == LATIN and len(understood.text.split()) < FEWEST_WORDS:
        return
    if found.certain and found.language:
        tracker.slots.update(language=found.language, script=found.script)


def _all_addressed(items: Sequence[Item], sender: str, number: int = 0) -> list[Item]:
    return [_addressed(item, sender, number) for item in items]


def _addressed(item: Item, sender: str, number: int) -> Item:
    addressed: dict[str, Any] = {"recipient_id": sender, **item}
    data = item.get("custom", {}).get("data", {})
    if data.get("kind") == "answer":
        addressed["custom"] = {"data": {**data, "turn": number}}
    return addressed
