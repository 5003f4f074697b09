"""The tables of the referral log; what was told about a person is encrypted in all of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    DDL,
    JSON,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.database import Base, Utc
from config.encryption import EncryptedText

# The trace can be added to and nothing else. The database itself refuses, so that neither a mistake
# in our code nor somebody with the service's own rights can quietly change who read what. After
# five years, the time the trace is kept, an entry may be deleted.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER referral_trace_is_final BEFORE UPDATE ON referral_trace "
        "BEGIN SELECT RAISE(ABORT, 'the trace is append-only'); END",
        "CREATE TRIGGER referral_trace_is_kept BEFORE DELETE ON referral_trace "
        "WHEN julianday('now') - julianday(OLD.at) < 1826 "
        "BEGIN SELECT RAISE(ABORT, 'the trace is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse_referral_trace_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF TG_OP = 'DELETE' AND OLD.at < now() - interval '1826 days' THEN RETURN OLD; "
        "END IF; RAISE EXCEPTION 'the trace is append-only'; END $$",
        "CREATE TRIGGER referral_trace_is_final BEFORE UPDATE OR DELETE ON referral_trace "
        "FOR EACH ROW EXECUTE FUNCTION refuse_referral_trace_change()",
    ),
}
# What undoes the above when a migration goes down.
APPEND_ONLY_UNDONE: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS referral_trace_is_final",
        "DROP TRIGGER IF EXISTS referral_trace_is_kept",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS referral_trace_is_final ON referral_trace",
        "DROP FUNCTION IF EXISTS refuse_referral_trace_change",
    ),
}


def _when_created() -> list[tuple[str, DDL]]:
    """Return the statements above as listeners of the table, each for its own database."""
    return [
        ("after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
        for dialect, statements in APPEND_ONLY.items()
        for statement in statements
    ]


class Referral(Base):
    """One request for support or coordination, with where it stands now."""

    __tablename__ = "referrals"
    __table_args__ = (
        UniqueConstraint("author", "idempotency_key"),
        Index("ix_referrals_status_created_at", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    author: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Utc)
    changed_at: Mapped[datetime] = mapped_column(Utc)
    status: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    referrer_role: Mapped[str] = mapped_column(String(32))
    referrer_institution: Mapped[str] = mapped_column(String(200))
    municipality: Mapped[str] = mapped_column(String(3))
    category: Mapped[str] = mapped_column(String(1))
    person_group: Mapped[str] = mapped_column(String(20))
    urgency: Mapped[str] = mapped_column(String(2))
    emergency_called: Mapped[str | None] = mapped_column(String(16))
    wanted_service: Mapped[list[Any]] = mapped_column(JSON)
    consent_status: Mapped[str | None] = mapped_column(String(24))
    legal_basis_without_consent: Mapped[str | None] = mapped_column(String(24))
    concern_facts: Mapped[str] = mapped_column(EncryptedText)
    done_so_far: Mapped[str] = mapped_column(EncryptedText)
    referrer_contact: Mapped[str] = mapped_column(EncryptedText)

    events: Mapped[list["ReferralEvent"]] = relationship(
        order_by="ReferralEvent.id", cascade="all, delete-orphan"
    )


class ReferralEvent(Base):
    """Something that happened to a referral: a move from status to status, or a note."""

    __tablename__ = "referral_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    text: Mapped[str] = mapped_column(EncryptedText)


class TraceEntry(Base):
    """Who did what to which referral, and when; kept when the referral itself is gone."""

    __tablename__ = "referral_trace"
    __table_args__ = {"listeners": _when_created()}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(64), index=True)
    what: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(20), index=True)
    at: Mapped[datetime] = mapped_column(Utc)


class SerialNumber(Base):
    """The last serial given out in a year."""

    __tablename__ = "referral_serials"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)
