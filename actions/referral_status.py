"""Tells the sender of a referral, and nobody else, where it stands."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import toolbox
from actions.identity import NotSignedIn
from actions.referrals.log import OFFICE_TIME, Reader, ReferralNotFound
from actions.referrals.numbers import find_number, looks_like_number
from actions.toolbox import Tools
from actions.words import Voice


class ActionReferralStatus(Action):
    """Says in plain words what became of the referral that was asked about, else of the last."""

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_referral_status"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Read the referral, which leaves its trace, and say where it stands."""
        tools = self._tools()
        try:
            identity = tools.seal.verify(tracker.slots.get("identity_token"), tracker.sender_id)
        except NotSignedIn:
            dispatcher.utter_message(response="utter_please_sign_in")
            return []
        asked = _asked(tracker)
        number = find_number(asked)
        if number is None and looks_like_number(asked):
            # A slip in the number must not be answered with another referral.
            dispatcher.utter_message(response="utter_referral_not_found")
            return []
        if number is None:
            own = tools.referrals.own(identity.person)
            number = own[0].number if own else None
        if number is None:
            dispatcher.utter_message(response="utter_no_referrals")
            return []
        # Without the right to read all: also an officer hears here of their own referrals only.
        reader = Reader(person=identity.person, role=identity.role)
        try:
            referral = tools.referrals.read(number, reader)
        except ReferralNotFound:
            dispatcher.utter_message(response="utter_referral_not_found")
            return []
        voice = Voice.of(tracker.slots)
        dispatcher.utter_message(
            response="utter_referral_status",
            number=referral.number,
            status=voice.say(f"status.{referral.status}"),
            meaning=voice.say(f"status_help.{referral.status}"),
            date=referral.changed_at.astimezone(OFFICE_TIME).strftime("%d.%m.%Y"),
        )
        data = {"kind": "referral", "number": referral.number, "status": referral.status}
        dispatcher.utter_message(json_message={"data": data})
        return []


def _asked(tracker: Tracker) -> str:
    """Return where a number may stand: in the message, or in what a button carried."""
    entities = tracker.latest_message.get("entities") or []
    carried = [str(one["value"]) for one in entities if one.get("entity") == "number"]
    return " ".join([*carried, str(tracker.latest_message.get("text") or "")])
