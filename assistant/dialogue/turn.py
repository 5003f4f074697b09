"""Plays one turn: the actions that follow one message, up to the point where the person speaks."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from assistant.dialogue.action_runner import (
    ActionFailed,
    ActionRejected,
    ActionResult,
    ActionRunner,
)
from assistant.dialogue.extraction import extract
from assistant.dialogue.forms import FormRunner
from assistant.dialogue.policy import FALLBACK, next_action
from assistant.dialogue.responses import Item, render, render_reply
from assistant.dialogue.script import Form, Script
from assistant.dialogue.tracker import (
    LISTEN,
    REQUESTED,
    Event,
    Tracker,
    action_event,
    slot_event,
    user_event,
)
from assistant.dialogue.understanding import EMERGENCY, INFORM, QUESTION, Understood

# Rasa's limit; a script whose rules run in a circle stops here.
MOST_ACTIONS = 10
EMERGENCY_ACTION = "action_emergency"
ANSWER_ACTION = "action_answer_question"
# An answer that answers nothing.
EMPTY = ("abstained", "clarify")
# What is said when even the emergency panel's own action fails: numbers only, from the script.
EMERGENCY_PLAIN = "utter_emergency_plain"
FIRST_QUESTION = "utter_first_question"


class Turn:
    """One turn of one conversation; `items` is what was said so far, in order."""

    def __init__(
        self,
        script: Script,
        tracker: Tracker,
        runner: ActionRunner,
        *,
        at: float,
        said: Callable[[list[Item]], None] = lambda _items: None,
    ) -> None:
        """Hold what the turn needs.

        Args:
            script: The script.
            tracker: The conversation, which the turn changes.
            runner: Runs the actions.
            at: When the turn happens, in seconds since 1970.
            said: Called with `items` after each action; what stands there is not taken back.
        """
        self.items: list[Item] = []
        self._script = script
        self._tracker = tracker
        self._runner = runner
        self._at = at
        self._said = said
        self._form = FormRunner(script, tracker, call=self._call, apply=self._apply)
        self._found: dict[str, Any] = {}

    def play(self, understood: Understood) -> None:
        """Do and say everything that follows what was `understood`; never ends without a word.

        Raises:
            ActionFailed: An action did not come to its end. What was said before stands in `items`;
                the tracker is half-way and not to be kept.
        """
        panel_first = understood.is_danger
        if understood.is_danger and self._is_only_danger(understood):
            understood, panel_first = replace(understood, intent=EMERGENCY), False
        self._apply([user_event(understood.as_rasa())])
        if panel_first:
            self._show_panel()
            self._said(self.items)
        self._extract()
        for _ in range(MOST_ACTIONS):
            name = next_action(self._script, self._tracker)
            if name == LISTEN:
                break
            self._run(name)
            self._said(self.items)
        if understood.intent == EMERGENCY and understood.is_danger and not self._tracker.loop:
            self._answer_too(understood)
        if not self.items:
            self._say(FALLBACK)
        self._apply([action_event(LISTEN)])

    def _is_only_danger(self, understood: Understood) -> bool:
        """Say whether danger is all there is to a message.

        A free text is kept as the answer it is, and a command is carried out, after the panel.
        """
        if self._waits_for_free_text():
            return False
        return understood.intent in (QUESTION, INFORM)

    def _waits_for_free_text(self) -> bool:
        slot = self._script.slots.get(self._tracker.requested)
        return bool(self._tracker.loop) and slot is not None and slot.is_free_text

    def _show_panel(self) -> None:
        self._call_safely(EMERGENCY_ACTION)

    def _answer_too(self, understood: Understood) -> None:
        """Let the library answer after the panel, as the alarm may be a false one.

        Somebody who tells of danger and asks nothing is not told that nothing was found.
        """
        said = len(self.items)
        self._run_action(ANSWER_ACTION)
        cards = [item["custom"]["data"] for item in self.items[said:] if "custom" in item]
        if not understood.is_question and any(one["status"] in EMPTY for one in cards):
            del self.items[said:]

    def _extract(self) -> None:
        """Keep what belongs to no open form at once; the form checks the rest first."""
        self._found = extract(self._script, self._tracker)
        if not self._tracker.loop:
            self._apply([slot_event(name, value) for name, value in self._found.items()])

    def _run(self, name: str) -> None:
        if name in self._script.forms:
            self._run_form(self._script.forms[name])
        elif name == "action_deactivate_loop":
            closing = [slot_event(REQUESTED, None), {"event": "active_loop", "name": None}]
            self._apply([action_event(name), *closing])
        elif name == "action_back":
            self._back()
        elif name in self._script.responses:
            self._apply([action_event(name)])
            self._say(name)
        else:
            self._run_action(name)

    def _run_form(self, form: Form) -> None:
        step = self._form.run(form, self._found)
        if not step.question:
            return
        if step.question in self._script.responses:
            self._say(step.question)
        else:
            self._apply(self._call(step.question, []))

    def _back(self) -> None:
        self._apply([action_event("action_back")])
        form = self._script.forms.get(self._tracker.loop)
        if form is None or not self._form.back(form):
            self._say(FIRST_QUESTION)

    def _run_action(self, name: str) -> None:
        if name == EMERGENCY_ACTION:
            self._apply([action_event(name)])
            self._call_safely(name)
            return
        try:
            events = self._call(name, [])
        except ActionRejected:
            events = [{"event": "action_execution_rejected", "name": name}]
        self._apply([action_event(name), *events])

    def _call_safely(self, name: str) -> None:
        """Run an action that must never end in silence or in an apology."""
        try:
            self._apply(self._call(name, []))
        except (ActionFailed, ActionRejected):
            self._say(EMERGENCY_PLAIN)
            panel = {"kind": "answer", "status": EMERGENCY, "citations": []}
            self.items.append({"custom": {"data": panel}})

    def _call(self, name: str, last: list[Event]) -> list[Event]:
        """Run an action, show what it says, and return its events without applying them."""
        state = self._tracker.as_rasa(last)
        result: ActionResult = self._runner.run(name, state, self._script.domain)
        # What is said about a change of language is said in the new one.
        voice = {
            event["name"]: event["value"]
            for event in result.events
            if event["event"] == "slot" and event["name"] in ("language", "script")
        }
        slots = {**self._tracker.slots, **voice}
        for reply in result.replies:
            self._add(render_reply(self._script, reply, slots))
        return list(result.events)

    def _say(self, name: str) -> None:
        self._add(render(self._script, name, self._tracker.slots))

    def _add(self, item: Item) -> None:
        if item:
            self.items.append(item)

    def _apply(self, events: Iterable[Event]) -> None:
        self._tracker.apply(events, self._at)
