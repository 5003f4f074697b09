"""The front door of the dialogue: a message goes in, what is replied comes out.

Knows no HTTP and no words: who may speak is decided before, what is said comes from the script.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from actions.identity import IdentitySeal
from actions.words import Voice
from assistant.dialogue import identifying
from assistant.dialogue.action_runner import ActionFailed, ActionRunner
from assistant.dialogue.chosen_language import choose_language, follow_language
from assistant.dialogue.heard import Heard, hear
from assistant.dialogue.introduction import introduce, take_leave
from assistant.dialogue.kept import Kept, PastTurn, Said
from assistant.dialogue.memory import Memory
from assistant.dialogue.message import SENDER, MessageRefused
from assistant.dialogue.records import ConversationNotFound, Records
from assistant.dialogue.responses import Item, render, shows_answers
from assistant.dialogue.script import Script
from assistant.dialogue.telling import Tell, Telling
from assistant.dialogue.tracker import Tracker
from assistant.dialogue.turn import Turn
from assistant.dialogue.understanding import (
    INFORM,
    MY_ANSWER,
    MY_QUESTION,
    QUESTION,
    UNSURE,
    Understanding,
    Understood,
)
from assistant.people.people import PersonView
from knowledge.personal_data import Found

__all__ = ["ConversationNotFound", "Conversations", "MessageRefused"]

FAILED = "utter_action_failed"
DRAFT_EXPIRED = "utter_draft_expired"
WAITING = "utter_referral_waiting"
RETRY, RESUME, START_OVER = "retry", "resume", "start_over"


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
        self._form = next(iter(script.forms), "")
        self._answers = {slot for form in script.forms.values() for slot in form.required_slots}
        self._passing = set(script.slots) - {"language", "script"}

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
        if not SENDER.fullmatch(sender):
            raise ConversationNotFound
        heard = hear(text, who, language=language, limit=self._message_limit)
        with self._records.turn_of(sender):
            kept = self._records.find(sender, who.id)
            return self._take_turn(kept, heard, Telling(sender, tell))

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

    def _take_turn(self, kept: Kept | None, heard: Heard, telling: Telling) -> list[Item]:
        tracker, memory = self._remember(kept, telling.sender)
        introduce(tracker, heard.who, self._seal, self._records)
        memory = choose_language(tracker, kept, memory, who=heard.who, asked=heard.language)
        text = heard.text
        if text == identifying.EDIT:
            return telling.all(identifying.edit_hint(Voice.of(tracker.slots)), 0)
        label = memory.title_of(text)
        if memory.failed and text == f"/{RETRY}":
            text = memory.failed
        understood = self._read(tracker, memory, memory.payload_of(text))
        follow_language(tracker, understood)
        found = identifying.found_in(understood, tracker.requested, self._public)
        voice = Voice.of(tracker.slots)
        # Danger comes first, whoever is named.
        if found and not (tracker.loop or heard.on_purpose or understood.is_danger):
            return telling.all(identifying.held(text, found, voice), 0)
        instead = text
        if found and not tracker.loop:
            label = instead = identifying.masked(text, found, voice)
        notice = self._notice(kept, tracker, found)
        begun = Said(label, notice, tracker.loop, by_button=understood.is_payload)
        failed, said = self._play(tracker, understood, begun, telling)
        if instead != text:
            identifying.forget_in(tracker, text, instead)
        anew = understood.intent == START_OVER and not (begun.form or failed)
        said = self._ended(kept, tracker, replace(said, number=telling.number, ends=anew))
        kept_in_doubt = understood.text if understood.intent == UNSURE else ""
        doubted = memory.doubted if failed and not kept_in_doubt else kept_in_doubt
        memory = memory.after(said.replied, failed=instead if failed else "", doubted=doubted)
        return telling.all(said.replied, self._keep(tracker, memory, said, heard.who))

    def _notice(self, kept: Kept | None, tracker: Tracker, found: Sequence[Found]) -> list[Item]:
        """Return what is said before any reply."""
        expired = kept is not None and kept.draft_expired
        notice = [render(self._script, DRAFT_EXPIRED, tracker.slots)] if expired else []
        if found and tracker.loop:
            notice.append(identifying.form_hint(found, Voice.of(tracker.slots)))
        return notice

    def _ended(self, kept: Kept | None, tracker: Tracker, said: Said) -> Said:
        """Return a turn with what it says of a paused referral, and whether that is now over."""
        drafted = kept is not None and kept.draft is not None
        if kept and drafted and not said.form and self._is_silent_since(kept):
            said = replace(said, replied=[*said.replied, *self._reminder(tracker, said.replied)])
        # What was paused may end without its form being open.
        over = bool(said.form or drafted) and not self._is_drafting(tracker)
        return replace(said, ends=over or said.ends)

    def _play(
        self, tracker: Tracker, understood: Understood, begun: Said, telling: Telling
    ) -> tuple[bool, Said]:
        """Return whether an action failed, and all that was said; the tracker is then as before.

        Args:
            tracker: The conversation, which the turn changes.
            understood: The message.
            begun: The turn as it is before anything is replied.
            telling: Told of the replies while the turn goes on.
        """

        def said(items: list[Item]) -> Said:
            replied = [*begun.replied, *items]
            # Answers shown while their form is paused go when it goes.
            form = begun.form or tracker.loop or (self._form if shows_answers(items) else "")
            return replace(begun, replied=replied, form=form)

        slots, before = tracker.slots, tracker.to_json()
        new = Kept(tracker.sender, slots["person"], slots["language"], slots["script"], {})
        turn = Turn(
            self._script,
            tracker,
            self._runner,
            at=self._now().timestamp(),
            said=lambda items: telling.tell(said(items), partial(self._records.save, new)),
        )
        try:
            turn.play(understood)
        except ActionFailed as error:
            items = [*turn.items, self._apology(tracker, error)]
            tracker.restore(before)
            return True, said(items)
        return False, said(turn.items)

    def _remember(self, kept: Kept | None, sender: str) -> tuple[Tracker, Memory]:
        """Return the conversation as it was, or afresh after a long silence without a draft.

        Nothing is remembered of one whose first turn never came to its end.
        """
        tracker = Tracker(sender, self._script.slots)
        state = (kept.draft or kept.state) if kept else {}
        if kept is None or not state:
            return tracker, Memory()
        if kept.draft or not self._is_silent_since(kept):
            tracker.restore(state["tracker"])
        return tracker, Memory(**state["memory"])

    def _is_silent_since(self, kept: Kept) -> bool:
        """Return whether a conversation's session is over."""
        silence = self._now() - (kept.updated_at or self._now())
        return silence >= timedelta(minutes=self._script.session_minutes)

    def _reminder(self, tracker: Tracker, items: Sequence[Item]) -> list[Item]:
        """Tell who comes back of the referral that was paused, unless the reply speaks of it."""
        buttons = [button["payload"] for item in items for button in item.get("buttons", ())]
        if f"/{RESUME}" in buttons or not self._has_answers(tracker):
            return []
        return [render(self._script, WAITING, tracker.slots)]

    def _read(self, tracker: Tracker, memory: Memory, text: str) -> Understood:
        if callable(self._understanding):
            self._understanding = self._understanding()
        meant = {f"/{MY_ANSWER}": INFORM, f"/{MY_QUESTION}": QUESTION}.get(text, "")
        doubted = memory.doubted if meant else ""
        slot = self._script.slots.get(tracker.requested)
        in_form = bool(tracker.loop)
        free_text = in_form and slot is not None and slot.is_free_text
        read = self._understanding.read(
            doubted or text, in_form=in_form, free_text=free_text, asked=tracker.requested
        )
        return replace(read, intent=meant, is_question=meant == QUESTION) if doubted else read

    def _apology(self, tracker: Tracker, error: ActionFailed) -> Item:
        return render(self._script, FAILED, tracker.slots, {"error_id": error.error_id})

    def _keep(self, tracker: Tracker, memory: Memory, said: Said, who: PersonView) -> int:
        """Store the turn and what to remember after it; return the turn's number."""
        take_leave(tracker)
        language, script = tracker.slots["language"], tracker.slots["script"]
        drafting = self._is_drafting(tracker)
        draft = {"tracker": tracker.to_json(), "memory": vars(memory)} if drafting else None
        if drafting or said.form or said.ends:
            tracker.forget(self._passing)
            tracker.close()
            memory = replace(memory, failed="", doubted="")
        state = {"tracker": tracker.to_json(), "memory": vars(memory)}
        kept = Kept(tracker.sender, who.id, language, script, state, draft)
        # What ended the form may itself be an answer; a button's title never is.
        text = "" if said.ends and not said.by_button else said.text
        return self._records.save(kept, replace(said, text=text))

    def _is_drafting(self, tracker: Tracker) -> bool:
        return bool(tracker.loop) or self._has_answers(tracker)

    def _has_answers(self, tracker: Tracker) -> bool:
        return any(tracker.slots.get(name) is not None for name in self._answers)
