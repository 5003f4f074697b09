"""Restores the diacritics people leave out, and brings words to the form a dictionary lists."""

import itertools
import math
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import yaml
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

from knowledge.characters import fold
from knowledge.detection import STOPWORDS
from knowledge.serbian import to_latin

# What simplemma calls our languages; hbs covers Serbian in both scripts.
DICTIONARIES = {"sq": "sq", "sr": "hbs", "en": "en"}

# The letters a plain one may stand for.
MEANT = {"sq": {"c": "cç", "e": "eë"}, "sr": {"c": "cčć", "s": "sš", "z": "zž"}}
OWN_LETTERS = {"sq": frozenset("ëç"), "sr": frozenset("čćšžđ")}

# Words in which the dictionary misleads, counted by `knowledge.spelling_fitting` in our own texts.
SPELLINGS = Path(__file__).with_name("spellings.yml")

# Albanian endings that always carry ë, for words that no dictionary lists.
ENDINGS = {"ise": "isë", "ine": "inë", "oje": "ojë"}

# A word with more spellings than this is left as it is: 2 ms would be too long a wait.
MOST_SPELLINGS = 256
# Of a writer who uses diacritics, words this short (te, ne, me, se) are meant as they stand.
SHORT = 2
REMEMBERED = 1 << 14

_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\W_]+(?:-[^\W\d_]+)*")
# Case endings that Albanian and Serbian tie to a name with a hyphen: DPRRP-ja, MUP-a.
_TIED_ENDING = re.compile(r"-\w{1,4}$")


def restore_diacritics(text: str, language: str) -> str:
    """Return `text` with the diacritics its writer left out, where it is clear which.

    Measured on questions written by others, per word: Albanian from .64 right to .93, Serbian from
    .81 to .97. Only words in plain letters change; English and Cyrillic stay as they are.

    Args:
        text: What someone typed.
        language: sq, sr or en.
    """
    if language not in MEANT:
        return text
    careful = any(letter in OWN_LETTERS[language] for letter in text.lower())

    def restored(match: re.Match[str]) -> str:
        word = match.group()
        shortest = SHORT if careful else 1
        # Capitals inside a word are an abbreviation or a foreign name, not a shout.
        if not word.isascii() or len(word) <= shortest or not word[1:].islower():
            return word
        form = spelled(word.lower(), language)
        return form.capitalize() if word[0].isupper() else form

    return _WORD.sub(restored, text)


def lemmas(text: str, language: str) -> list[str]:
    """Return the words of `text` in dictionary form, folded, in order, without stop words.

    Args:
        text: A question or a passage, with or without diacritics, in either script.
        language: sq, sr or en.
    """
    stop = _stop_words(language)
    found = []
    for token in _TOKEN.findall(restore_diacritics(to_latin(text), language)):
        word = _TIED_ENDING.sub("", token) if "-" in token and language != "en" else token
        for part in word.lower().split("-"):
            lemma = fold(lemma_of(part, language))
            if len(lemma) > 1 and fold(part) not in stop and lemma not in stop:
                found.append(lemma)
    return found


@lru_cache(maxsize=REMEMBERED)
def spelled(word: str, language: str) -> str:
    """Return one lower-case word in plain letters with its likeliest diacritics."""
    seen = _spellings(language).get(word)
    return seen if seen is not None else spelled_by_dictionary(word, language)


def spelled_by_dictionary(word: str, language: str) -> str:
    """Return `word` with the diacritics that the dictionary and the endings suggest."""
    found = [form for form in _possible(word, language) if _is_listed(form, language)]
    # The dictionary lists "shkolle" beside "shkollë" and "rodjen" beside "rođen", but hardly anyone
    # who knows the letter means the former.
    found = [form for form in found if _carries_its_letter(form, word)] or found
    if word in found:
        return word
    if found:
        # The nearest to what was typed: the first at the same distance, so results never flicker.
        return min(found, key=lambda form: sum(letter not in word for letter in form))
    return _by_ending(word, language)


def _possible(word: str, language: str) -> list[str]:
    bases = [word]
    if language == "sr" and "dj" in word:
        bases.append(word.replace("dj", "đ"))
    possible = []
    for base in bases:
        letters = [MEANT[language].get(letter, letter) for letter in base]
        if math.prod(map(len, letters)) <= MOST_SPELLINGS:
            possible += ["".join(form) for form in itertools.product(*letters)]
    return possible


def _carries_its_letter(form: str, word: str) -> bool:
    return (word.endswith("e") and form.endswith("ë")) or ("dj" in word and "đ" in form)


def _by_ending(word: str, language: str) -> str:
    if language == "sr":
        # Real dj is rare, and the words that have it are listed.
        return word.replace("dj", "đ")
    for plain, marked in ENDINGS.items():
        if word.endswith(plain):
            return word.removesuffix(plain) + marked
    return word


def is_listed(word: str, language: str) -> bool:
    """Return whether a dictionary lists a word typed in small letters, with or without marks."""
    form = spelled(word, language) if language in MEANT else word
    return form in _dictionary(language)


def _is_listed(word: str, language: str) -> bool:
    dictionary = _dictionary(language)
    return word in dictionary or word.capitalize() in dictionary


def is_stop_word(word: str, language: str) -> bool:
    """Return whether a word says too little alone to search for."""
    return fold(word) in _stop_words(language)


@lru_cache(maxsize=REMEMBERED)
def lemma_of(word: str, language: str) -> str:
    """Return the dictionary form of one lower-case word; a word no dictionary lists stays."""
    return str(_lemmatizer().lemmatize(word, DICTIONARIES[language]))


@cache
def _lemmatizer() -> Lemmatizer:
    # The low-memory form costs 17 us a word instead of 3 and saves 90 MB.
    return Lemmatizer(1, lemmatization_strategy=DefaultStrategy(low_memory=True))


@cache
def _dictionary(language: str) -> Mapping[str, str]:
    dictionary: Mapping[str, str] = LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(
        DICTIONARIES[language]
    )
    return dictionary


@cache
def _spellings(language: str) -> Mapping[str, str]:
    words = yaml.safe_load(SPELLINGS.read_text(encoding="utf-8"))[language]
    return {fold(word): word for kind in ("chosen", "seen") for word in words[kind]}


@cache
def _stop_words(language: str) -> frozenset[str]:
    words = yaml.safe_load(STOPWORDS.read_text(encoding="utf-8"))["stop"][language]
    return frozenset(map(fold, words))
