"""The facts about a document that its author wrote above the text, between two lines of `---`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from knowledge.passages import clean
from knowledge.source_text import UnreadableFile

KEYS = frozenset(
    {
        "id",
        "title",
        "kind",
        "audience",
        "language",
        "sources",
        "review",
        "language_review",
        "valid_from",
        "valid_until",
        "when_out_of_date",
    }
)

# What a document can be.
KINDS = ("strategy", "protocol", "training", "institution")
# What becomes of a document whose validity is over: it is not found, or shown with a clear flag.
HIDE, FLAG = WHEN_OUT_OF_DATE = ("hide", "flag")

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# Far above any honest front matter; keeps the YAML parser away from a flood.
MOST_CHARACTERS = 20_000
LONGEST_VALUE = 1000
LONGEST_ID = 80


@dataclass(frozen=True)
class FrontMatter:
    """What a document says about itself; empty where it says nothing."""

    id: str = ""
    title: str = ""
    kind: str = ""
    audience: tuple[str, ...] = ()
    language: str = ""
    sources: tuple[str, ...] = ()
    review: str = ""
    language_review: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    when_out_of_date: str = ""


def split(text: str) -> tuple[dict[str, Any], str]:
    """Return the front matter of `text` as plain values, and the text below it.

    Lines of `---` that do not enclose a mapping are part of the text: a horizontal rule is no
    front matter.

    Raises:
        UnreadableFile: The lines between the marks are not valid YAML (`front_matter`).
    """
    found = _FRONT.match(text)
    if found is None:
        return {}, text
    if len(found[1]) > MOST_CHARACTERS:
        raise UnreadableFile("front_matter")
    try:
        values = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError, RecursionError):
        raise UnreadableFile("front_matter") from None
    if not isinstance(values, dict):
        return {}, text
    known = {key: _plain(value) for key, value in values.items() if key in KEYS}
    return known, text[found.end() :]


def read(values: Mapping[str, Any]) -> FrontMatter:
    """Return the front matter that `split` found, checked.

    Raises:
        UnreadableFile: A date is no date, the id is not words joined by hyphens, or the kind or
            `when_out_of_date` is none of `KINDS` or `WHEN_OUT_OF_DATE` (`front_matter`).
    """
    identity = _word(values.get("id"))
    if identity and (len(identity) > LONGEST_ID or not _ID.fullmatch(identity)):
        raise UnreadableFile("front_matter")
    kind, when_out_of_date = _word(values.get("kind")), _word(values.get("when_out_of_date"))
    if kind not in {"", *KINDS} or when_out_of_date not in {"", *WHEN_OUT_OF_DATE}:
        raise UnreadableFile("front_matter")
    return FrontMatter(
        id=identity,
        title=_word(values.get("title")),
        kind=kind,
        audience=_words(values.get("audience")),
        language=_word(values.get("language")),
        sources=_words(values.get("sources")),
        review=_word(values.get("review"))[:40],
        language_review=_word(values.get("language_review"))[:40],
        valid_from=_day(values.get("valid_from")),
        valid_until=_day(values.get("valid_until")),
        when_out_of_date=when_out_of_date,
    )


def _plain(value: object) -> str | list[str]:
    # Nothing nested leaves this file: a tree of YAML aliases may stand for billions of values.
    if isinstance(value, list):
        return [word for part in value[:100] if (word := _plain_one(part))]
    return _plain_one(value)


def _plain_one(value: object) -> str:
    return clean(str(value)) if isinstance(value, str | int | float | date) else ""


def _word(value: str | list[str] | None) -> str:
    return "" if value is None or isinstance(value, list) else value.strip()[:LONGEST_VALUE]


def _words(value: str | list[str] | None) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else [value or ""]
    return tuple(part.strip()[:LONGEST_VALUE] for part in parts if part.strip())


def _day(value: str | list[str] | None) -> date | None:
    word = _word(value)
    if not word:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UnreadableFile("front_matter") from None
