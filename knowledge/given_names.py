"""Given names of people in Kosovo, known in any case and also where they are typed small."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from config.files import LOADER
from knowledge.characters import fold

FILE = Path(__file__).with_name("given_names.yml")
GROUPS = ("albanian", "serbian", "other")
VOWELS = "aeiouy"
# A shorter rest is that of too many other words: "tom" is also what is left of Toma.
SHORTEST_STEM = 3


def is_given_name(word: str) -> bool:
    """Return whether a folded word is a given name, bare or with the ending of a case."""
    names, stems, endings = _names()
    return word in names or any(
        word[:cut] in stems[kind] and word[cut:] in endings[kind]
        for kind in stems
        for cut in range(SHORTEST_STEM, len(word) + 1)
    )


def is_listed_name(word: str) -> bool:
    """Return whether a folded word is a given name without any ending."""
    return word in _names()[0]


def is_family(word: str) -> bool:
    """Return whether a folded word is one for family, beside which stands a family name."""
    return word in _families()


def bare_forms(word: str) -> frozenset[str]:
    """Return a folded word as it stands and without each ending that a name may take."""
    _, _, endings = _names()
    cuts = range(SHORTEST_STEM, len(word))
    return frozenset(
        {word, *(word[:cut] for cut in cuts if any(word[cut:] in of for of in endings.values()))}
    )


def ends_like_a_family_name(word: str) -> bool:
    """Return whether a folded word ends as many family names do: Gashi, Nikolić, Kelmendit."""
    return word.endswith(tuple(_content()["family_ends"]))


@cache
def _names() -> tuple[frozenset[str], dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return the names, and by the kind of their last letter their stems and endings, folded."""
    content = _content()
    names = frozenset(fold(name) for group in GROUPS for name in content[group])
    stems = {
        "vowel": frozenset(name[:-1] for name in names if name[-1] in VOWELS),
        "consonant": frozenset(name for name in names if name[-1] not in VOWELS),
    }
    endings = {kind: frozenset(map(fold, content["endings"][kind])) for kind in stems}
    return names, stems, endings


@cache
def _families() -> frozenset[str]:
    return frozenset(map(fold, _content()["family"]))


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - safe loaders
    return content
