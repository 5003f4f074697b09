"""Which names in a text lead to nobody's door: schools named after people, authors of reports."""

import re
from functools import cache
from pathlib import Path

import yaml

from knowledge.characters import fold

WORDS = Path(__file__).with_name("personal_data.yml")
# "SHFMU Dëshmorët e Kombit": so many words may stand between the school and a part of its name.
FURTHEST = 4

_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"\s*\((?:19|20)\d\d\)")


def leads_to_nobody(text: str, start: int, end: int) -> bool:
    """Return whether the name at these places is that of a school or street, or of an author.

    Args:
        text: As typed.
        start: The first character of the name.
        end: The one after its last.
    """
    return _is_namesake(text, start, end) or _is_author(text[end:])


def _is_namesake(text: str, start: int, end: int) -> bool:
    inside, following = _WORD.findall(text[start:end]), _WORD.findall(text[end:])[:1]
    if fold(inside[0]) in _listed("after") or _all_in(following, "before"):
        return True
    for word in reversed(_WORD.findall(text[:start])[-FURTHEST:]):
        if fold(word) in _listed("after"):
            return True
        if not word[0].isupper() and fold(word) not in _listed("between"):
            break
    return False


def _is_author(rest: str) -> bool:
    """Return whether a year in brackets follows, or a second author and then the year."""
    second = re.match(r"\s*(\w+)\s+\w+", rest)
    if second and fold(second[1]) in _listed("joined"):
        rest = rest[second.end() :]
    return bool(_YEAR.match(rest))


def _all_in(words: list[str], kind: str) -> bool:
    return bool(words) and all(fold(word) in _listed(kind) for word in words)


@cache
def _listed(kind: str) -> frozenset[str]:
    listed = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["names"]
    return frozenset(map(fold, listed[kind]))
