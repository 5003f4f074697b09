"""The tables of documents, their versions and passages, and the states a version goes through."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from config.database import Base, Utc
from config.encryption import EncryptedText

# Document ids are read by people and stand in addresses: short enough for both.
DOCUMENT_ID_LENGTH = 120


class State(StrEnum):
    """Where a version stands; only an approved one answers."""

    WAITING = "waiting"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Document(Base):
    """One text in one language, through all its versions."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(DOCUMENT_ID_LENGTH), primary_key=True)
    # The same text in other languages shares the family.
    family: Mapped[str] = mapped_column(String(DOCUMENT_ID_LENGTH), index=True)
    versions: Mapped[list["Version"]] = relationship(
        back_populates="document", order_by="Version.number", cascade="all, delete-orphan"
    )


class Version(Base):
    """A document as it was added once; its text never changes, only its state."""

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), index=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    script: Mapped[str] = mapped_column(String(4))
    audience: Mapped[list[str]] = mapped_column(JSON)
    sources: Mapped[list[str]] = mapped_column(JSON)
    # Empty for a text that its approver vouches for; `starter` for what still needs DPRRP's word.
    review: Mapped[str] = mapped_column(String(40))
    language_review: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    # `hide` or `flag`: whether it still answers, marked, once `valid_until` is over.
    when_out_of_date: Mapped[str] = mapped_column(String(4), server_default="hide")
    file_name: Mapped[str] = mapped_column(Text)
    content_sha256: Mapped[str] = mapped_column(String(64), index=True)
    pages_without_text: Mapped[list[int]] = mapped_column(JSON, server_default="[]")
    added_by: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Utc)

    document: Mapped[Document] = relationship(back_populates="versions")
    passages: Mapped[list["StoredPassage"]] = relationship(
        order_by="StoredPassage.place", cascade="all, delete-orphan"
    )
    events: Mapped[list["VersionEvent"]] = relationship(
        order_by="VersionEvent.id", cascade="all, delete-orphan"
    )

    def move(self, to: State, *, by: str, at: datetime, reason: str = "") -> None:
        """Bring the version to the state `to` and keep who did it, when and why."""
        self.state = to
        self.events.append(VersionEvent(state=to, by=by, at=at, reason=reason))


class StoredPassage(Base):
    """A piece of a version that makes sense alone, in its own words, with its place."""

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("version_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"))
    place: Mapped[int]
    section: Mapped[str] = mapped_column(Text)
    page: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)


class VersionEvent(Base):
    """One step in the life of a version: who brought it to which state."""

    __tablename__ = "document_version_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(Text, default="")


class LibraryState(Base):
    """Rows with a counter that moves with every change, so that other processes notice."""

    __tablename__ = "library_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    counter: Mapped[int] = mapped_column(default=0)


class UnansweredQuestion(Base):
    """A question that no document answered; says nothing of who asked."""

    __tablename__ = "unanswered_questions"
    __table_args__ = (UniqueConstraint("language", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Keyed digest of the masked, folded question: equal questions count up without being decrypted,
    # and who has the database alone cannot try guesses.
    fingerprint: Mapped[str] = mapped_column(String(64))
    question: Mapped[str] = mapped_column(EncryptedText)
    language: Mapped[str] = mapped_column(String(8))
    role: Mapped[str] = mapped_column(String(40))
    count: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(Utc)
    last_at: Mapped[datetime] = mapped_column(Utc, index=True)


class StoredTerm(Base):
    """A term that trainers added: its names by language, forms divided by " / ", Serbian Latin."""

    __tablename__ = "own_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    en: Mapped[str] = mapped_column(Text)
    sq: Mapped[str] = mapped_column(Text)
    sr: Mapped[str] = mapped_column(Text)
    added_by: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Utc)
    # Who changed, removed or brought it back last; empty where nobody did.
    changed_by: Mapped[str] = mapped_column(String(64), default="")
    changed_at: Mapped[datetime | None] = mapped_column(Utc)
    removed: Mapped[bool] = mapped_column(default=False)


# Rows of `library_state`: what answers, and the terms; a new term needs no new index.
STATE_ROW, TERMS_ROW = 1, 2


def move_counter(session: Session, row: int = STATE_ROW) -> None:
    """Move the library's counter; call it first in every transaction that changes a document.

    As the first statement it also takes the write lock, so that two people who act at once follow
    one another instead of reading the same past.
    """
    moved = session.execute(
        update(LibraryState)
        .where(LibraryState.id == row)
        .values(counter=LibraryState.counter + 1)
        .returning(LibraryState.counter)
    )
    if moved.scalar_one_or_none() is None:
        session.add(LibraryState(id=row, counter=1))
        session.flush()


def read_counter(session: Session, row: int = STATE_ROW) -> int:
    """Return the library's counter, 0 before the first change."""
    return session.scalar(select(LibraryState.counter).where(LibraryState.id == row)) or 0
