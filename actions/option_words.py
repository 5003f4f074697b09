"""Understands a typed answer to a question with fixed choices, in any of our languages."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from actions.words import REFERRAL
from config.files import load_yaml
from knowledge.language import fold

WORD = re.compile(r"[a-z0-9]+")
Words = tuple[str, ...]
# A word and where it stands in an answer, counted from 0.
Mark = tuple[int, str]

CONSENT = "consent_status"
ASKED_CHILD, NOT_ASKED, REFUSED = "child_view_asked", "not_asked_because", "refused"
GIVEN_BY_CARER = "given_by_carer"
AGREES, NOT, OTHERS = "agrees", "not", "others"
NOBODY, UNCLEAR = "nobody", "unclear"
SPEAKERS = frozenset({"given_by_person", GIVEN_BY_CARER, OTHERS})
# "did not give her written consent": a "not" reaches this many words ahead, and no further.
REACH = 4


def category_groups() -> Mapping[str, list[str]]:
    """Return the groups in which kinds of case are offered, in order."""
    groups: Mapping[str, list[str]] = load_yaml("referral_words.yml")["category_groups"]
    return groups


def is_send_word(text: str) -> bool:
    """Return whether `text` says "send" and nothing else."""
    return _words(text) in map(_words, load_yaml("referral_words.yml")["send"])


def is_label(field: str, text: str) -> bool:
    """Return whether `text` is the label of an option of `field`, or its code, and nothing else."""
    labels = load_yaml(f"interface/{REFERRAL}.yml")
    return any(
        _words(text) in map(_words, [key.removeprefix(f"{field}."), *names.values()])
        for key, names in labels.items()
        if key.startswith(f"{field}.")
    )


def options_in(field: str, text: str, options: Iterable[str]) -> list[str]:
    """Return which of the `options` of `field` the `text` names, in the order of their mention.

    A label alone, in any language, or a code alone is that option. Otherwise words are looked for,
    longer ones first: "not urgent" is not also "urgent". Consent is read with more care: who gave
    it has to be said, and an answer that leaves doubt names nothing.
    """
    labels = load_yaml(f"interface/{REFERRAL}.yml")
    words = _words(text)
    for option in options:
        names = [option, *labels[f"{field}.{option}"].values()]
        if words in map(_words, names):
            return [option]
    if field == CONSENT:
        return [] if "?" in text else [one for one in _consent_in(words) if one in options]
    known = load_yaml("referral_words.yml")[field]
    offered = {option: known[option] for option in options if option in known}
    return list(dict.fromkeys(option for _, option in _marks(words, offered)))


def _consent_in(words: Words) -> list[str]:
    known = load_yaml("referral_words.yml")
    marks = [m for m in _marks(words, {**known[CONSENT], **known["consent"]}) if m[1] != "aside"]
    said = {name for _, name in marks}
    unasked = [NOT_ASKED] if NOT_ASKED in said else []
    if "not_yet" in said:
        return []
    if "unsure" in said:
        return unasked
    told = [(speaker, answer) for speaker, answer in _clauses(marks) if answer is not None]
    speakers = {speaker for speaker, _ in told}
    answers = {answer for _, answer in told}
    if OTHERS in speakers or len(answers) != 1:
        return unasked
    if answers == {REFUSED}:
        return [*unasked, REFUSED]
    if answers != {AGREES} or NOBODY in speakers:
        return unasked
    if speakers == {GIVEN_BY_CARER} and ASKED_CHILD in said:
        return [*unasked, ASKED_CHILD]
    return [*unasked, *sorted(speakers)]


def _clauses(marks: list[Mark]) -> Iterator[tuple[str, str | None]]:
    """Yield who speaks and what they answer; None where they answer nothing.

    What stands before the first speaker is said by that one: "nuk pajtohet nëna".
    """
    starts = [place for place, (_, name) in enumerate(marks) if name in SPEAKERS]
    ends = [*starts, len(marks)]
    yield marks[starts[0]][1] if starts else NOBODY, _answer(marks[: ends[0]])
    for start, end in zip(starts, ends[1:], strict=True):
        yield marks[start][1], _answer(marks[start:end])


def _answer(marks: list[Mark]) -> str | None:
    """Return whether these words agree, refuse or are unclear; None where they do neither."""
    signs = [(at, name) for at, name in marks if name in {AGREES, NOT, REFUSED}]
    names = [name for _, name in signs]
    if not names:
        return None
    if set(names) == {AGREES}:
        return AGREES
    if REFUSED in names and (NOT, REFUSED) not in pairwise(names):
        return REFUSED
    if names[:2] == [NOT, AGREES] and signs[1][0] - signs[0][0] <= REACH:
        return REFUSED
    return UNCLEAR


def _marks(words: Words, known: Mapping[str, list[str]]) -> Iterator[Mark]:
    """Yield where in `words` which key of `known` is mentioned, longer phrases before shorter."""
    patterns = [(phrase.split(), name) for name, phrases in known.items() for phrase in phrases]
    patterns.sort(key=lambda pattern: len(pattern[0]), reverse=True)
    start = 0
    while start < len(words):
        here = [(p, o) for p, o in patterns if _matches(p, words[start : start + len(p)])]
        longest = [(p, o) for p, o in here if len(p) == len(here[0][0])]
        yield from sorted({(start, name) for _, name in longest})
        start += len(longest[0][0]) if longest else 1


def _matches(pattern: list[str], words: Words) -> bool:
    return len(pattern) == len(words) and all(
        word.startswith(stem[:-1]) if stem.endswith("*") else word == stem
        for stem, word in zip(pattern, words, strict=True)
    )


def _words(text: str) -> Words:
    return tuple(WORD.findall(fold(text)))
