"""Asks the questions of the referral form, with a button for each answer where those are fixed.

With every question goes, as data, how far the form has come.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import toolbox
from actions.emergency import emergency_numbers
from actions.option_words import category_groups
from actions.referral_slots import FORM, GROUP
from actions.referrals.fields import OPTIONS, consents_for, needed_fields
from actions.toolbox import Tools
from actions.validate_referral import ALL_GROUPS
from actions.words import Voice, button

Buttons = list[dict[str, str]]


class AskField(Action, ABC):
    """Asks for one field; the question stands in config/domain."""

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    @property
    @abstractmethod
    def field(self) -> str:
        """The field that is asked for."""

    def name(self) -> str:
        """Name of the action in the domain, as Rasa's forms look for it."""
        return f"action_ask_{FORM}_{self.field}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the question with its buttons, then hand over which question it is."""
        voice = Voice.of(tracker.slots)
        dispatcher.utter_message(
            response=self.question(tracker.slots),
            buttons=self.buttons(voice, tracker.slots),
            **self.values(voice),
        )
        dispatcher.utter_message(json_message={"data": progress(self.field, tracker.slots)})
        return []

    def question(self, slots: Mapping[str, Any]) -> str:
        """Return the name of the response that asks."""
        return f"utter_ask_{FORM}_{self.field}"

    def buttons(self, voice: Voice, slots: Mapping[str, Any]) -> Buttons:
        """Return a button for each fixed answer; none where the answer is written."""
        return []

    def values(self, voice: Voice) -> dict[str, str]:
        """Return what is filled into the question."""
        return {}


class AskChoice(AskField, ABC):
    """Asks for a field with fixed answers, whose words stand in config/interface."""

    def buttons(self, voice: Voice, slots: Mapping[str, Any]) -> Buttons:
        """Return a button for each option."""
        return [
            button(voice.say(f"{self.field}.{option}"), self.field, option)
            for option in self.options(slots)
        ]

    def options(self, slots: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the options that make sense after the answers so far."""
        return OPTIONS[self.field]


class AskCategory(AskChoice):
    """Asks for the kind of case in two small steps: first the group, then the kinds in it."""

    field = "category"

    def question(self, slots: Mapping[str, Any]) -> str:
        """Return the first question, or the shorter one of the second step."""
        return "utter_referral_which_kind" if slots.get(GROUP) else super().question(slots)

    def buttons(self, voice: Voice, slots: Mapping[str, Any]) -> Buttons:
        """Return the groups, or the kinds in the chosen group and a way back."""
        groups = category_groups()
        chosen = str(slots.get(GROUP))
        if chosen not in groups:
            return [button(voice.say(f"group.{one}"), "category", one) for one in groups]
        kinds = [button(voice.say(f"category.{one}"), "category", one) for one in groups[chosen]]
        return [*kinds, button(voice.say("button.other_kinds"), "category", ALL_GROUPS)]


class AskPersonGroup(AskChoice):
    """Asks who it is about."""

    field = "person_group"


class AskMunicipality(AskField):
    """Asks where support is needed."""

    field = "municipality"


class AskUrgency(AskChoice):
    """Asks how urgent it is, with what each degree means on its button."""

    field = "urgency"

    def buttons(self, voice: Voice, slots: Mapping[str, Any]) -> Buttons:
        """Return a button for each degree; a client that knows no "help" shows the title alone."""
        degrees = zip(self.options(slots), super().buttons(voice, slots), strict=True)
        return [{**one, "help": voice.say(f"urgency_help.{degree}")} for degree, one in degrees]


class AskEmergencyCalled(AskChoice):
    """Asks whether help was called, with the numbers to call."""

    field = "emergency_called"

    def values(self, voice: Voice) -> dict[str, str]:
        """Return the national numbers."""
        return emergency_numbers(self._tools().directory)


class AskConcernFacts(AskField):
    """Asks what was seen or heard."""

    field = "concern_facts"


class AskDoneSoFar(AskField):
    """Asks what was tried."""

    field = "done_so_far"


class AskWantedService(AskChoice):
    """Asks what kind of support is wanted."""

    field = "wanted_service"


class AskConsentStatus(AskChoice):
    """Asks whether the person agreed; for a child, whether the carer did."""

    field = "consent_status"

    def options(self, slots: Mapping[str, Any]) -> tuple[str, ...]:
        """Leave out who cannot be meant."""
        return consents_for(slots.get("person_group"))


class AskLegalBasis(AskChoice):
    """Asks on which ground the case is passed on without agreement."""

    field = "legal_basis_without_consent"


class AskReferrerContact(AskField):
    """Asks how DPRRP reaches who refers."""

    field = "referrer_contact"


def progress(field: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    """Return which question of how many `field` is, as data for the widget.

    Answers are counted and not places in the order of asking: what was known from the start is not
    counted twice, and who changes one answer at the end is at the last question again.
    """
    needed = needed_fields(slots)
    answered = [one for one in needed if one != field and slots.get(one) is not None]
    step = len(answered) + 1
    return {"kind": "question", "field": field, "step": step, "total": len(needed)}
