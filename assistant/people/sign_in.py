"""Signing in and out: password check, throttle, and sign-ins that end by themselves."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pwdlib import PasswordHash
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session, sessionmaker

from assistant.people.people import LONGEST_PASSWORD, PersonView, view
from assistant.people.tables import Person, SignIn
from config.clock import Clock, now
from config.settings import Settings

# A sign-in's last use is written at most once a minute, so that reading pages does not write.
SEEN_STEP = timedelta(minutes=1)
WINDOW_MINUTES = 15


class WrongCredentials(Exception):
    """Name and password do not fit together; which of the two was wrong stays unsaid."""


class TooManyAttempts(Exception):
    """Too many failed sign-ins for this account or from this address; wait a quarter hour."""


@dataclass(frozen=True)
class SignedIn:
    """A fresh sign-in; `token` is shown once and stored nowhere."""

    token: str
    expires_at: datetime
    person: PersonView


class SignIns:
    """The only way to a sign-in."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        *,
        clock: Clock = now,
        hasher: PasswordHash | None = None,
    ) -> None:
        """Work on the tables in `engine` with the limits in `settings`.

        Passwords are checked by `hasher`, argon2 unless given.
        """
        self._sessions = sessionmaker(engine)
        self._now = clock
        self._idle = timedelta(minutes=settings.idle_minutes)
        self._longest = timedelta(hours=settings.session_hours)
        # Without it, demo accounts that a folder still holds are as if they were not there.
        self._demo = settings.demo
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limits = {
            "account": RateLimitItemPerMinute(settings.sign_in_attempts, WINDOW_MINUTES),
            "address": RateLimitItemPerMinute(settings.address_attempts, WINDOW_MINUTES),
        }
        # One check at a time: many at once would all be let in before the first failure counts.
        self._checking = Lock()
        self._hasher = hasher or PasswordHash.recommended()
        # Checked when there is no such account, so that both answers take the same time.
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def sign_in(self, name: str, password: str, address: str) -> SignedIn:
        """Return a fresh sign-in for the person who knows `name` and `password`.

        Raises:
            TooManyAttempts: The account or the address failed too often lately.
            WrongCredentials: No open account with this name and password.
        """
        folded = " ".join(name.split()).casefold()[:160]
        places = (("account", folded), ("address", address))
        # The lock first, so that who waits for it holds no connection to the database.
        with self._checking, self._sessions.begin() as session:
            if not all(self._limiter.test(self._limits[kind], kind, key) for kind, key in places):
                raise TooManyAttempts
            query = select(Person).where(Person.sign_in_name == folded, Person.active)
            person = self._admitted(session.scalars(query).one_or_none())
            stored = self._nobody if person is None else person.password_hash
            fits = self._hasher.verify(password[:LONGEST_PASSWORD], stored)
            if person is None or not fits:
                for kind, key in places:
                    self._limiter.hit(self._limits[kind], kind, key)
                raise WrongCredentials
            return self._open(session, person)

    def who(self, token: str) -> PersonView | None:
        """Return who is signed in with `token`; None when it is unknown, idle too long or over."""
        moment = self._now()
        with self._sessions.begin() as session:
            row = session.get(SignIn, digest(token))
            if row is None:
                return None
            person = self._admitted(session.get(Person, row.person))
            idle = moment - row.seen_at > self._idle
            if person is None or not person.active or idle or moment >= row.ends_at:
                session.delete(row)
                return None
            if moment - row.seen_at > SEEN_STEP:
                row.seen_at = moment
            return view(person)

    def sign_out(self, token: str) -> None:
        """End the sign-in of `token`; nothing happens when there is none."""
        with self._sessions.begin() as session:
            session.execute(delete(SignIn).where(SignIn.token_digest == digest(token)))

    def forget_ended(self) -> int:
        """Delete sign-ins that are over; return how many."""
        moment = self._now()
        over = (SignIn.ends_at <= moment) | (SignIn.seen_at < moment - self._idle)
        with self._sessions.begin() as session:
            rows = session.scalars(select(SignIn).where(over)).all()
            for row in rows:
                session.delete(row)
            return len(rows)

    def _admitted(self, person: Person | None) -> Person | None:
        """Return `person`, or None for a demo account where demos are not wanted."""
        return None if person is not None and person.demo and not self._demo else person

    def _open(self, session: Session, person: Person) -> SignedIn:
        token, moment = secrets.token_urlsafe(32), self._now()
        row = SignIn(
            token_digest=digest(token),
            person=person.id,
            created_at=moment,
            seen_at=moment,
            ends_at=moment + self._longest,
        )
        session.add(row)
        return SignedIn(token, row.ends_at, view(person))


def digest(token: str) -> str:
    """Return the form in which a token is stored: SHA-256, enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
