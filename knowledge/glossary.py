"""Words in three languages: which terms a text names, and what others call them."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.characters import fold
from knowledge.serbian import to_latin
from knowledge.word_forms import is_stop_word, lemma_of

# The field's terms, and the everyday words around them.
SHIPPED = (
    Path(__file__).with_name("starter") / "glossary.csv",
    Path(__file__).with_name("wordbook.csv"),
)
ENDINGS = Path(__file__).with_name("endings.yml")
INSIDE = ("en", "sq", "sr")
BETWEEN = " / "

# A shorter stem would be that of too many words.
SHORTEST_STEM = 4
# A name of more words is found by its first ones.
LONGEST_NAME = 5
SHORTEST_WORD = 3

# DPRRP-ja, MUP-a: the ending is tied to an abbreviation with a hyphen.
_TOKEN = re.compile(r"[^\W_]+(?:-\w{1,4}\b)?")
_PART = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"\s/(?=\s)")

Key = tuple[str, ...]


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


Terms = tuple[Term, ...]


@dataclass(frozen=True)
class Piece:
    """Some words of a text and the terms they name, which are none for a word nobody listed."""

    words: str
    terms: Terms


class Glossary:
    """Terms that can be found in a text in any of their forms and cases."""

    def __init__(self, terms: Iterable[Term], *, over: "Glossary | None" = None) -> None:
        """Hold `terms`; a name that several terms share stands for each of them.

        Args:
            terms: The terms, which count before others that share a name with them.
            over: A glossary whose terms are held too. What it worked out, seconds of work for the
                shipped one, is not worked out again.
        """
        self._own = tuple(dict.fromkeys(terms))
        self._over = over
        self._keys: dict[str, tuple[dict[Key, Terms], ...]] = {}

    @property
    def terms(self) -> Terms:
        """Every term, each once."""
        return _together(self._own, self._over.terms if self._over else ())

    @classmethod
    def load(cls, *paths: Path) -> "Glossary":
        """Return the glossary in files with the columns en, sq and sr.

        Forms of one cell are divided by " / ". Serbian is written in Latin.

        Raises:
            BadGlossary: A column is missing, a line lacks a language or has a cell too many, a
                quotation mark is left open, or the file is not UTF-8.
        """
        return cls(term for path in paths for term in _terms(path))

    @classmethod
    @cache
    def shipped(cls) -> "Glossary":
        """Return the glossary that comes with the package, read once in a process."""
        return cls.load(*SHIPPED)

    def pieces(self, text: str, language: str) -> tuple[Piece, ...]:
        """Return `text` as pieces, in order, without stop words; the longest name counts.

        A word is known by its form as it stands, else by its dictionary form, else by its stem.

        Args:
            text: As typed, in either script, with or without diacritics.
            language: sq, sr or en.
        """
        words = words_in(text, language)
        known = [_forms_of(word, language) for word in words]
        found: list[Piece] = []
        start = 0
        while start < len(words):
            length, terms = self._longest(known[start : start + LONGEST_NAME], language)
            if terms:
                found.append(Piece(" ".join(words[start : start + length]), terms))
            elif not is_stop_word(words[start], language):
                found.append(Piece(words[start], ()))
            start += max(length, 1)
        return tuple(found)

    def _longest(self, known: Sequence[Key], language: str) -> tuple[int, Terms]:
        """Return how many of the words name something together, and which terms."""
        for length in range(len(known), 0, -1):
            first = known[0][0]
            if length == 1 and (len(first) < SHORTEST_WORD or is_stop_word(first, language)):
                continue
            for form, keys in enumerate(self._keys_of(language)):
                terms = keys.get(tuple(word[form] for word in known[:length]))
                if terms:
                    return length, terms
        return 0, ()

    def _keys_of(self, language: str) -> tuple[dict[Key, Terms], ...]:
        """Return for each kind of form, the surest first, the terms by the forms of their words."""
        if language not in self._keys:
            kinds: tuple[dict[Key, list[Term]], ...] = tuple(defaultdict(list) for _ in range(3))
            for term in self._own:
                for name in term.names(language):
                    known = [_forms_of(word, language) for word in words_in(name, language)]
                    for form, keys in enumerate(kinds):
                        key = tuple(word[form] for word in known[:LONGEST_NAME])
                        # One met before is the last.
                        if key and keys[key][-1:] != [term]:
                            keys[key].append(term)
            below = self._over._keys_of(language) if self._over else ({},) * len(kinds)
            self._keys[language] = tuple(
                under | {key: _together(terms, under.get(key, ())) for key, terms in keys.items()}
                for keys, under in zip(kinds, below, strict=True)
            )
        return self._keys[language]


def names_in(cell: str | None) -> tuple[str, ...]:
    """Return the forms in a cell, which are divided by " / ", each once."""
    names = (" ".join(name.split()) for name in _BETWEEN.split(f" {cell or ''} "))
    return tuple(dict.fromkeys(name for name in names if name))


def words_in(text: str, language: str) -> list[str]:
    """Return the words by which a text is looked up: in Latin, without hyphened endings."""
    linking = _rules()["linking"][language]
    words: list[str] = []
    for token in _TOKEN.findall(to_latin(text)):
        word = token if language == "en" else token.partition("-")[0]
        words += (one for one in _PART.findall(word) if fold(one) not in linking)
    return words


def _together(first: Iterable[Term], then: Iterable[Term]) -> Terms:
    return tuple(dict.fromkeys((*first, *then)))


def _terms(path: Path) -> Iterator[Term]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        try:
            if set(INSIDE) - set(rows.fieldnames or ()):
                message = f"line 1: the columns are {', '.join(INSIDE)}"
                raise BadGlossary(message)
            for row in rows:
                yield _term(row, rows.line_num)
        except csv.Error as error:
            message = f"after line {rows.line_num}: {error}"
            raise BadGlossary(message) from None
        except UnicodeDecodeError:
            message = f"after line {rows.line_num}: the file is not UTF-8"
            raise BadGlossary(message) from None


def _term(row: dict[str | Any, Any], line: int) -> Term:
    # A quotation mark left open runs on into other lines, a comma without one into other columns.
    if None in row or any("\n" in (cell or "") for cell in row.values()):
        message = f"line {line}: a cell too many, or one that does not end on its line"
        raise BadGlossary(message)
    cells = [names_in(row[language]) for language in INSIDE]
    if not all(cells):
        message = f"line {line}: a language is empty"
        raise BadGlossary(message)
    return Term(*cells)


def _forms_of(word: str, language: str) -> Key:
    """Return a word as it stands, in dictionary form and without its ending, all folded."""
    return fold(word), fold(lemma_of(word.lower(), language)), _stem(word, language)


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
