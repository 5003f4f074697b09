"""The field's terms in three languages: which of them a text names, and what others call them."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.characters import fold
from knowledge.serbian import to_latin

SHIPPED = Path(__file__).with_name("starter") / "glossary.csv"
ENDINGS = Path(__file__).with_name("endings.yml")
INSIDE = ("en", "sq", "sr")
BETWEEN = " / "

# A shorter stem would be that of too many words.
SHORTEST_STEM = 4

# DPRRP-ja, MUP-a: the ending is tied to an abbreviation with a hyphen.
_TOKEN = re.compile(r"[^\W_]+(?:-\w{1,4}\b)?")
_PART = re.compile(r"[^\W_]+")


class BadGlossary(ValueError):
    """The file is no glossary; the message says in which line."""


@dataclass(frozen=True)
class Term:
    """One concept: how it is called in each language, the form to show first."""

    en: tuple[str, ...]
    sq: tuple[str, ...]
    sr: tuple[str, ...]

    def names(self, language: str) -> tuple[str, ...]:
        """Return what the term is called in sq, sr (Latin) or en."""
        names: tuple[str, ...] = getattr(self, language)
        return names


class Glossary:
    """Terms that can be found in a text in any of their forms and cases."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """Hold `terms`; a name that several terms share stands for each of them."""
        self.terms = tuple(dict.fromkeys(terms))
        self._starts: dict[str, dict[str, list[tuple[tuple[str, ...], int]]]] = {}
        for language in INSIDE:
            starts: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
            for number, term in enumerate(self.terms):
                for name in term.names(language):
                    stems = tuple(_stems(name, language))
                    if stems and (stems, number) not in starts[stems[0]]:
                        starts[stems[0]].append((stems, number))
            self._starts[language] = dict(starts)

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "Glossary":
        """Return the glossary in a file with the columns en, sq and sr.

        Forms of one cell are divided by " / ". Serbian is written in Latin.

        Raises:
            BadGlossary: A column is missing, or a line lacks a language.
        """
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if set(INSIDE) - set(rows.fieldnames or ()):
                message = f"line 1: the columns are {', '.join(INSIDE)}"
                raise BadGlossary(message)
            return cls([_term(row, line) for line, row in enumerate(rows, start=2)])

    def find(self, text: str, language: str) -> tuple[Term, ...]:
        """Return the terms that `text` names, in order; of names that overlap, the longest.

        Args:
            text: As typed, in either script, with or without diacritics.
            language: sq, sr or en.
        """
        stems = list(_stems(text, language))
        named = [
            (len(name), place, number)
            for place, stem in enumerate(stems)
            for name, number in self._starts[language].get(stem, ())
            if tuple(stems[place : place + len(name)]) == name
        ]
        taken = [0] * len(stems)
        found: dict[int, int] = {}
        for length, place, number in sorted(named, key=lambda one: -one[0]):
            if max(taken[place : place + length]) > length:
                continue
            taken[place : place + length] = [length] * length
            found.setdefault(number, place)
        return tuple(self.terms[number] for number in sorted(found, key=lambda one: found[one]))


def _term(row: dict[str, str], line: int) -> Term:
    cells = [_forms(row[language]) for language in INSIDE]
    if not all(cells):
        message = f"line {line}: a language is empty"
        raise BadGlossary(message)
    return Term(*cells)


def _forms(cell: str | None) -> tuple[str, ...]:
    forms = (" ".join(form.split()) for form in (cell or "").split(BETWEEN))
    return tuple(dict.fromkeys(form for form in forms if form))


def _stems(text: str, language: str) -> Iterable[str]:
    linking = _rules()["linking"][language]
    for token in _TOKEN.findall(to_latin(text)):
        word = token if language == "en" else token.split("-")[0]
        yield from (_stem(one, language) for one in _PART.findall(word) if fold(one) not in linking)


def _stem(word: str, language: str) -> str:
    """Return a word without its ending, folded; an abbreviation keeps all its letters."""
    plain = fold(word)
    if len(word) > 1 and word.isupper():
        return plain
    for ending in _endings(language):
        if plain.endswith(ending) and len(plain) - len(ending) >= SHORTEST_STEM:
            return plain.removesuffix(ending)
    return plain


@cache
def _endings(language: str) -> Sequence[str]:
    return sorted(_rules()[language], key=len, reverse=True)


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = yaml.safe_load(ENDINGS.read_text(encoding="utf-8"))
    return rules
