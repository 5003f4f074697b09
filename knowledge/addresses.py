"""Where a postal address stands in a text: a street or quarter with the number of a house."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import yaml

# Of Albanian and Serbian, in both scripts.
CAPITALS = "A-ZÇËČĆŠŽĐÖÜА-ШЂЈЉЊЋЏ"
WORDS = Path(__file__).with_name("personal_data.yml")


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield the first character of each address and the one after its last; they may overlap.

    Known are a street by the word for it and a house number ("rr. Nëna Terezë 12", "12 Mother
    Teresa Street"), a block with a flat, and what follows the word for an address. A street without
    a number is no address, and neither is a number that measures something ("ulica duga 4 km").
    """
    for pattern in _patterns():
        for match in pattern.finditer(text):
            yield match.span("address")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["address"]
    of = {kind: _any(listed) for kind, listed in words.items()}
    capital = rf"(?:(?:{of['between']})\s+)?[{CAPITALS}][\w'’-]*\.?"
    name = rf"{capital}(?:\s+(?:{of['between']}\s+)?{capital}){{0,3}}"
    small = r"[^\W\d_][\w'’-]*(?:\s+[^\W\d_][\w'’-]*){0,3}"
    ordinal = rf"(?:(?i:{of['number']})\s?)"
    unit = rf"(?!\s?(?i:{of['units']})\b)"
    house = rf"\d{{1,4}}(?:\s?/\s?\d{{1,3}})?(?:[^\W\d_]\b)?(?![\d.,/-]*\d){unit}"
    flat = rf"(?:,?\s+(?i:{of['flat']})\s+(?:\d+[\w/]*|[A-Z]\b))"
    numbered = rf",?\s*(?:{ordinal}?{house}|{ordinal}{house})"
    # "p.n. 3", "hyrja 3 banesa 14", and "bb" for a house without a number.
    end = rf"(?:{numbered}|{flat}|,?\s*(?i:{of['none']})\b){flat}*"
    before = rf"(?i:{of['before']})"
    quarter = rf"(?:{before}\s+)?{name}"
    forms = (
        # "Ul" is an Albanian word too: without the stop a name must begin with a capital.
        rf"\b(?:(?i:{of['short']})\.|(?i:rr)\b)\s*(?:{name}|{small}){end}",
        rf"\b(?i:{of['short']})\s+{name}{end}",
        rf"\b{before}\s+{name}(?:,\s*(?i:{of['short']})\.?\s*\d+)?{end}",
        rf"\b{before}\s+{small}\s+(?:{ordinal}{house}{flat}*|{house}(?=\s*(?:$|[,.;!?])))",
        rf"\b{before}\s+{small},?\s*(?i:{of['flat']})\s+\d[\w/]*{flat}*",
        rf"\b\d{{1,4}}[A-Z]?\s+{name}\s+(?i:{of['after']})\b\.?",
        rf"\b{name}\s+(?i:{of['after']})\b\.?(?:{end})",
        rf"\b{quarter},\s*(?i:{of['flat']})\s+\d[\w/]*{flat}+",
    )
    told = rf"\b(?i:{of['address']})\b[\w\s]{{0,12}}?:?\s+(?P<address>{name}\s+{ordinal}?{house})"
    return (*(re.compile(rf"(?P<address>{form})") for form in forms), re.compile(told))


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
