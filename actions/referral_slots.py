"""The slots of the referral form: which there are, and how they are emptied."""

from collections.abc import Iterable
from typing import Any

from rasa_sdk.events import SlotSet

from actions.referrals.fields import FIELDS

FORM = "referral_form"
# Beside the fields: the explicit "send", the field to change, the group of categories on show, and
# the name under which this referral is logged once, however often it is sent.
CONFIRM = "confirm"
CHANGE = "change_field"
GROUP = "category_group"
KEY = "referral_key"
SEND = "send"

# What an answer depends on goes with it when that is changed.
GOES_WITH = {
    "category": (GROUP,),
    "person_group": ("consent_status", "legal_basis_without_consent"),
    "urgency": ("emergency_called",),
    "consent_status": ("legal_basis_without_consent",),
}


def emptied_by(fields: Iterable[str]) -> tuple[str, ...]:
    """Return the slots that a change of `fields` empties: the "send", and what depends on them."""
    return (CONFIRM, *(slot for field in fields for slot in GOES_WITH.get(field, ())))


def forget_all() -> list[dict[str, Any]]:
    """Return the events that empty the form, so that the next one does not find this child."""
    return [SlotSet(slot, None) for slot in (*FIELDS, CONFIRM, CHANGE, GROUP, KEY)]
