"""Tables of the accounts and of their sign-ins."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, Utc


class Person(Base):
    """One account: a member of staff, never a person whom staff help."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    # The casefolded name; unique, so that "Arta" and "arta" cannot be two accounts.
    sign_in_name: Mapped[str] = mapped_column(String(160), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(40))
    institution: Mapped[str] = mapped_column(String(120))
    municipality: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(8))
    demo: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Utc)


class SignIn(Base):
    """One sign-in that lasts until sign-out, idleness or its absolute end."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index(None, "person"),)

    # Only the digest of the token: who reads the database cannot use it to sign in.
    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    seen_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
