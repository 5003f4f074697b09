"""Questions that no document answered, for trainers to see what is missing."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from config.clock import Clock
from config.encryption import key_ring_of
from knowledge.documents import UnansweredQuestion
from knowledge.language import fold, normalise
from knowledge.names import hide_names
from knowledge.personal_data import KINDS, find_personal
from knowledge.personal_data import mask as mask_found

LONGEST_QUESTION = 500
MASK = "•••"

# What could lead to a person: addresses, telephone, personal and case numbers, dates of birth.
# Short numbers stay: "U1", "24 hours" and "Regulation 21/2013" are what a question is about.
_EMAIL = re.compile(r"\S+@\S+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Nine digits: a year range such as 2023-2028 has eight.
_PHONE = re.compile(r"\+?\d(?:[\s()./-]{0,2}\d){8,}")
_DATE = re.compile(r"\b\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}\b")
_LONG_NUMBER = re.compile(r"\d{5,}")


@dataclass(frozen=True)
class Unanswered:
    """A question without an answer, how often it came and when last; never who asked."""

    id: int
    question: str
    language: str
    count: int
    last_at: datetime
    role: str


class QuestionNotFound(Exception):
    """There is no such open question."""


class UnansweredQuestions:
    """The list of open questions; one entry for all ways to type the same one."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Keep the list in the database of `engine`."""
        self._engine = engine
        self._clock = clock

    def note(self, question: str, *, language: str, role: str) -> None:
        """Enter a question, masked; one that is there already counts up."""
        masked = mask(question)
        if not masked:
            return
        fingerprint = key_ring_of(self._engine.dialect).digest(fold(masked))
        now = self._clock()
        seen = {"role": role, "last_at": now}
        with Session(self._engine) as session, session.begin():
            # Counting up comes first: it takes the write lock, so that two people who ask the same
            # at once do not both enter it.
            counted = session.execute(
                update(UnansweredQuestion)
                .where(
                    UnansweredQuestion.language == language,
                    UnansweredQuestion.fingerprint == fingerprint,
                )
                .values(count=UnansweredQuestion.count + 1, **seen)
                .returning(UnansweredQuestion.id)
            )
            if counted.first() is None:
                session.add(
                    UnansweredQuestion(
                        fingerprint=fingerprint,
                        question=masked,
                        language=language,
                        count=1,
                        first_at=now,
                        **seen,
                    )
                )

    def open(self, limit: int) -> list[Unanswered]:
        """Return open questions, those asked most first, then the latest; at most `limit`."""
        with Session(self._engine) as session:
            entries = session.scalars(
                select(UnansweredQuestion)
                .order_by(
                    UnansweredQuestion.count.desc(),
                    UnansweredQuestion.last_at.desc(),
                    UnansweredQuestion.id,
                )
                .limit(limit)
            )
            return [
                Unanswered(e.id, e.question, e.language, e.count, e.last_at, e.role)
                for e in entries
            ]

    def forget(self, before: datetime) -> int:
        """Delete questions not asked since `before`; return how many."""
        old = delete(UnansweredQuestion).where(UnansweredQuestion.last_at < before)
        with Session(self._engine) as session, session.begin():
            return len(session.scalars(old.returning(UnansweredQuestion.id)).all())

    def close(self, number: int) -> None:
        """Delete a question, because it was dealt with.

        Raises:
            QuestionNotFound: No open question has this number.
        """
        with Session(self._engine) as session, session.begin():
            entry = session.get(UnansweredQuestion, number)
            if entry is None:
                raise QuestionNotFound
            session.delete(entry)


def mask(question: str) -> str:
    """Return a question without names, addresses, links, dates and long numbers."""
    typed = normalise(question)
    found = [one for one in find_personal(typed) if one.kind != "name"]
    text = hide_names(mask_found(typed, found, dict.fromkeys(KINDS, MASK)), MASK)
    for pattern in (_EMAIL, _LINK, _PHONE, _DATE, _LONG_NUMBER):
        text = pattern.sub(MASK, text)
    return text[:LONGEST_QUESTION]
