"""Understands a typed answer to a question with fixed choices, in any of our languages."""

import re
from collections.abc import Iterable, Iterator, Mapping

from actions.words import REFERRAL
from config.files import load_yaml
from knowledge.language import fold

WORD = re.compile(r"[a-z0-9]+")


def category_groups() -> Mapping[str, list[str]]:
    """Return the groups in which kinds of case are offered, in order."""
    groups: Mapping[str, list[str]] = load_yaml("referral_words.yml")["category_groups"]
    return groups


def is_send_word(text: str) -> bool:
    """Return whether `text` says "send" and nothing else."""
    return _words(text) in map(_words, load_yaml("referral_words.yml")["send"])


def options_in(field: str, text: str, options: Iterable[str]) -> list[str]:
    """Return which of the `options` of `field` the `text` names, in the order of their mention.

    A label alone, in any language, or a code alone is that option. Otherwise words are looked for,
    longer ones first: "not urgent" is not also "urgent".
    """
    labels = load_yaml(f"interface/{REFERRAL}.yml")
    words = _words(text)
    for option in options:
        names = [option, *labels[f"{field}.{option}"].values()]
        if words in map(_words, names):
            return [option]
    return list(dict.fromkeys(_mentioned(words, field, set(options))))


def _mentioned(words: tuple[str, ...], field: str, options: set[str]) -> Iterator[str]:
    known: Mapping[str, list[str]] = load_yaml("referral_words.yml")[field]
    patterns = [
        (phrase.split(), option) for option in options & set(known) for phrase in known[option]
    ]
    patterns.sort(key=lambda pattern: len(pattern[0]), reverse=True)
    start = 0
    while start < len(words):
        here = [(p, o) for p, o in patterns if _matches(p, words[start : start + len(p)])]
        longest = [(p, o) for p, o in here if len(p) == len(here[0][0])]
        yield from sorted({option for _, option in longest})
        start += len(longest[0][0]) if longest else 1


def _matches(pattern: list[str], words: tuple[str, ...]) -> bool:
    return len(pattern) == len(words) and all(
        word.startswith(stem[:-1]) if stem.endswith("*") else word == stem
        for stem, word in zip(pattern, words, strict=True)
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(fold(text)))
