"""What a person may want of a referral besides answering: to see, change, resume or drop it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import toolbox
from actions.referral_slots import CHANGE, FORM, KEY, emptied_by, forget_all
from actions.referral_summary import rows_of, say_noted
from actions.told_besides import CORRECTED, corrected
from actions.toolbox import Tools
from actions.words import Voice

Events = list[dict[str, Any]]


class ReferralAction(Action, ABC):
    """What the actions of this file share."""

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    @property
    @abstractmethod
    def called(self) -> str:
        """The name in the domain."""

    def name(self) -> str:
        """Name of the action in the domain."""
        return self.called

    def _rows(self, tracker: Tracker) -> list[dict[str, str]]:
        """Return what was answered so far, as a reader sees it."""
        return rows_of(tracker.slots, Voice.of(tracker.slots), self._tools().directory)


class ActionShowAnswers(ReferralAction):
    """Shows what was answered so far, also of a referral that was paused."""

    called = "action_show_answers"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Show the answers; of a paused referral also the ways on."""
        if not tracker.slots.get(KEY):
            dispatcher.utter_message(response="utter_nothing_open")
            return []
        rows = self._rows(tracker)
        if rows:
            dispatcher.utter_message(response="utter_answers_so_far")
            dispatcher.utter_message(json_message={"data": {"kind": "answers", "fields": rows}})
        else:
            dispatcher.utter_message(response="utter_no_answers_yet")
        if not tracker.active_loop_name:
            dispatcher.utter_message(response="utter_referral_waiting")
        return []


class ActionResumeReferral(ReferralAction):
    """Opens a paused referral again, where it was left."""

    called = "action_resume_referral"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Open the form, or say that there is nothing to go on with."""
        if not tracker.slots.get(KEY):
            dispatcher.utter_message(response="utter_nothing_open")
            return []
        # An answer that was about to be changed is asked for in the order of the form.
        return [SlotSet(CHANGE, None), FollowupAction(FORM)]


class ActionForgetReferral(ReferralAction):
    """Empties the form after a cancel, or before another referral."""

    called = "action_forget_referral"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Forget every answer."""
        return forget_all()


class ActionDropReferral(ReferralAction):
    """Empties a form that is not open, and says whether there was one."""

    called = "action_drop_referral"

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


class ActionPauseReferral(ReferralAction):
    """Says that a referral waits; one without an answer does not."""

    called = "action_pause_referral"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Keep the answers, if there are any."""
        if self._rows(tracker):
            dispatcher.utter_message(response="utter_paused")
            return []
        dispatcher.utter_message(response="utter_cancelled")
        return forget_all()


class ActionChangeAnswer(ReferralAction):
    """Changes the answer that a message gives anew, or asks which one is meant."""

    called = "action_change_answer"

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
        changed = [SlotSet(field, value) for field, value in told.items()]
        return [*(SlotSet(slot, None) for slot in emptied_by(told)), *changed]
