"""Sends a referral that was confirmed, and forgets one that was not to be sent."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import toolbox
from actions.identity import Identity
from actions.referral_slots import CONFIRM, FORM, KEY, SEND, forget_all
from actions.referrals.fields import FieldsRefused, check_all
from actions.referrals.log import KeyReused, NewReferral, Receipt
from actions.referrer import ReferrerRefused, referrer
from actions.toolbox import Tools
from actions.words import Voice

Events = list[dict[str, Any]]


class ActionLogReferral(Action):
    """Logs what was confirmed, for the person whom the signed token names.

    A failure of the log is not caught: the answers then stay in the conversation, and the same
    "send" may be tried again without making a second referral.
    """

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_log_referral"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Log the referral and say its number; without a right or a "send", log nothing."""
        slots, tools = tracker.slots, self._tools()
        try:
            identity = referrer(self._tools, tracker)
        except ReferrerRefused as why:
            dispatcher.utter_message(response=why.response)
            return []
        if slots.get(CONFIRM) != SEND:
            dispatcher.utter_message(response="utter_nothing_to_send")
            return []
        try:
            checked = check_all(slots, tools.directory)
        except FieldsRefused as why:
            return _ask_again(why, dispatcher, tracker)
        receipt = self._log(checked, identity, tracker)
        dispatcher.utter_message(response="utter_referral_logged", number=receipt.number)
        data = {"kind": "referral", "number": receipt.number, "status": receipt.status}
        dispatcher.utter_message(json_message={"data": data})
        return forget_all()

    def _log(self, checked: dict[str, Any], identity: Identity, tracker: Tracker) -> Receipt:
        new = NewReferral.of(
            checked,
            role=identity.role,
            institution=identity.institution,
            language=Voice.of(tracker.slots).code,
        )
        log = self._tools().referrals
        key = tracker.slots.get(KEY) or uuid4().hex
        try:
            return log.add(new, author=identity.person, key=f"{tracker.sender_id}:{key}")
        except KeyReused:
            # Sent before without our reply arriving, then changed: what stands now is a new one.
            return log.add(new, author=identity.person, key=f"{tracker.sender_id}:{uuid4().hex}")


def _ask_again(why: FieldsRefused, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Empty what cannot be taken and open the form again; the other answers stay."""
    voice = Voice.of(tracker.slots)
    first = next(iter(why.refused.values()))
    dispatcher.utter_message(text=voice.say(f"refused.{first.code}", **first.limits))
    emptied = [SlotSet(field, None) for field in (*why.refused, CONFIRM)]
    return [*emptied, FollowupAction(FORM)]
