"""Shows the whole referral before it is sent, with a way to change every answer."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import toolbox
from actions.directory import Directory
from actions.referral_slots import CONFIRM, FORM
from actions.referrals.fields import OPTIONS, needed_fields
from actions.toolbox import Tools
from actions.words import Voice, button


class AskConfirm(Action):
    """Asks for the explicit "send"."""

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    def name(self) -> str:
        """Name of the action in the domain, as Rasa's forms look for it."""
        return f"action_ask_{FORM}_{CONFIRM}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Show every answer, then the buttons."""
        voice, slots = Voice.of(tracker.slots), tracker.slots
        rows = rows_of(slots, voice, self._tools().directory)
        fields = [row["field"] for row in rows]
        dispatcher.utter_message(response="utter_referral_summary")
        dispatcher.utter_message(json_message={"data": {"kind": "summary", "fields": rows}})
        dispatcher.utter_message(
            response=f"utter_ask_{FORM}_{CONFIRM}", buttons=_buttons(fields, voice)
        )
        return []


def rows_of(slots: Mapping[str, Any], voice: Voice, directory: Directory) -> list[dict[str, str]]:
    """Return every answer given so far as a reader sees it: {"field", "label", "value"}."""
    fields = [field for field in needed_fields(slots) if slots.get(field)]
    return [_row(field, slots[field], voice, directory) for field in fields]


def say_noted(
    told: Mapping[str, Any],
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    directory: Directory,
    *,
    key: str,
) -> None:
    """Say what was understood of a typed message, with a button to change each; nothing if empty.

    Args:
        told: Values by field.
        dispatcher: Says it.
        tracker: The conversation, for its language.
        directory: The municipalities.
        key: The words to say it with.
    """
    if not told:
        return
    voice = Voice.of(tracker.slots)
    rows = [_row(field, value, voice, directory) for field, value in told.items()]
    noted = "; ".join(f"{row['label']}: {row['value']}" for row in rows)
    dispatcher.utter_message(text=voice.say(key, noted=noted), buttons=_changes(list(told), voice))


def _row(field: str, value: Any, voice: Voice, directory: Directory) -> dict[str, str]:
    label = voice.say(f"field.{field}")
    return {"field": field, "label": label, "value": shown_value(field, value, voice, directory)}


def shown_value(field: str, value: Any, voice: Voice, directory: Directory) -> str:
    """Return what a reader sees for a stored value; what a person typed stays as it was typed."""
    if isinstance(value, list | tuple):
        return ", ".join(shown_value(field, one, voice, directory) for one in value)
    if field == "municipality":
        found = directory.by_code(value)
        return voice.name_of(found) if found else str(value)
    return voice.say(f"{field}.{value}") if field in OPTIONS else str(value)


def _buttons(fields: list[str], voice: Voice) -> list[dict[str, str]]:
    send = {"title": voice.say("button.send"), "payload": "/send_referral"}
    cancel = {"title": voice.say("button.cancel"), "payload": "/cancel"}
    return [send, *_changes(fields, voice), cancel]


def _changes(fields: list[str], voice: Voice) -> list[dict[str, str]]:
    return [
        button(
            voice.say("button.change", field=voice.say(f"field.{field}")),
            "field",
            field,
            intent="change_answer",
        )
        for field in fields
    ]
