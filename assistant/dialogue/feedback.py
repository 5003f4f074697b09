"""Whether answers helped: what is kept of it, and what of that may be read.

Knows neither who said so nor what was asked; `records.py` writes and reads the rows.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, Utc


class Feedback(Base):
    """Whether an answer helped, and which documents it quoted; not who said so nor the question."""

    __tablename__ = "feedback"

    turn: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Utc)
    role: Mapped[str] = mapped_column(String(32))
    helpful: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(String(32), default="")
    documents: Mapped[str] = mapped_column(String(2000), default="[]")


@dataclass(frozen=True)
class Opinion:
    """What somebody said of one answer; never who, nor what was asked or replied.

    `reason` is "" where none was given, `documents` are those that the answer quoted, each once,
    and `language` is a code of the edge, such as sr-Latn.
    """

    helpful: bool
    reason: str
    role: str
    documents: tuple[str, ...]
    language: str
    at: datetime


def cited_in(replied: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the documents that the answers among `replied` quote, as often as they do."""
    cards = [item.get("custom", {}).get("data", {}) for item in replied]
    return [one["document"] for card in cards for one in card.get("citations", ())]


def opinion_of(row: Feedback, language: str) -> Opinion:
    """Return a stored `row` as it may be read, said in a conversation in `language`."""
    return Opinion(
        helpful=row.helpful,
        reason=row.reason,
        role=row.role,
        documents=tuple(dict.fromkeys(json.loads(row.documents))),
        language=language,
        at=row.at,
    )
