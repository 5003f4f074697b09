"""Checks each answer of the referral form and says in plain words what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT, FormValidationAction

from actions import toolbox
from actions.directory import Municipality
from actions.emergency import ActionEmergency, emergency_numbers
from actions.option_words import category_groups, is_send_word, options_in
from actions.referral_slots import CHANGE, CONFIRM, FORM, GROUP, KEY, SEND, emptied_by, forget_all
from actions.referral_summary import say_noted
from actions.referrals.fields import (
    FIELDS,
    OPTIONS,
    FieldRefused,
    check,
    consents_for,
    needed_fields,
)
from actions.referrer import MayNotRefer, ReferrerRefused, referrer
from actions.told_besides import corrected, corrected_by, further
from actions.toolbox import Tools
from actions.words import Voice, button

# Short names: every validator below takes what rasa-sdk hands it.
Answers = dict[str, Any]
Events = list[dict[str, Any]]
Domain = Mapping[str, Any]
ALL_GROUPS = "all"
EMERGENCY = "emergency"


def _validator(field: str) -> Callable[..., Answers]:
    """Return the method that rasa-sdk looks for under the name of each slot."""

    def validate(
        form: "ValidateReferralForm",
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        _domain: Domain,
    ) -> Answers:
        return form.take(field, value, dispatcher, tracker)

    return validate


class ValidateReferralForm(FormValidationAction):
    """Keeps an answer in the form that is stored, or empties its slot so that it is asked again."""

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    def name(self) -> str:
        """Name of the action in the domain."""
        return f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[dict[str, Any]]:
        """Check what was answered; at the first call, name this referral.

        The name makes sending idempotent: a second "send" of the same form is the same referral.
        Who may not refer is told so before the first question, and the form closes. So does it
        when another referral waits unfinished: its answers must not become those of this one.
        """
        try:
            referrer(self._tools, tracker)
        except ReferrerRefused as why:
            dispatcher.utter_message(response=why.response)
            return _closed(why)
        if _begins_beside_another(tracker):
            dispatcher.utter_message(response="utter_referral_waiting")
            return _left_waiting(tracker)
        if _intent(tracker) == EMERGENCY and tracker.slots_to_validate():
            # A text that tells of danger is kept as the answer it is, but the numbers come first.
            ActionEmergency(self._tools).run(dispatcher, tracker, domain)
        emptied = self._hear_besides(dispatcher, tracker, domain)
        events: Events = [*emptied, *await super().run(dispatcher, tracker, domain)]
        if not tracker.slots.get(KEY):
            events.append(SlotSet(KEY, uuid4().hex))
        return events

    def _hear_besides(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        """Take in what a typed message says beside what was asked; return what is emptied by it.

        The values join what is to be checked.
        """
        text, asked = _typed(tracker), str(tracker.slots.get(REQUESTED_SLOT) or "")
        if text.startswith("/") or not _is_answer(tracker, domain):
            return []
        directory = self._tools().directory
        told = corrected_by(text, asked, tracker.slots, directory) if asked else {}
        if told:
            _turn_away(tracker, asked)
            emptied = [asked, *emptied_by(told)]
            say_noted(told, dispatcher, tracker, directory, key="told.changed")
        elif asked in OPTIONS or asked in ("municipality", ""):
            told, emptied = further(text, asked, tracker.slots, directory), []
            say_noted(told, dispatcher, tracker, directory, key="told.noted")
        else:
            return []
        events: Events = [SlotSet(slot, None) for slot in dict.fromkeys(emptied)]
        tracker.slots.update(dict.fromkeys(emptied))
        tracker.add_slots([SlotSet(field, value) for field, value in told.items()])
        return events

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Domain,
    ) -> list[str]:
        """Return the slots to fill, given the answers so far."""
        changing = [CHANGE] if tracker.slots.get(CHANGE) else []
        return [*changing, *needed_fields(tracker.slots), CONFIRM]

    def validate_category(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Answers:
        """Take a kind of case, or the name of a group whose kinds are then offered."""
        groups = category_groups()
        if value == ALL_GROUPS:
            return {"category": None, GROUP: None}
        if value not in groups and options_in("category", str(value), OPTIONS["category"]):
            return self.take("category", value, dispatcher, tracker)
        named = [value] if value in groups else options_in("group", str(value), groups)
        if len(named) == 1:
            return {"category": None, GROUP: named[0]}
        return self.take("category", value, dispatcher, tracker)

    validate_person_group = _validator("person_group")
    validate_municipality = _validator("municipality")
    validate_urgency = _validator("urgency")
    validate_concern_facts = _validator("concern_facts")
    validate_done_so_far = _validator("done_so_far")
    validate_wanted_service = _validator("wanted_service")
    validate_legal_basis_without_consent = _validator("legal_basis_without_consent")
    validate_referrer_contact = _validator("referrer_contact")

    def validate_consent_status(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Answers:
        """Take who agreed: for a child a carer, for an adult nobody else."""
        taken = self.take("consent_status", value, dispatcher, tracker)
        given, group = taken["consent_status"], tracker.slots.get("person_group")
        if given is not None and group and given not in consents_for(group):
            _refuse(dispatcher, tracker, FieldRefused("consent_of_another"))
            return {"consent_status": None}
        return taken

    def validate_emergency_called(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Answers:
        """Take whether help was called; when it was not, a call comes before the next question."""
        taken = self.take("emergency_called", value, dispatcher, tracker)
        if taken["emergency_called"] == "no":
            numbers = emergency_numbers(self._tools().directory)
            dispatcher.utter_message(response="utter_referral_call_first", **numbers)
        return taken

    def validate_confirm(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Answers:
        """Take "send" when it was pressed or written just now; a yes is not enough.

        What a conversation still remembers of an earlier attempt does not send a second one.
        """
        message = _typed(tracker)
        if message.startswith("/send_referral") or is_send_word(message):
            return {CONFIRM: SEND}
        if message and not message.startswith("/start_referral"):
            _refuse(dispatcher, tracker, FieldRefused("not_sent_yet"))
        return {CONFIRM: None}

    def validate_change_field(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Answers:
        """Empty the answer that shall change, with what depends on it; it is then asked again."""
        if value not in needed_fields(tracker.slots):
            _refuse(dispatcher, tracker, FieldRefused("unknown_field"))
            return {CHANGE: None}
        emptied = (CHANGE, value, *emptied_by([value]))
        directory, text = self._tools().directory, _typed(tracker)
        # "Change the municipality to Pejë" says all there is to say.
        told = {} if text.startswith("/") else corrected(text, [value], tracker.slots, directory)
        say_noted(told, dispatcher, tracker, directory, key="told.changed")
        return {**dict.fromkeys(emptied, None), **told}

    def take(
        self, field: str, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Answers:
        """Return the slot with the checked `value`, or empty it and say why."""
        # A button pressed while free text is asked for is no text; whatever it means, ask again.
        if isinstance(value, str) and value.startswith("/"):
            return {field: None}
        directory = self._tools().directory
        try:
            # Codes are for buttons: typed "KAM" is "I have", not Kamenica.
            if field == "municipality" and directory.by_code(value) and value == _typed(tracker):
                raise FieldRefused("unknown_municipality")
            return {field: check(field, _meant(field, value), directory)}
        except FieldRefused as why:
            asked = why.code == "ambiguous_municipality"
            _refuse(dispatcher, tracker, why, places=directory.candidates(value) if asked else ())
            return {field: None}


def _begins_beside_another(tracker: Tracker) -> bool:
    """Return whether a new referral is begun while one that was paused still has its answers."""
    return bool(
        _intent(tracker) == "start_referral"
        and not tracker.slots.get(REQUESTED_SLOT)
        and tracker.slots.get(KEY)
    )


def _intent(tracker: Tracker) -> str:
    return str((tracker.latest_message.get("intent") or {}).get("name"))


def _is_answer(tracker: Tracker, domain: Domain) -> bool:
    """Return whether the latest message may answer: not so a question or a command."""
    intent = _intent(tracker)
    if not tracker.slots.get(REQUESTED_SLOT):
        return intent == "start_referral"
    return intent not in domain["forms"][FORM]["ignored_intents"]


def _turn_away(tracker: Tracker, slot: str) -> None:
    """Take `slot` out of what is to be checked: the message was about something else."""
    last = len(tracker.events)
    while last and tracker.events[last - 1]["event"] == "slot":
        last -= 1
    candidates = [one for one in tracker.events[last:] if one["name"] != slot]
    tracker.events[last:] = candidates


def _closed(why: ReferrerRefused) -> list[dict[str, Any]]:
    """Return the events that close the form without a further word; Rasa's forms obey them too.

    Whoever must only sign in again finds the answers kept.
    """
    emptied = forget_all() if isinstance(why, MayNotRefer) else [SlotSet(CONFIRM, None)]
    return [*emptied, *_closing()]


def _left_waiting(tracker: Tracker) -> Events:
    """Return the events that close the form and keep all that waits.

    It is named again, as what a validation passes over is not believed.
    """
    waiting = {field: tracker.slots.get(field) for field in FIELDS}
    kept = [SlotSet(field, value) for field, value in waiting.items() if value is not None]
    return [*kept, *_closing()]


def _closing() -> Events:
    return [SlotSet(REQUESTED_SLOT, None), ActiveLoop(None), FollowupAction("action_listen")]


def _meant(field: str, value: Any) -> Any:
    """Return the option that words mean; what is no choice of options stays as it is."""
    if field not in OPTIONS:
        return value
    parts = value if isinstance(value, list) else [value]
    found = [one for part in parts for one in options_in(field, str(part), OPTIONS[field])]
    if not found:
        raise FieldRefused("not_an_option")
    if field == "wanted_service":
        return found
    if len(found) > 1:
        raise FieldRefused("several_options")
    return found[0]


def _typed(tracker: Tracker) -> str:
    return str(tracker.latest_message.get("text") or "")


def _refuse(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    why: FieldRefused,
    *,
    places: Iterable[Municipality] = (),
) -> None:
    voice = Voice.of(tracker.slots)
    buttons = [button(voice.name_of(one), "municipality", one.code) for one in places]
    dispatcher.utter_message(text=voice.say(f"refused.{why.code}", **why.limits), buttons=buttons)
