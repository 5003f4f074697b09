"""What a referral may contain: the one check of its fields, for the chat and for programs."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import phonenumbers

from actions.directory import Directory
from knowledge.language import normalise

FACTS_LIMITS = (40, 2000)
DONE_LIMITS = (1, 1000)
NOTE_LIMITS = (1, 2000)
# No address of e-mail is longer (RFC 5321); text without end would keep `EMAIL` busy for seconds.
LONGEST_CONTACT = 254

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "category": tuple("ABCDEFGHIJKLMNOPQR"),
    "person_group": (
        *("child_0_5", "child_6_7", "child_8_17", "woman", "man_custody", "man_released"),
        *("family_member", "host_community", "institution"),
    ),
    "urgency": ("U0", "U1", "U2", "U3"),
    "emergency_called": ("yes", "no", "not_needed"),
    "wanted_service": (
        *("enrolment", "catch_up", "psychologist", "health", "income", "housing", "training_job"),
        *("start_up", "legal_aid", "mediation", "religious_counselling", "activity"),
        *("prison_programme", "pre_release", "coordination", "information_request"),
    ),
    "consent_status": (
        *("given_by_person", "given_by_carer", "child_view_asked"),
        *("not_asked_because", "refused"),
    ),
    "legal_basis_without_consent": (
        *("vital_interest", "child_protection_duty", "legal_obligation", "court_order"),
    ),
}
# Everything that is asked, in the order of asking.
FIELDS = (
    *("category", "person_group", "municipality", "urgency", "emergency_called", "concern_facts"),
    *("done_so_far", "wanted_service", "consent_status", "legal_basis_without_consent"),
    "referrer_contact",
)
# A notice about an institution (no focal point, a council that does not meet) concerns nobody who
# could agree to it.
NOBODY_TO_ASK = "institution"
# Whom a carer speaks for; an adult speaks alone.
CHILDREN = frozenset({"child_0_5", "child_6_7", "child_8_17"})
WITHOUT_CONSENT = frozenset({"refused", "not_asked_because"})
# Other ways of writing an option that programs and the paper form use.
OTHER_NAMES = {
    "income_social_assistance": "income",
    "social_assistance": "income",
    "training": "training_job",
    "job": "training_job",
    "not_asked": "not_asked_because",
}

EMAIL = re.compile(r"[^@\s<>,;]+@((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)
# Mail of these belongs to a person and not to an office; what we write must stay with the office.
PERSONAL_PROVIDERS = frozenset(
    (
        *("aol", "fastmail", "gmail", "gmx", "googlemail", "hey", "hotmail", "icloud", "live"),
        *("mac", "mail", "me", "msn", "outlook", "proton", "protonmail", "rocketmail", "tuta"),
        *("tutanota", "yahoo", "yandex", "ymail", "zoho"),
    )
)
# Endings of two parts, as in yahoo.co.uk.
SHARED_ENDINGS = frozenset({"ac", "co", "com", "net", "org"})
# Numbers without a country prefix are Kosovo's.
HOME_REGION = "XK"


class FieldRefused(Exception):
    """A value cannot be taken; `code` says why, `limits` fill the message. Carries no value."""

    def __init__(self, code: str, **limits: Any) -> None:
        """Hold `code`, a key under "refused." in config/interface/referral_fields.yml."""
        super().__init__(code)
        self.code = code
        self.limits = limits


class FieldsRefused(Exception):
    """Some fields of a referral cannot be taken; `refused` tells which, and why each."""

    def __init__(self, refused: Mapping[str, FieldRefused]) -> None:
        """Hold the refusals by field, in the order of asking."""
        super().__init__(", ".join(f"{field}: {why.code}" for field, why in refused.items()))
        self.refused = dict(refused)


def needed_fields(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields to ask for, given the answers so far, in order.

    Whether help was called is asked when life is in danger, consent when it is about people, and
    a legal basis when they did not agree.
    """
    left_out = set()
    if values.get("person_group") == NOBODY_TO_ASK:
        left_out.add("consent_status")
    if values.get("urgency") != "U0":
        left_out.add("emergency_called")
    if values.get("consent_status") not in WITHOUT_CONSENT:
        left_out.add("legal_basis_without_consent")
    return tuple(field for field in FIELDS if field not in left_out)


def consents_for(person_group: Any) -> tuple[str, ...]:
    """Return who may have agreed: an adult has no carer, and a child does not agree alone."""
    absent = {"given_by_carer", "child_view_asked"}
    if person_group in CHILDREN:
        absent = {"given_by_person"}
    return tuple(one for one in OPTIONS["consent_status"] if one not in absent)


def check(field: str, value: Any, directory: Directory) -> Any:
    """Return `value` in the form that is stored: a code, a list of codes, or clean text.

    Raises:
        FieldRefused: The value cannot be taken.
        KeyError: There is no such field.
    """
    if value is None or value in ("", []):
        raise FieldRefused("required")
    return CHECKS[field](field, value, directory)


def check_all(values: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    """Return every field of a referral in the form that is stored; what is not needed is None.

    Whether help was called may be left out: that question guides a person in the chat.

    Raises:
        FieldsRefused: At least one field is missing or cannot be taken.
    """
    checked: dict[str, Any] = dict.fromkeys(FIELDS)
    refused: dict[str, FieldRefused] = {}
    for field in needed_fields(values):
        if field == "emergency_called" and not values.get(field):
            continue
        try:
            checked[field] = check(field, values.get(field), directory)
        except FieldRefused as why:
            refused[field] = why
    consent = checked["consent_status"]
    if consent is not None and consent not in consents_for(checked["person_group"]):
        refused["consent_status"] = FieldRefused("consent_of_another")
    if refused:
        raise FieldsRefused(refused)
    return checked


def _option(field: str, value: Any, _directory: Directory) -> str:
    written = str(value).strip().replace("-", "_").replace(" ", "_").replace("/", "_")
    for option in OPTIONS[field]:
        if written.casefold() == option.casefold():
            return option
    if OTHER_NAMES.get(written.casefold()) in OPTIONS[field]:
        return OTHER_NAMES[written.casefold()]
    raise FieldRefused("not_an_option")


def _services(field: str, value: Any, directory: Directory) -> list[str]:
    named = value if isinstance(value, list | tuple) else [value]
    return list(dict.fromkeys(_option(field, one, directory) for one in named))


def _municipality(_field: str, value: Any, directory: Directory) -> str:
    if not isinstance(value, str):
        raise FieldRefused("unknown_municipality")
    text = value.strip()
    found = directory.by_code(text) or directory.municipality(text)
    if found is not None:
        return found.code
    raise FieldRefused(
        "ambiguous_municipality" if directory.ambiguous(text) else "unknown_municipality"
    )


def _text_within(minimum: int, maximum: int) -> Callable[[str, Any, Directory], str]:
    def checked(_field: str, value: Any, _directory: Directory) -> str:
        parts = value if isinstance(value, list | tuple) else [value]
        if not all(isinstance(part, str) for part in parts):
            raise FieldRefused("not_an_option")
        written = "\n".join(parts)
        lines = [normalise(line) for line in written.splitlines()]
        text = "\n".join(line for line in lines if line)
        if not text:
            raise FieldRefused("required")
        if len(text) < minimum:
            raise FieldRefused("too_short", minimum=minimum)
        if len(text) > maximum:
            raise FieldRefused("too_long", maximum=maximum)
        return text

    return checked


def _contact(_field: str, value: Any, _directory: Directory) -> str:
    if not isinstance(value, str):
        raise FieldRefused("not_a_contact")
    if len(value) > LONGEST_CONTACT:
        raise FieldRefused("too_long", maximum=LONGEST_CONTACT)
    text = normalise(value)
    mail = EMAIL.search(text)
    if mail is not None:
        if _provider(mail[1].casefold()) in PERSONAL_PROVIDERS:
            raise FieldRefused("personal_email")
        return mail[0]
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise FieldRefused("not_a_contact") from None
    if not phonenumbers.is_valid_number(number):
        raise FieldRefused("not_a_contact")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _provider(domain: str) -> str:
    """Return the name that was registered: "yahoo" of mail.yahoo.co.uk."""
    *rest, _ending = domain.split(".")
    return rest[-2] if len(rest) > 1 and rest[-1] in SHARED_ENDINGS else rest[-1]


CHECKS: Mapping[str, Callable[[str, Any, Directory], Any]] = {
    **dict.fromkeys(OPTIONS, _option),
    "wanted_service": _services,
    "municipality": _municipality,
    "concern_facts": _text_within(*FACTS_LIMITS),
    "done_so_far": _text_within(*DONE_LIMITS),
    "note": _text_within(*NOTE_LIMITS),
    "referrer_contact": _contact,
}
