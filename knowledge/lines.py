"""Lines of plain text -> headings, paragraphs and lists; shared by the readers of TXT and PDF."""

import re
from collections.abc import Iterable

from knowledge.source_text import ITEM, PARAGRAPH, Block

# Every kind of bullet becomes this one; numbers and letters of a list stay as they are.
BULLET = "• "

# A line that may be a heading is short and does not end like a sentence.
HEADING_WORDS = 10
HEADING_CHARACTERS = 90

_SENTENCE_END = re.compile(r"[.,;:!?…]$")
_DASH = re.compile(r"^\s*[-*•–·▪◦]\s+(?=\S)")
_NUMBER = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|\(?[a-zа-я]\))\s+(?=\S)")


def looks_like_heading(line: str) -> bool:
    """Return whether a line that stands alone reads like a heading and not like a sentence."""
    return (
        len(line) <= HEADING_CHARACTERS
        and len(line.split()) <= HEADING_WORDS
        and not _SENTENCE_END.search(line)
        and not _DASH.match(line)
        and any(letter.isalpha() for letter in line)
    )


def is_item(line: str) -> bool:
    """Return whether a line begins with a bullet or a number of a list."""
    return bool(_DASH.match(line) or _NUMBER.match(line))


def join_lines(lines: Iterable[str], page: int | None = None) -> list[Block]:
    """Return wrapped lines as one paragraph, or as a paragraph and the list that follows it."""
    groups: list[list[str]] = []
    for line in lines:
        if is_item(line) or not groups:
            groups.append([_DASH.sub(BULLET, line.strip())])
        else:
            groups[-1].append(line.strip())
    return [
        Block(ITEM if is_item(group[0]) else PARAGRAPH, " ".join(group), page=page)
        for group in groups
    ]
