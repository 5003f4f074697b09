"""What a person may want of a referral besides answering: to see, change, resume or drop it."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import toolbox
from actions.referral_slots import CHANGE, CONFIRM, FORM, GOES_WITH, KEY, forget_all
from actions.referral_summary import rows_of, say_noted
from actions.told_besides import CORRECTED, corrected
from actions.toolbox import Tools
from actions.words import Voice

Events = list[dict[str, Any]]


class ActionShowAnswers(Action):
    """Shows what was answered so far, also of a referral that was paused."""

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_show_answers"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Show the answers; of a paused referral also the ways on."""
        if not tracker.slots.get(KEY):
            dispatcher.utter_message(response="utter_nothing_open")
            return []
        rows = rows_of(tracker.slots, Voice.of(tracker.slots), self._tools().directory)
        if rows:
            dispatcher.utter_message(response="utter_answers_so_far")
            dispatcher.utter_message(json_message={"data": {"kind": "answers", "fields": rows}})
        else:
            dispatcher.utter_message(response="utter_no_answers_yet")
        if not tracker.active_loop_name:
            dispatcher.utter_message(response="utter_referral_waiting")
        return []


class ActionResumeReferral(Action):
    """Opens a paused referral again, where it was left."""

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_resume_referral"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Open the form, or say that there is nothing to go on with."""
        if not tracker.slots.get(KEY):
            dispatcher.utter_message(response="utter_nothing_open")
            return []
        # An answer that was about to be changed is asked for in the order of the form.
        return [SlotSet(CHANGE, None), FollowupAction(FORM)]


class ActionForgetReferral(Action):
    """Empties the form after a cancel, or before another referral."""

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_forget_referral"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Forget every answer."""
        return forget_all()


class ActionDropReferral(Action):
    """Empties a form that is not open, and says whether there was one."""

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_drop_referral"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Forget every answer of a paused referral; where the wish is only likely, ask first."""
        if not tracker.slots.get(KEY):
            dispatcher.utter_message(response="utter_nothing_open")
            return forget_all()
        said = tracker.latest_message
        clear = str(said.get("text") or "").startswith("/")
        if not clear and (said.get("intent") or {}).get("confidence") != 1:
            dispatcher.utter_message(response="utter_referral_waiting")
            return []
        dispatcher.utter_message(response="utter_cancelled")
        return forget_all()


class ActionPauseReferral(Action):
    """Says that a referral waits; one without an answer does not."""

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_pause_referral"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Keep the answers, if there are any."""
        if rows_of(tracker.slots, Voice.of(tracker.slots), self._tools().directory):
            dispatcher.utter_message(response="utter_paused")
            return []
        dispatcher.utter_message(response="utter_cancelled")
        return forget_all()


class ActionChangeAnswer(Action):
    """Changes the answer that a message gives anew, or asks which one is meant."""

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_change_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Take "put Peja instead of Prizren" as the answer it is."""
        text, directory = str(tracker.latest_message.get("text") or ""), self._tools().directory
        told = {} if text.startswith("/") else corrected(text, CORRECTED, tracker.slots, directory)
        if not told:
            dispatcher.utter_message(response="utter_which_answer")
            return []
        say_noted(told, dispatcher, tracker, directory, key="told.changed")
        emptied = {CONFIRM, *(one for field in told for one in GOES_WITH.get(field, ()))}
        changed = [SlotSet(field, value) for field, value in told.items()]
        return [*(SlotSet(slot, None) for slot in sorted(emptied)), *changed]
