"""What is kept of conversations, for how long, and how it is forgotten; all words are encrypted.

Knows nothing of scripts: what a conversation remembers is handed over and given back as it is.
"""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Engine,
    ForeignKey,
    Index,
    Integer,
    String,
    delete,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from assistant.dialogue.feedback import Feedback, Opinion, cited_in, opinion_of
from assistant.dialogue.kept import Kept, PastTurn, Said
from assistant.dialogue.locks import Locks
from config.clock import Clock, now
from config.database import Base, Utc
from config.encryption import EncryptedText
from knowledge.language import join

SENDER_LENGTH = 64


class ConversationNotFound(Exception):
    """No such conversation, or another's: the two look alike on purpose."""


class Conversation(Base):
    """One talk with one person, who alone may read it."""

    __tablename__ = "conversations"

    sender: Mapped[str] = mapped_column(String(SENDER_LENGTH), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    language: Mapped[str] = mapped_column(String(8))
    script: Mapped[str] = mapped_column(String(8))
    updated_at: Mapped[datetime] = mapped_column(Utc, index=True)
    # What is remembered without an unsent referral, and with it; the second can be dropped alone.
    state: Mapped[str] = mapped_column(EncryptedText)
    draft: Mapped[str | None] = mapped_column(EncryptedText)
    drafted_at: Mapped[datetime | None] = mapped_column(Utc, index=True)
    draft_expired: Mapped[bool] = mapped_column(Boolean, default=False)


class Turn(Base):
    """One message and what was replied; `form` is the form it was said in, "" outside."""

    __tablename__ = "turns"
    __table_args__ = (Index("ix_turns_conversation_form", "conversation", "form"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation: Mapped[str] = mapped_column(
        ForeignKey("conversations.sender", ondelete="CASCADE")
    )
    at: Mapped[datetime] = mapped_column(Utc)
    form: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[str] = mapped_column(EncryptedText)


@dataclass(frozen=True)
class Forgotten:
    """How much `forget_old` removed."""

    drafts: int
    conversations: int


class Records:
    """Keeps conversations; every method is one transaction."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Clock = now,
        draft_days: int = 7,
        conversation_days: int = 30,
        lock_folder: Path | None = None,
    ) -> None:
        """Keep an unsent referral for `draft_days`, a conversation for `conversation_days`.

        The locks of conversations lie in `lock_folder`, as for `Locks`.
        """
        self._locks = Locks(lock_folder)
        self._engine = engine
        self._sessions = sessionmaker(engine)
        self.now = clock
        self.draft_days = draft_days
        self.conversation_days = conversation_days

    def turn_of(self, sender: str) -> AbstractContextManager[None]:
        """Return what holds a conversation for one turn; everybody else waits."""
        return self._locks.of(sender)

    def find(self, sender: str, owner: str) -> Kept | None:
        """Return what is kept of a conversation, None when nobody has used the name yet.

        Raises:
            ConversationNotFound: The conversation is another person's.
        """
        with self._sessions.begin() as session:
            row = session.get(Conversation, sender)
            if row is None:
                return None
            if row.owner != owner:
                raise ConversationNotFound
            if row.drafted_at and row.drafted_at < self.now() - timedelta(days=self.draft_days):
                _drop_draft(session, row)
            return Kept(
                sender=row.sender,
                owner=row.owner,
                language=row.language,
                script=row.script,
                state=json.loads(row.state),
                draft=json.loads(row.draft) if row.draft else None,
                updated_at=row.updated_at,
                draft_expired=row.draft_expired,
            )

    def save(self, kept: Kept, said: Said) -> int:
        """Keep a turn and what the conversation remembers after it; return the turn's number.

        When the form is over, all that was said in it is removed in the same transaction. Of a turn
        that goes on only the turn is kept: a conversation that is there stays as it was before it.

        Raises:
            ConversationNotFound: Another person took the name meanwhile.
        """
        with self._sessions.begin() as session:
            row = session.get(Conversation, kept.sender)
            if row is not None and row.owner != kept.owner:
                raise ConversationNotFound
            moment = self.now()
            if row is None or not said.goes_on:
                session.add(_remember(row, kept, moment, in_form=bool(said.form)))
            session.flush()
            if said.ends:
                _redact(session, Turn.conversation == kept.sender)
            turn = session.get(Turn, said.number) if said.number else None
            turn = turn or Turn(conversation=kept.sender, at=moment)
            turn.content = _dump({"said": said.text, "replied": list(said.replied)})
            turn.form = "" if said.ends else said.form
            session.add(turn)
            session.flush()
            return turn.id

    def turns(self, sender: str, owner: str) -> list[PastTurn]:
        """Return what was said, oldest first.

        Raises:
            ConversationNotFound: There is none of this name, or it is another person's.
        """
        with self._sessions.begin() as session:
            row = session.get(Conversation, sender)
            if row is None or row.owner != owner:
                raise ConversationNotFound
            found = session.scalars(
                select(Turn).where(Turn.conversation == sender).order_by(Turn.id)
            )
            return [_past(turn) for turn in found]

    def note_feedback(self, turn: int, *, role: str, helpful: bool, reason: str = "") -> None:
        """Keep whether the answer in `turn` helped; a second opinion replaces the first."""
        with self._sessions.begin() as session:
            row = session.get(Turn, turn)
            documents = cited_in(json.loads(row.content)["replied"]) if row else []
            opinion = {
                "at": self.now(),
                "role": role,
                "helpful": helpful,
                "reason": reason,
                "documents": json.dumps(documents),
            }
            # One statement, because two opinions may come at the same moment.
            dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
            first = dialect.insert(Feedback).values(turn=turn, **opinion)
            session.execute(first.on_conflict_do_update(index_elements=["turn"], set_=opinion))

    def feedback(self, limit: int = 100) -> list[Opinion]:
        """Return what was said of answers, the latest first; at most `limit`.

        Each in the language that its conversation is held in by now.
        """
        told = (
            select(Feedback, Conversation.language, Conversation.script)
            .join(Turn, Turn.id == Feedback.turn)
            .join(Conversation, Conversation.sender == Turn.conversation)
            .order_by(Feedback.at.desc(), Feedback.turn.desc())
            .limit(limit)
        )
        with self._sessions.begin() as session:
            rows = session.execute(told)
            return [opinion_of(row, join(language, script)) for row, language, script in rows]

    def forget_old(self) -> Forgotten:
        """Remove unsent referrals and conversations that have had their time; return how many.

        What was said so long ago goes too, where the conversation still goes on.
        """
        moment = self.now()
        earliest = moment - timedelta(days=self.conversation_days)
        with self._sessions.begin() as session:
            waiting = select(Conversation).where(
                Conversation.drafted_at < moment - timedelta(days=self.draft_days)
            )
            drafts = list(session.scalars(waiting))
            for row in drafts:
                _drop_draft(session, row)
            _forget_broken_off(session, moment - timedelta(days=self.draft_days))
            old = list(
                session.scalars(
                    select(Conversation.sender).where(Conversation.updated_at < earliest)
                )
            )
            over = Turn.conversation.in_(old) | (Turn.at < earliest)
            session.execute(delete(Feedback).where(Feedback.turn.in_(select(Turn.id).where(over))))
            session.execute(delete(Turn).where(over))
            session.execute(delete(Conversation).where(Conversation.sender.in_(old)))
        self._empty_log()
        return Forgotten(len(drafts), len(old))

    def _empty_log(self) -> None:
        """Fold SQLite's write-ahead log into the database: deleted rows stay in it until then."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _remember(
    row: Conversation | None, kept: Kept, moment: datetime, *, in_form: bool
) -> Conversation:
    row = row or Conversation(sender=kept.sender, owner=kept.owner)
    row.language, row.script, row.updated_at = kept.language, kept.script, moment
    row.state = _dump(kept.state)
    row.draft = _dump(kept.draft) if kept.draft else None
    # What is said while a referral is paused does not keep it any longer.
    since = moment if in_form else row.drafted_at or moment
    row.drafted_at = since if kept.draft else None
    row.draft_expired = False
    return row


def _drop_draft(session: Session, row: Conversation) -> None:
    row.draft, row.drafted_at, row.draft_expired = None, None, True
    _redact(session, Turn.conversation == row.sender)


def _forget_broken_off(session: Session, before: datetime) -> None:
    """Remove what was said in forms that never came to be a draft, as the service broke off."""
    without = select(Conversation.sender).where(Conversation.drafted_at.is_(None))
    _redact(session, Turn.at < before, Turn.conversation.in_(without))


def _redact(session: Session, *where: ColumnElement[bool]) -> None:
    """Remove what was said and shown inside forms; that something was stays visible."""
    for turn in session.scalars(select(Turn).where(Turn.form != "", *where)):
        turn.content = _dump({"said": "", "replied": [], "redacted": True})


def _past(turn: Turn) -> PastTurn:
    content = json.loads(turn.content)
    return PastTurn(
        id=turn.id,
        at=turn.at,
        said=content["said"],
        replied=content["replied"],
        form=turn.form,
        redacted=content.get("redacted", False),
    )


def _dump(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
