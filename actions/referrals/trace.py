"""Who did what to which referral: written in the transaction of the deed itself, never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.referrals.tables import TraceEntry


@dataclass(frozen=True)
class Traced:
    """One line of the trace."""

    who: str
    what: str
    number: str
    at: datetime


def leave_trace(session: Session, *, who: str, what: str, number: str, at: datetime) -> None:
    """Note in the open transaction that `who` did `what` to the referral `number`.

    Because both stand in one transaction, a referral cannot be read without its line in the trace.
    """
    session.add(TraceEntry(who=who, what=what, number=number, at=at))


def read_trace(session: Session, number: str) -> list[Traced]:
    """Return every line about the referral `number`, oldest first."""
    query = select(TraceEntry).where(TraceEntry.number == number).order_by(TraceEntry.id)
    return [
        Traced(line.who, line.what, line.number, line.at) for line in session.scalars(query).all()
    ]
