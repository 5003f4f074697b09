"""Runs a form: checks what was said, decides what is asked next, steps back; says nothing itself.

The order of work, and what `validate_<form>` is shown, are Rasa 3.6's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from assistant.dialogue.extraction import extract_from_trigger
from assistant.dialogue.script import Form, Script
from assistant.dialogue.script_checks import question_for
from assistant.dialogue.tracker import REQUESTED, Event, Tracker, action_event, slot_event

# Runs an action on the tracker with these events at its end, shows what it says, returns its
# events without applying them.
Call = Callable[[str, list[Event]], list[Event]]
Apply = Callable[..., None]


@dataclass(frozen=True)
class FormStep:
    """What a run of the form came to: it asks by `question`, is done, or turned the message away.

    `question` is the name of an action or response, "" when the form is done or turned it away.
    """

    question: str = ""
    rejected: bool = False


class FormRunner:
    """Moves one form of one conversation on by one message."""

    def __init__(self, script: Script, tracker: Tracker, *, call: Call, apply: Apply) -> None:
        """Hold what a run needs.

        Args:
            script: The script.
            tracker: The conversation.
            call: Runs an action and returns its events.
            apply: Takes events into the tracker.
        """
        self._script = script
        self._tracker = tracker
        self._call = call
        self._apply = apply

    def run(self, form: Form, candidates: Mapping[str, Any]) -> FormStep:
        """Check `candidates`, close the form or choose the next question.

        Args:
            form: The form to run; it is opened when it is not yet open.
            candidates: What the latest message said about slots, not yet checked.
        """
        tracker = self._tracker
        interrupted, opening = tracker.rejected, tracker.loop != form.name
        if opening:
            said = self._open(form)
        else:
            wanted = {*form.required_slots, tracker.requested}
            said = {} if interrupted else _only(candidates, wanted)
        events = self._validate(form, said)
        checked = [event for event in events if _sets_slot(event)]
        if not (said or checked or interrupted or opening) and tracker.requested:
            self._apply([{"event": "action_execution_rejected", "name": form.name}])
            return FormStep(rejected=True)
        # What the validation passed over (a slot that this case does not need) is not believed.
        named = {event["name"] for event in checked}
        passed_over = [slot_event(name, None) for name in said if name not in named]
        if not opening:
            self._apply([action_event(form.name)])
        self._apply([*passed_over, *events])
        return self._ask(form, events)

    def back(self, form: Form) -> bool:
        """Empty the answer before the present question; return False at the first question.

        By the order of the form: who changed an early answer at the end still goes back from there.
        """
        before = takewhile(lambda slot: slot != self._tracker.requested, form.required_slots)
        answered = [slot for slot in before if self._tracker.slots[slot] is not None]
        if not answered:
            return False
        self._apply([slot_event(answered[-1], None)])
        return True

    def _open(self, form: Form) -> dict[str, Any]:
        """Open the form; return what is already known and must be checked first."""
        known = extract_from_trigger(self._script, self._tracker, form.name)
        self._apply([action_event(form.name), {"event": "active_loop", "name": form.name}])
        self._apply([slot_event(name, value) for name, value in known.items()])
        slots = self._tracker.slots
        return {name: slots[name] for name in form.required_slots if slots[name] is not None}

    def _validate(self, form: Form, said: Mapping[str, Any]) -> list[Event]:
        name = f"validate_{form.name}"
        candidates: list[Event] = [slot_event(slot, value) for slot, value in said.items()]
        if name not in self._script.actions:
            return candidates
        # rasa-sdk takes the run of slot events at the very end for what is to be checked: the
        # form's own action must stand before them, and nothing after.
        requested = slot_event(REQUESTED, self._tracker.requested or None)
        return self._call(name, [requested, action_event(form.name), *candidates])

    def _ask(self, form: Form, events: list[Event]) -> FormStep:
        slots = self._tracker.slots
        told = [event for event in events if event.get("name") == REQUESTED]
        if not self._tracker.loop:
            following = None
        elif told:
            following = told[-1]["value"]
        else:
            following = next((name for name in form.required_slots if slots[name] is None), None)
        if following is None:
            closing = [slot_event(REQUESTED, None), {"event": "active_loop", "name": None}]
            self._apply(closing)
            return FormStep()
        self._apply([slot_event(REQUESTED, following)])
        return FormStep(question=question_for(form.name, following, self._script.domain))


def _only(candidates: Mapping[str, Any], wanted: set[str]) -> dict[str, Any]:
    return {name: value for name, value in candidates.items() if name in wanted}


def _sets_slot(event: Event) -> bool:
    return bool(event["event"] == "slot" and event["name"] != REQUESTED)
