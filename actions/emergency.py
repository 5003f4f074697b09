"""Shows the emergency numbers and what to do first."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import toolbox
from actions.directory import Directory
from actions.toolbox import Tools
from actions.words import Voice


class ActionEmergency(Action):
    """Puts the numbers to call before anything else."""

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_emergency"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Say what to do now, then hand the numbers over as data for the panel."""
        directory, voice = self._tools().directory, Voice.of(tracker.slots)
        dispatcher.utter_message(response="utter_emergency", **emergency_numbers(directory))
        panel = {
            "kind": "answer",
            "status": "emergency",
            "language": voice.code,
            "citations": [],
            "numbers": _numbers(directory, voice),
        }
        dispatcher.utter_message(json_message={"data": panel})
        return []


def emergency_numbers(directory: Directory) -> dict[str, str]:
    """Return the national numbers as the responses name them: {police} and {emergency}."""
    return {line.id: line.number for line in directory.helplines if line.national}


def _numbers(directory: Directory, voice: Voice) -> list[dict[str, Any]]:
    return [
        {
            "id": line.id,
            "name": voice.name_of(line),
            "number": line.number,
            "source": line.source,
            "confirmed_on": line.confirmed_on.isoformat() if line.confirmed_on else None,
        }
        for line in directory.helplines
    ]
