"""Asks for a whole question where a message names a topic only, or not even that."""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.words import Voice
from knowledge.library import Hit

# The status of an answer that asks back.
CLARIFY = "clarify"
# A message of so few words names a topic; what it asks about it stays open.
MOST_WORDS = 2
MOST_TOPICS = 3


class ActionClarify(Action):
    """Asks what has happened, when a message is only a call for advice."""

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_clarify"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Ask, and say in the data that nothing was answered yet."""
        dispatcher.utter_message(response="utter_clarify")
        code = Voice.of(tracker.slots).code
        answer = {"kind": "answer", "status": CLARIFY, "language": code, "citations": []}
        dispatcher.utter_message(json_message={"data": answer})
        return []


def names_topic_only(question: str) -> bool:
    """Return whether `question` has too few words to tell what is asked."""
    return len(question.split()) <= MOST_WORDS


def offer_topics(dispatcher: CollectingDispatcher, hits: Sequence[Hit], voice: Voice) -> None:
    """Ask which of the documents nearest to a topic is meant; their titles are the buttons."""
    titles = dict.fromkeys(hit.title for hit in hits if hit.language == voice.language)
    shown = [voice.shown(title) for title in titles][:MOST_TOPICS]
    dispatcher.utter_message(
        response="utter_clarify_topics" if shown else "utter_clarify",
        **({"buttons": [{"title": one, "payload": one} for one in shown]} if shown else {}),
    )
