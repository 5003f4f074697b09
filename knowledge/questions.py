"""Question files: what is asked in each language form, and which passages answer it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.language import LANGUAGES

HALVES = ("", "tune", "test")


class BadQuestions(ValueError):
    """The file is no question file; the message says in which line."""


@dataclass(frozen=True)
class Gold:
    """What answers: a document, one of its sections, or the passage that holds a sentence.

    Attributes:
        document: The family of the document.
        section: Place of the section in the document, from 1, the same in every language; None
            means any.
        quote: Words of the passage; empty means any.
    """

    document: str
    section: int | None = None
    quote: str = ""


@dataclass(frozen=True)
class Question:
    """One question in one language form; without gold, nothing should answer it.

    `role` is that of who asks, where the answer depends on it.
    """

    id: str
    form: str
    text: str
    kind: str = ""
    gold: tuple[Gold, ...] = field(default=())
    role: str = ""

    @property
    def answerable(self) -> bool:
        """Whether something answers."""
        return bool(self.gold)


def read_questions(path: Path, half: str = "") -> list[Question]:
    """Return the questions in a file, one for each language form.

    Each line is `{"id", "texts": {form: question}}`, and may have `kind`, `half` and `role`.
    What answers is `document`, or `gold`: a list of `{"document"}`, each with `section` or `quote`.

    Args:
        path: A file of JSON lines.
        half: Only questions of this half, tune or test; empty takes all.

    Raises:
        BadQuestions: A line is not of that form.
    """
    questions: list[Question] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if half in ("", row.get("half")):
                questions += _questions(row)
        except (ValueError, KeyError, TypeError, AttributeError):
            message = f"{path.name}, line {number}: not a question"
            raise BadQuestions(message) from None
    return questions


def _questions(row: dict[str, Any]) -> Iterable[Question]:
    gold = [Gold(**one) for one in row.get("gold", ())]
    if row.get("document"):
        gold.append(Gold(row["document"]))
    for form, text in row["texts"].items():
        if form not in LANGUAGES or not isinstance(text, str):
            raise ValueError
        yield Question(row["id"], form, text, row.get("kind", ""), tuple(gold), row.get("role", ""))
