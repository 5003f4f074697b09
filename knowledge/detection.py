"""Tells which of our languages a short message is written in, and how sure that is."""

import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from knowledge.characters import fold, normalise
from knowledge.serbian import to_latin

LATIN, CYRILLIC = "Latn", "Cyrl"

# The library knows Serbian under three names.
OWN = {"sq": "sq", "en": "en", "sr": "sr", "hr": "sr", "bs": "sr"}

STOPWORDS = Path(__file__).with_name("stopwords.yml")

# What one function word of a single language adds, as a logarithm of odds.
WORD_WEIGHT = 1.0
# Measured on tests/questions by tests/knowledge/test_language.py, where precision is kept.
CERTAIN_ODDS = 2.0
FEWEST_WORDS = 2
# Without a function word two or three words may be a name or a place.
FEWEST_UNMARKED = 4
FEWEST_LETTERS = 8
# Of the Serbian starter documents, cut into pieces of so many words, the library took 1 in 468 for
# another language; of pieces half as long, 65 in 945.
FEWEST_FOREIGN = 20

_NOT_LANGUAGE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\d\S*")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Detected:
    """The language of a text (None: no telling), its script, and whether to rely on it."""

    language: str | None
    script: str
    certain: bool


def detect(text: str) -> Detected:
    """Return the language and script of a short message.

    Cyrillic is Serbian, the only language we speak that is written in it, and certain unless a
    longer text reads as another's. For Latin letters a library's
    vote over character sequences is joined by the function words that belong to one of our
    languages only. `certain` stays false where being wrong is easy: a single word, greetings and
    borrowed courtesies, names, numbers and addresses, a language that is none of ours.
    """
    words = _WORD.findall(_NOT_LANGUAGE.sub(" ", normalise(text)))
    letters = "".join(words)
    if not letters:
        return Detected(None, LATIN, certain=False)
    if sum("\u0400" <= letter <= "\u04ff" for letter in letters) * 2 > len(letters):
        ours, others = _vote([word.lower() for word in words])
        foreign = len(words) >= FEWEST_FOREIGN and others > ours["sr"]
        return Detected("sr", CYRILLIC, certain=len(letters) > 1 and not foreign)
    latin = [to_latin(word).lower() for word in words]
    weighed = _weigh(latin)
    best, second = sorted(weighed.odds, key=weighed.odds.__getitem__, reverse=True)[:2]
    certain = (
        weighed.telling >= FEWEST_WORDS
        and len(letters) >= FEWEST_LETTERS
        and (weighed.votes > 0 or weighed.telling >= FEWEST_UNMARKED)
        and weighed.odds[best] - weighed.odds[second] >= CERTAIN_ODDS
        and not weighed.foreign
    )
    return Detected(best, LATIN, certain)


@dataclass(frozen=True)
class _Weighed:
    odds: dict[str, float]
    votes: int
    telling: int
    foreign: bool


def _weigh(words: list[str]) -> _Weighed:
    ours, others = _vote(words)
    lists = _word_lists()
    folded = [fold(word) for word in words]
    telling = [word for word in folded if word not in lists.courtesies]
    votes = [lists.marks[word] for word in telling if word in lists.marks]
    passing = [] if telling else [lists.greets[word] for word in folded if word in lists.greets]
    odds = {
        language: math.log(weight) + WORD_WEIGHT * (votes + 2 * passing).count(language)
        for language, weight in ours.items()
    }
    foreign = others > max(ours.values()) and len(votes) * 2 < len(telling)
    return _Weighed(odds, len(votes), len(telling), foreign)


def _vote(words: list[str]) -> tuple[dict[str, float], float]:
    """Return the library's probabilities of our languages, and the greatest of another one."""
    ours = dict.fromkeys(("sq", "sr", "en"), 1e-9)
    others = 0.0
    for label, probability in _library().rank(" ".join(words)):
        if label in OWN:
            ours[OWN[label]] += probability
        else:
            others = max(others, probability)
    return ours, others


@dataclass(frozen=True)
class _WordLists:
    marks: dict[str, str]
    greets: dict[str, str]
    courtesies: frozenset[str]


@cache
def _library() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _word_lists() -> _WordLists:
    lists = yaml.safe_load(STOPWORDS.read_text(encoding="utf-8"))
    courtesies = {fold(word) for words in lists["courtesy"].values() for word in words}
    greets = {language: lists["courtesy"][language] for language in lists["stop"]}
    marks = {word: to for word, to in _exclusive(lists["stop"]).items() if len(word) > 1}
    return _WordLists(marks, _exclusive(greets), frozenset(courtesies))


def _exclusive(lists: dict[str, list[str]]) -> dict[str, str]:
    """Return the language of each folded word that one language alone has."""
    folded = {language: {fold(word) for word in words} for language, words in lists.items()}
    return {
        word: language
        for language, words in folded.items()
        for word in words
        if sum(word in other for other in folded.values()) == 1
    }
