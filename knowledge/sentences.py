"""Where the sentences of a text begin and end, in Albanian, Serbian and English."""

import re
from functools import cache
from pathlib import Path

import yaml

ABBREVIATIONS = Path(__file__).with_name("abbreviations.yml")

# A longer run without an end is no sentence of a person: a table, a list of codes.
LONGEST_SENTENCE = 700

_END = re.compile(r"[.!?…]+[\"'»”’“)\]]*(?=\s)|\n+")
_WORD_BEFORE = re.compile(r"([^\s(„“\"'«]{1,12})$")


def spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of every sentence of `text`, in order, without surrounding blanks.

    Line ends always end a sentence, so that list items stay apart. What is longer than
    `LONGEST_SENTENCE` characters is cut between words.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for mark in _END.finditer(text):
        if text[mark.start()] != "\n" and _goes_on(text, mark):
            continue
        found.extend(_cut(text, start, mark.end()))
        start = mark.end()
    found.extend(_cut(text, start, len(text)))
    return found


def _goes_on(text: str, mark: re.Match[str]) -> bool:
    following = text[mark.end() : mark.end() + 3].lstrip()[:1]
    # A small letter goes on with the sentence; a capital, a figure or a quotation starts one.
    if following.islower():
        return True
    if mark[0] != ".":
        return False
    before = _WORD_BEFORE.search(text, max(0, mark.start() - 12), mark.start())
    word = before[1].casefold() if before else ""
    # "Neni 5. Ligji" is rare; "5. septembar", an initial and "1." before a list's item are not.
    return (
        word in _abbreviations()
        or (len(word) == 1 and word.isalpha())
        or _is_ordinal(word, text, mark)
    )


@cache
def _abbreviations() -> frozenset[str]:
    """Return the words after which a full stop ends no sentence, whatever letter follows."""
    by_language = yaml.safe_load(ABBREVIATIONS.read_text(encoding="utf-8"))
    return frozenset(word for words in by_language.values() for word in words)


def _is_ordinal(word: str, text: str, mark: re.Match[str]) -> bool:
    starts_line = text.rfind("\n", 0, mark.start()) + 1 == mark.start() - len(word)
    return word.isdigit() and starts_line


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    pieces: list[tuple[int, int]] = []
    while end - start > LONGEST_SENTENCE:
        blank = text.rfind(" ", start + 1, start + LONGEST_SENTENCE)
        stop = blank if blank > start else start + LONGEST_SENTENCE
        pieces.append((start, stop))
        start = stop
        while start < end and text[start].isspace():
            start += 1
    return [*pieces, (start, end)] if end > start else pieces
