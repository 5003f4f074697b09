"""Finds place names in a short text, in any case form, script and spelling of diacritics."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from knowledge.language import fold

WORD = re.compile(r"[a-z]+")
# Albanian puts these between a place and what it belongs to; they change with the case.
LINKS = frozenset({"e", "i", "se", "te"})

# Endings by the last letter of the folded name, both languages together: a form that does not exist
# in one of them costs nothing, a missing one makes somebody's own town unknown.
# Albanian: Prishtinë -a -ës -ën. Serbian: Đakovica -e -i -u -om, južna -oj, Štrpce -a -u -em,
# Gnjilane -ima, Podujevo -a -u -om, novo -og -om.
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "a": ("a", "e", "es", "en", "i", "u", "om", "oj"),
    "e": ("e", "a", "es", "en", "u", "em", "om", "ima", "ama"),
    "o": ("o", "a", "u", "om", "og"),
    "i": ("i", "ia", "ise", "ine", "ima"),
    # Prizren -i -it -in, Kaçanik -u -ut -un, Ferizaj -t; Prizren -a -u -om, Parteš -em, Peć -i,
    # Zubin -og.
    "": ("", "i", "it", "in", "u", "ut", "un", "t", "a", "om", "em", "og"),
}


@dataclass(frozen=True)
class PlaceName:
    """One name of one or several places; `language` is sq, sr or "" for neither."""

    text: str
    codes: frozenset[str]
    language: str = ""


@dataclass(frozen=True)
class _Entry:
    codes: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)


class PlaceNames:
    """All names of all places, ready to be looked for in typed text."""

    def __init__(
        self,
        names: Iterable[PlaceName],
        *,
        ordinary: Iterable[str] = (),
        before: Mapping[str, Iterable[str]],
    ) -> None:
        """Index every case form of `names`.

        Args:
            names: Names as they are written.
            ordinary: Folded forms that are everyday words too. They count only as the whole text
                or after a word of place.
            before: Words of place by the language of the name, folded.
        """
        self._ordinary = {(word,) for word in ordinary}
        self._before = {language: set(words) for language, words in before.items()}
        self._entries: dict[tuple[str, ...], _Entry] = {}
        for name in names:
            for form in case_forms(name.text):
                entry = self._entries.setdefault(form, _Entry())
                entry.codes.update(name.codes)
                entry.languages.update([name.language] if name.language else self._before)
        self._longest = max(map(len, self._entries), default=0)

    def find(self, text: str) -> frozenset[str]:
        """Return the codes of the places that `text` names; several when it is ambiguous.

        The longest name wins, so "Mitrovica e Jugut" is not also the bare "Mitrovica".
        """
        words = WORD.findall(fold(text))
        found: set[str] = set()
        start = 0
        while start < len(words):
            length = self._length_at(words, start)
            if length:
                found |= self._entries[tuple(words[start : start + length])].codes
            start += length or 1
        return frozenset(found)

    def _length_at(self, words: list[str], start: int) -> int:
        for length in range(min(self._longest, len(words) - start), 0, -1):
            form = tuple(words[start : start + length])
            if form in self._entries and self._is_meant(form, words[:start], len(words)):
                return length
        return 0

    def _is_meant(self, form: tuple[str, ...], before: list[str], length: int) -> bool:
        if form not in self._ordinary or length == 1:
            return True
        nearest = next((word for word in reversed(before) if word not in LINKS), "")
        return any(nearest in self._before[one] for one in self._entries[form].languages)


@cache
def case_forms(name: str) -> frozenset[tuple[str, ...]]:
    """Return the folded forms that `name` takes in sentences, each as its words."""
    return frozenset(
        form
        for words in _spellings(name)
        for form in itertools.product(*(LINKS if w in LINKS else _inflected(w) for w in words))
    )


def _spellings(name: str) -> set[tuple[str, ...]]:
    """Return `name` folded, and as it is often typed in Albanian: q for ç (Deqan, Kaqanik)."""
    return {tuple(WORD.findall(fold(text))) for text in (name, re.sub("[çÇ]", "q", name))}


def _inflected(word: str) -> set[str]:
    ending = word[-1] if word[-1] in ENDINGS else ""
    stem = word[:-1] if ending else word
    forms = {word, *(stem + one for one in ENDINGS[ending])}
    if word.endswith(("ac", "ec")):
        # The vowel falls out in Serbian: Uroševac, Uroševca, u Uroševcu.
        forms.update(f"{word[:-2]}c{one}" for one in ("a", "u", "em", "om"))
    if word.endswith("ka"):
        # Suva Reka, u Suvoj Reci.
        forms.add(f"{word[:-2]}ci")
    return forms
