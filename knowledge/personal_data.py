"""What in a message identifies somebody: numbers, addresses and names, each with its place."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import phonenumbers
from stdnum import iban
from stdnum.si import emso

from config.files import load_yaml
from knowledge.addresses import CAPITALS, find_addresses
from knowledge.named_after import leads_to_nobody
from knowledge.names import find_names

# The order in which a place is told: what is sure comes before what is likely.
KINDS = (
    "email",
    "bank_account",
    "jmbg",
    "albanian_id",
    "plate",
    "phone",
    "personal_number",
    "long_number",
    "address",
    "name",
)
KOSOVO, SERBIA = "XK", "RS"
# A message of nothing but figures is given up after so many that are no telephone number.
MOST_TRIES = 200

_EMAIL = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w.+-]+\s?[(\[]\s?at\s?[)\]]\s?[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
# Letters for the country, two digits to check it, then groups.
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]){11,30}\b", re.IGNORECASE)
_IBAN_WRONG = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?\d){11,26}\b", re.IGNORECASE)
# Accounts as banks in Serbia and in Kosovo write them.
_ACCOUNT = re.compile(r"(?<![\d-])(?:\d{3}-\d{6,13}-\d{2}|\d{16})(?![\d-])")
_JMBG = re.compile(r"(?<!\d)\d{7}[ -]?\d{2}-?\d{4}(?!\d)")
# A decade, year, month (that of women plus 50) and day of birth, a serial and a letter.
_ALBANIAN = re.compile(
    r"\b[A-T]\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[A-W]\b", re.IGNORECASE
)
# 01-123-AB of Kosovo, in small letters where it is written in one; BG 123-AB, AA 123 BB, SK 1234 AB
# of its neighbours, and 123-KS-456, which are still on the road.
_PLATE = re.compile(
    r"\b0[1-7](?: \d{3} [A-Z]{2}| ?[.-] ?\d{3} ?[.-] ?(?i:[A-Z]{2})|\d{3}(?i:[A-Z]{2}))\b"
    rf"|\b[{CAPITALS}]{{2}}[ -]?(?!(?:19|20)\d\d )\d{{3,4}}[ -]?[{CAPITALS}]{{2}}\b"
    r"|\b\d{3}[ -]?KS[ -]?\d{3}\b"
)
# The prefix of a country without the sign for it, and mobile numbers of Kosovo without their zero.
_PHONE_BARE = re.compile(r"(?<![\d+/-])(?:383|381|355)(?:[ /.-]?\d){8,9}(?!\d)")
# Ten digits. No check digit is published for them, so that groups must look like groups.
_PERSONAL = re.compile(
    r"(?<![\d.,/+-])[129]"
    r"(?:\d{9}|\d{3}[ -]\d{3}[ -]\d{3}|\d{2}[ -]\d{3}[ -]\d{4}|\d(?: \d\d){4})"
    r"(?![\d.,/-]*\d)"
)
# Passports, and whatever else has so many digits.
_LONG = re.compile(r"(?<![\w.,/+-])(?:[A-Z]{1,2}\d{7,9}|\d{9,})(?![\d.,/-]*\d)")
# Laws, this product's referrals and dates.
_SPARED = re.compile(
    r"\b\d{2}/L-\d{3}\b|\b\d{4}-\d{5}-\d\b|\b\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b|\b(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d\b"
)

Span = tuple[int, int]


class Found(NamedTuple):
    """One thing that identifies: its kind, its first character and the one after its last."""

    kind: str
    start: int
    end: int


def find_personal(text: str, public: Callable[[str], bool] | None = None) -> tuple[Found, ...]:
    """Return what identifies somebody in `text`, in its order, without overlaps.

    Spared are numbers of laws and articles, this product's referral numbers, dates, sums, the
    numbers of helplines, and names that may be said.

    Args:
        text: In any language and script, as typed; places count its characters.
        public: Tells of a folded word whether it may be said, as for `hide_names`.
    """
    taken: list[Span] = [match.span() for match in _SPARED.finditer(text)]
    found = []
    for kind, spans in _finders(text, public):
        for start, end in sorted(spans):
            if all(end <= begin or start >= over for begin, over in taken):
                taken.append((start, end))
                found.append(Found(kind, start, end))
    return tuple(sorted(found, key=lambda one: one.start))


def warm_up() -> None:
    """Load the lists and patterns now that the first message would wait for."""
    find_personal("arben zogaj 049 123 456")


def mask(text: str, found: Iterable[Found], marks: Mapping[str, str]) -> str:
    """Return `text` with the mark of its kind in the place of everything that was `found` in it."""
    parts, kept_to = [], 0
    for one in found:
        parts += [text[kept_to : one.start], marks[one.kind]]
        kept_to = one.end
    return "".join([*parts, text[kept_to:]])


def _finders(
    text: str, public: Callable[[str], bool] | None
) -> Iterator[tuple[str, Iterable[Span]]]:
    """Yield each kind with the places where it may stand, in the order of `KINDS`."""
    yield "email", _spans(_EMAIL, text)
    if any(map(str.isdigit, text)):
        yield "bank_account", [*_ibans(text), *_spans(_ACCOUNT, text)]
        yield "jmbg", [match.span() for match in _JMBG.finditer(text) if _has_birthday(match[0])]
        yield "albanian_id", _spans(_ALBANIAN, text)
        yield "plate", _spans(_PLATE, text)
        yield "phone", _phones(text)
        yield "personal_number", _spans(_PERSONAL, text)
        yield "long_number", _spans(_LONG, text)
    yield "address", find_addresses(text)
    yield "name", _names(text, public)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (match.span() for match in pattern.finditer(text))


def _ibans(text: str) -> Iterator[Span]:
    """Yield where account numbers stand: as long as they check, else as far as their digits go."""
    for match in _IBAN.finditer(text):
        for length in range(len(match[0]), 14, -1):
            if iban.is_valid(match[0][:length]):
                yield match.start(), match.start() + length
                break
    yield from _spans(_IBAN_WRONG, text)


def _has_birthday(number: str) -> bool:
    """Return whether 13 digits are a JMBG or one with a slip: they begin with a day of birth."""
    try:
        emso.get_birth_date(number)
    except ValueError:
        return False
    return True


def _phones(text: str) -> Iterator[Span]:
    for region in (KOSOVO, SERBIA):
        for match in phonenumbers.PhoneNumberMatcher(text, region, max_tries=MOST_TRIES):
            typed = match.raw_string
            digits = phonenumbers.normalize_digits_only(typed)
            # A landline of Serbia looks like the number of a letter: 02-345/2024.
            abroad = region == SERBIA and not digits.startswith("06")
            if not abroad and digits not in _public_numbers():
                yield match.start, match.end
    yield from _spans(_PHONE_BARE, text)


def _names(text: str, public: Callable[[str], bool] | None) -> Iterator[Span]:
    for start, end in find_names(text, public):
        # A letter alone is a floor, a door or a form.
        if end - start > 1 and not leads_to_nobody(text, start, end):
            yield start, end


@cache
def _public_numbers() -> frozenset[str]:
    """Return the numbers of helplines, digits only."""
    helplines = load_yaml("directory.yml")["helplines"]
    return frozenset(phonenumbers.normalize_digits_only(line["number"]) for line in helplines)
