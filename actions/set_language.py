"""Changes the language of a conversation."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.words import Voice, is_cyrillic
from knowledge.language import CYRILLIC, UnknownLanguage, split


class ActionSetLanguage(Action):
    """Speaks the language that was asked for from now on."""

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_set_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Set language and script; the confirmation comes after, so that it is in the new one."""
        asked = next(tracker.get_latest_entity_values("language"), None)
        try:
            language, script = _chosen(str(asked or ""), tracker)
        except UnknownLanguage:
            dispatcher.utter_message(response="utter_language_unknown")
            return []
        said = [SlotSet("language", language), SlotSet("script", script)]
        return [*said, FollowupAction("utter_language_set")]


def _chosen(code: str, tracker: Tracker) -> tuple[str, str]:
    """Return language and script; plain "sr" keeps the script in which the person writes."""
    if code != "sr":
        return split(code)
    voice = Voice.of(tracker.slots)
    typed = str(tracker.latest_message.get("text") or "")
    return split("sr-Cyrl" if is_cyrillic(typed) or voice.script == CYRILLIC else "sr-Latn")
