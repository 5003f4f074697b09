"""The file of `search --questions`: one question a line, as JSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.language import LANGUAGES

SPOKEN = frozenset({"", "sr", *LANGUAGES})


class BadLine(ValueError):
    """The file cannot be read; the message says what is wrong, and in which line."""


@dataclass(frozen=True)
class Line:
    """One question: its id as it stands in the file, its text, and a language or nothing."""

    id: str | int
    question: str
    language: str


def read_lines(path: Path, language: str) -> list[Line]:
    """Return the questions of a file, in order; blank lines are passed over.

    Args:
        path: Lines of `{"id", "question", "language"}` in UTF-8, with a byte order mark or not.
        language: Of the lines that name none.

    Raises:
        BadLine: The file is not UTF-8, or a line is no question.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        message = f"{path.name} is not UTF-8"
        raise BadLine(message) from None
    return list(_lines(text, language))


def _lines(text: str, language: str) -> Iterator[Line]:
    # Not splitlines(): a line separator inside a question is no line end of JSON lines.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _line(line, f"line {number} of the question file", language)


def _line(line: str, place: str, language: str) -> Line:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        message = f"{place} is no JSON object"
        raise BadLine(message)
    name, question, spoken = (row.get(key) for key in ("id", "question", "language"))
    if isinstance(name, bool) or not isinstance(name, str | int):
        message = f"{place} lacks an id, which is text or a number"
        raise BadLine(message)
    if not isinstance(question, str):
        message = f"{place} lacks a question, which is text"
        raise BadLine(message)
    spoken = spoken or language
    if not isinstance(spoken, str) or spoken not in SPOKEN:
        message = f"{place}: no language {spoken!r}"
        raise BadLine(message)
    if not _is_whole(str(name)):
        message = f"{place}: the id holds half of a character"
        raise BadLine(message)
    return Line(name, question, spoken)


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
