"""Which words of a question look like a person's name: they are neither kept nor answered."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

from config.files import load_yaml
from knowledge.characters import fold
from knowledge.given_names import (
    ends_like_a_family_name,
    is_family,
    is_given_name,
    is_listed_name,
)
from knowledge.glossary import INSIDE, Glossary
from knowledge.serbian import to_latin
from knowledge.word_forms import is_listed, is_stop_word

STARTER = Path(__file__).with_name("starter")
KNOWN = Path(__file__).with_name("known_names.yml")

# Names take endings: Prizrenit, Prizrenu. A known name is known by as many of its first letters.
STEM = 5
# Of a longer message typed in capitals throughout only the given names can be told.
MOST_CAPITAL = 0.6
MOST_IN_CAPITALS = 3
SHORTEST_SURNAME = 4

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_APOSTROPHE = re.compile(r"['’]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…\n(\[\"„“«»])\s*$")

Words = list[re.Match[str]]


def hide_names(text: str, mark: str, public: Callable[[str], bool] | None = None) -> str:
    """Return `text` with `mark` in the place of what looks like a person's name.

    A name is a capitalised word inside a sentence that the product's own texts do not know as the
    name of a place, an institution or a language; the first word of a sentence only if another name
    follows it. It is also a given name that people in Kosovo bear, in any case and also in small
    letters, and a word nobody knows right after it or beside the word for family. Not seen are
    names in small letters that are everyday words too, such as Drita, and rare ones.

    Args:
        text: In any language and script.
        mark: Put in the place of each word of a name.
        public: Tells of a folded word whether it may be said. A name stays when all its words may,
            unless it is a given name alone, which tells nobody apart. So does the name of a
            place, which is known by the word before it. None hides both.
    """
    hidden, kept_to = [], 0
    for together in _hidden(text, public):
        for word in together:
            hidden += [text[kept_to : word.start()], mark]
            kept_to = word.end()
    return "".join([*hidden, text[kept_to:]])


def find_names(text: str, public: Callable[[str], bool] | None = None) -> Iterator[tuple[int, int]]:
    """Yield of each name that `hide_names` hides its first character and the one after its last."""
    return ((name[0].start(), name[-1].end()) for name in _hidden(text, public))


def _hidden(text: str, public: Callable[[str], bool] | None) -> Iterator[Words]:
    words = list(_WORD.finditer(text))
    for together in _runs(text, words, _names(text, words)):
        if public is None or not (_is_place(text, together) or _is_public(together, public)):
            yield together


def _names(text: str, words: Words) -> list[bool]:
    """Return for each word whether it looks like a name or a part of one."""
    plain = [_plain(word.group()) for word in words]
    given = [_is_given(word) for word in plain]
    capitals = not _is_shouted(words)
    named = [a or b for a, b in zip(given, _capitalised_names(text, words), strict=True)]
    for place, (before, word) in enumerate(pairwise(words), start=1):
        between = text[before.end() : word.start()]
        # "M. Petrović".
        if between.strip() == "." and _is_initial(before) and _is_strange(word.group()):
            named[place - 1] = named[place] = True
        if not between.isspace():
            continue
        if given[place - 1] and _may_be_surname(plain[place]):
            named[place] = True
        # Bajrami and Burim begin like words that we know, and are names beside a name.
        if capitals and (named[place - 1] or named[place]) and _may_be_both(text, before, word):
            named[place - 1] = named[place] = True
        # "familja krasniqi" and "the krasniqi family".
        if is_family(plain[place - 1]) and _may_be_family_name(plain[place]):
            named[place] = True
        if plain[place] == "family" and _may_be_family_name(plain[place - 1]):
            named[place - 1] = True
    return named


def _capitalised_names(text: str, words: Words) -> list[bool]:
    if not words or _is_shouted(words):
        return [False] * len(words)
    first = [bool(_SENTENCE_START.search(text[: word.start()])) for word in words]
    strange = [
        _is_strange(word.group()) and not (starts and fold(word.group()) in _common())
        for word, starts in zip(words, first, strict=True)
    ]
    joined = [a and not b for a, b in zip(strange[1:], first[1:], strict=True)]
    return [
        one and (not starts or followed)
        for one, starts, followed in zip(strange, first, [*joined, False], strict=True)
    ]


def _is_shouted(words: Words) -> bool:
    """Return whether so many words have a capital that it tells nothing."""
    capital = [word for word in words if _is_capitalised(word.group())]
    return len(words) > MOST_IN_CAPITALS and len(capital) > MOST_CAPITAL * len(words)


def _may_be_both(text: str, before: re.Match[str], word: re.Match[str]) -> bool:
    """Return whether two words with capitals may be given name and surname.

    That is: neither is a known name or an abbreviation, and the first begins no sentence unless
    it is a given name or nobody knows it.
    """
    bare, plain = (one.group().partition("-")[0] for one in (before, word)), _plain(before.group())
    if any(not _is_capitalised(one) or one.isupper() or _plain(one) in _known() for one in bare):
        return False
    starts = _SENTENCE_START.search(text[: before.start()])
    return not starts or is_given_name(plain) or _may_be_surname(plain)


def _is_initial(word: re.Match[str]) -> bool:
    return len(word.group()) == 1 and word.group().isupper()


def _runs(text: str, words: Words, names: list[bool]) -> Iterator[Words]:
    """Yield the names, each as the words of it that follow one another."""
    together: Words = []
    for word, named in zip(words, names, strict=True):
        between = text[together[-1].end() : word.start()] if together else " "
        initial = between.strip() == "." and _is_initial(together[-1])
        if together and not (named and (between.isspace() or initial)):
            yield together
            together = []
        if named:
            together.append(word)
    if together:
        yield together


def _is_public(name: Words, public: Callable[[str], bool]) -> bool:
    plain = [_plain(word.group()) for word in name]
    # Zeneli is a surname, and Zenel with an ending.
    tells = len(plain) > 1 or not is_given_name(plain[0])
    return tells and all(map(public, plain))


def _is_place(text: str, name: Words) -> bool:
    before = text[: name[0].start()].split()[-1:]
    given = any(is_given_name(_plain(word.group())) for word in name)
    return not given and any(fold(word) in _listed()["before_places"] for word in before)


def _plain(word: str) -> str:
    """Return a word folded, without what is tied to it: n'klasën, Artonin-, Gashi's."""
    parts = _APOSTROPHE.split(word.partition("-")[0])
    return fold(max(parts, key=len))


def _is_given(word: str) -> bool:
    """Return whether a folded word is a given name, and no other word that we know."""
    known = word in _known() if is_listed_name(word) else _is_known(word)
    return is_given_name(word) and word not in _common() and not known


def _may_be_surname(word: str) -> bool:
    """Return whether nothing and nobody knows a folded word: a surname, most likely."""
    return (
        len(word) >= SHORTEST_SURNAME
        and word not in _common()
        and word not in _everyday()
        and not _is_known(word)
        and not any(
            is_stop_word(word, language) or is_listed(word, language) for language in INSIDE
        )
    )


def _may_be_family_name(word: str) -> bool:
    return ends_like_a_family_name(word) and _may_be_surname(word)


def _is_capitalised(word: str) -> bool:
    return word[0].isupper()


def _is_strange(word: str) -> bool:
    """Return whether a word is capitalised, is no abbreviation, and no name that we know."""
    bare = word.partition("-")[0]
    # NGO and NGOs.
    if not _is_capitalised(word) or (len(word) > 1 and bare.removesuffix("s").isupper()):
        return False
    return not _is_known(fold(to_latin(word)))


def _is_known(plain: str) -> bool:
    return plain in _known() or plain[:STEM] in _stems()


@cache
def _everyday() -> frozenset[str]:
    """Return the words of the glossary and the wordbook in all languages, folded."""
    terms = Glossary.shipped().terms
    names = (name for term in terms for language in INSIDE for name in term.names(language))
    return frozenset(fold(word) for name in names for word in _WORD.findall(name))


@cache
def _known() -> frozenset[str]:
    """Return the capitalised words of the product's own texts and lists, folded."""
    words = {word for kind, group in _listed().items() if kind != "before_places" for word in group}
    written = _own_words() | _municipalities()
    return frozenset(words | {fold(word) for word in written if _is_capitalised(word)})


@cache
def _listed() -> dict[str, frozenset[str]]:
    listed = yaml.safe_load(KNOWN.read_text(encoding="utf-8"))
    return {kind: frozenset(map(fold, group)) for kind, group in listed.items()}


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
