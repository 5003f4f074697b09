"""The memory of one conversation: its slots, its open form and its latest events, in Rasa's form.

A snapshot and not a replay: the cost of a turn does not grow with the length of the talk.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from assistant.dialogue.script import Slot

Event = Mapping[str, Any]

LISTEN = "action_listen"
REQUESTED = "requested_slot"
CHANNEL = "rest"
# What actions get to see of the past. Rasa sends the whole session with every call, 8 KB growing to
# 53 KB in 15 turns, and slows down with it.
MOST_EVENTS = 50


class Tracker:
    """One conversation's memory; `apply` is the only way to change it."""

    def __init__(self, sender: str, slots: Mapping[str, Slot]) -> None:
        """Start with the first values of `slots`."""
        self.sender = sender
        self._first = {name: slot.initial for name, slot in slots.items()}
        self.slots: dict[str, Any] = {**self._first, REQUESTED: None}
        self.events: list[dict[str, Any]] = []
        self.latest_message: dict[str, Any] = {}
        self.latest_action = ""
        self.followup = ""
        self.paused = False
        self.loop = ""
        self.rejected = False
        self.trigger: dict[str, Any] = {}
        # What happened since the latest message: (kind, value), for the rules.
        self.turn: list[tuple[str, str]] = []
        self.loop_at_message = ""

    @property
    def requested(self) -> str:
        """The slot that was asked for last, "" when none is."""
        return self.slots.get(REQUESTED) or ""

    def apply(self, events: Iterable[Event], at: float) -> None:
        """Take in `events`, in order; unknown kinds are kept but change nothing.

        Args:
            events: Events as in Rasa's tracker.
            at: When they happened, for those that do not say (seconds since 1970).
        """
        for event in events:
            change = _CHANGES.get(event["event"])
            if change is not None:
                change(self, event)
            self.events.append({**event, "timestamp": event.get("timestamp") or at})
        del self.events[:-MOST_EVENTS]

    def forget(self, slots: Iterable[str]) -> None:
        """Set `slots` back to their first value and drop every event, as events repeat values."""
        for name in (*slots, REQUESTED):
            self.slots[name] = self._first.get(name)
        self.events.clear()
        self.latest_message = {}
        self.trigger = {}

    def as_rasa(self, last: Sequence[Event] = ()) -> dict[str, Any]:
        """Return the tracker as an action gets it, in copies, since rasa-sdk writes into it.

        Args:
            last: Events to put at the very end; the copy shows their slots, the tracker stays.
        """
        ahead = {event["name"]: event["value"] for event in last if event["event"] == "slot"}
        loop: dict[str, Any] = {}
        if self.loop:
            loop = {
                "name": self.loop,
                "is_interrupted": False,
                "rejected": self.rejected,
                "trigger_message": self.trigger,
            }
        return {
            "sender_id": self.sender,
            "slots": {**self.slots, **ahead},
            "latest_message": dict(self.latest_message),
            "latest_event_time": self.events[-1]["timestamp"] if self.events else None,
            "followup_action": self.followup or None,
            "paused": self.paused,
            "events": [*self.events, *last],
            "latest_input_channel": CHANNEL,
            "active_loop": loop,
            "latest_action": {"action_name": self.latest_action} if self.latest_action else {},
            "latest_action_name": self.latest_action or None,
        }

    def to_json(self) -> dict[str, Any]:
        """Return all that must outlive the turn."""
        return self.as_rasa()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `to_json` gave; slots that the script no longer has are dropped."""
        for name, value in state["slots"].items():
            if name in self.slots:
                self.slots[name] = value
        self.events = list(state["events"])
        self.latest_message = dict(state["latest_message"])
        self.latest_action = state["latest_action_name"] or ""
        self.paused = state["paused"]
        self.loop = state["active_loop"].get("name", "")
        self.rejected = state["active_loop"].get("rejected", False)
        self.trigger = state["active_loop"].get("trigger_message", {})

    def _user(self, event: Event) -> None:
        self.latest_message = dict(event["parse_data"])
        self.turn = [("intent", self.latest_message["intent"]["name"])]
        self.loop_at_message = self.loop
        self.followup = ""

    def _action(self, event: Event) -> None:
        name = event["name"]
        self.latest_action = name
        if name == self.followup:
            self.followup = ""
        if name == self.loop:
            self.rejected = False
        if name != LISTEN:
            self.turn.append(("action", name))

    def _slot(self, event: Event) -> None:
        self.slots[event["name"]] = event["value"]

    def _active_loop(self, event: Event) -> None:
        self.loop = event["name"] or ""
        self.rejected = False
        self.turn.append(("active_loop", self.loop))
        if self.loop:
            self.trigger = dict(self.latest_message)
        else:
            self.close()

    def _rejected(self, event: Event) -> None:
        if event["name"] == self.loop:
            self.rejected = True

    def _followup(self, event: Event) -> None:
        self.followup = event["name"] or ""

    def _reset_slots(self, event: Event) -> None:
        self.slots.update(self._first)
        self.slots[REQUESTED] = None

    def _restart(self, event: Event) -> None:
        self._reset_slots(event)
        self.close()
        self.paused = False
        self.followup = ""

    def close(self) -> None:
        """Close the form that is open, if any."""
        self.loop = ""
        self.rejected = False
        self.trigger = {}

    def _pause(self, event: Event) -> None:
        self.paused = event["event"] == "pause"


_CHANGES: dict[str, Callable[[Tracker, Event], None]] = {
    "user": Tracker._user,
    "action": Tracker._action,
    "slot": Tracker._slot,
    "active_loop": Tracker._active_loop,
    "form": Tracker._active_loop,
    "action_execution_rejected": Tracker._rejected,
    "followup": Tracker._followup,
    "reset_slots": Tracker._reset_slots,
    "restart": Tracker._restart,
    "session_started": Tracker._restart,
    "session_ended": Tracker._restart,
    "pause": Tracker._pause,
    "resume": Tracker._pause,
}


def user_event(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that says a person wrote something; actions of others read its text."""
    named = {"text": parsed["text"], "message_id": uuid4().hex}
    return {"event": "user", **named, "parse_data": {**parsed, **named}, "input_channel": CHANNEL}


def slot_event(name: str, value: Any) -> dict[str, Any]:
    """Return the event that sets a slot."""
    return {"event": "slot", "name": name, "value": value}


def action_event(name: str) -> dict[str, Any]:
    """Return the event that says an action ran."""
    return {"event": "action", "name": name}
