"""Which words of a question look like a person's name: they are neither kept nor answered."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from config.files import load_yaml
from knowledge.characters import fold
from knowledge.serbian import to_latin

STARTER = Path(__file__).with_name("starter")
KNOWN = Path(__file__).with_name("known_names.yml")

# Names take endings: Prizrenit, Prizrenu. A known name is known by as many of its first letters.
STEM = 5
# Of a longer message typed in capitals throughout nothing can be told.
MOST_CAPITAL = 0.6
MOST_IN_CAPITALS = 3

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…\n(\[\"„“«»])\s*$")


def hide_names(text: str, mark: str) -> str:
    """Return `text` with `mark` in the place of what looks like a person's name.

    A name is a capitalised word inside a sentence that the product's own texts do not know as the
    name of a place, an institution or a language; the first word of a sentence only if another name
    follows it. Names that are typed in small letters are not seen.
    """
    words = list(_WORD.finditer(text))
    capital = [word for word in words if _is_capitalised(word.group())]
    if len(words) > MOST_IN_CAPITALS and len(capital) > MOST_CAPITAL * len(words):
        return text
    hidden, kept_to = [], 0
    for start, end in _names(text, words):
        hidden += [text[kept_to:start], mark]
        kept_to = end
    return "".join([*hidden, text[kept_to:]])


def _names(text: str, words: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    first = [bool(_SENTENCE_START.search(text[: word.start()])) for word in words]
    strange = [
        _is_strange(word.group()) and not (starts and fold(word.group()) in _common())
        for word, starts in zip(words, first, strict=True)
    ]
    for place, word in enumerate(words):
        if not strange[place]:
            continue
        joined = place + 1 < len(words) and strange[place + 1] and not first[place + 1]
        if not first[place] or joined:
            yield word.start(), word.end()


def _is_capitalised(word: str) -> bool:
    return word[0].isupper()


def _is_strange(word: str) -> bool:
    """Return whether a word is capitalised, is no abbreviation, and no name that we know."""
    bare = word.partition("-")[0]
    if not _is_capitalised(word) or (len(word) > 1 and bare.isupper()):
        return False
    plain = fold(to_latin(word))
    return plain not in _known() and plain[:STEM] not in _stems()


@cache
def _known() -> frozenset[str]:
    """Return the capitalised words of the product's own texts and lists, folded."""
    listed = yaml.safe_load(KNOWN.read_text(encoding="utf-8"))
    words = {fold(word) for group in listed.values() for word in group}
    written = _own_words() | _municipalities()
    return frozenset(words | {fold(word) for word in written if _is_capitalised(word)})


@cache
def _municipalities() -> frozenset[str]:
    """Return the names of the municipalities that are one word.

    Not the words of longer ones: a part of Đeneral Janković is also a surname.
    """
    places = load_yaml("directory.yml")["municipalities"]
    names = (name for place in places for name in (*place["sq"], *place["sr"]))
    return frozenset(to_latin(name) for name in names if _WORD.fullmatch(name))


@cache
def _common() -> frozenset[str]:
    """Return every word of the product's own texts, folded: what may begin a sentence."""
    return frozenset(map(fold, _own_words()))


@cache
def _own_words() -> frozenset[str]:
    files = (*sorted(STARTER.rglob("*.md")), *sorted(STARTER.glob("*.csv")))
    texts = (to_latin(path.read_text(encoding="utf-8")) for path in files)
    return frozenset(word for text in texts for word in _WORD.findall(text))


@cache
def _stems() -> frozenset[str]:
    return frozenset(word[:STEM] for word in _known() if len(word) >= STEM)
