"""The accounts: added, disabled, changed, and looked up for those who may see them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pwdlib import PasswordHash
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from assistant.people.tables import Person, SignIn
from config.clock import Clock, now
from knowledge.language import split

# Shorter passwords are refused. Source: NIST SP 800-63B-4, at least 15 where a password stands
# alone; 12 is our compromise for phones, with throttling beside it.
SHORTEST_PASSWORD = 12
# Longest password that is hashed at all: argon2 on megabytes of input would be a way to stop us.
LONGEST_PASSWORD = 1000
NAME_LENGTHS = range(2, 81)


class NameTaken(Exception):
    """Another account already signs in with this name."""


class PersonNotFound(Exception):
    """There is no such account."""


class WeakPassword(Exception):
    """The new password is too short or too long, or is the name itself."""


class WrongPassword(Exception):
    """The present password was not given correctly."""


class BadName(Exception):
    """A name needs 2 to 80 visible characters."""


@dataclass(frozen=True)
class PersonView:
    """What the rest of the product may know of an account."""

    id: str
    name: str
    role: str
    institution: str
    municipality: str
    language: str
    script: str
    active: bool = True
    demo: bool = False


@dataclass(frozen=True)
class NewPerson:
    """An account to be made; `language` is a code of the edge: sq, sr-Latn, sr-Cyrl or en."""

    name: str
    password: str
    role: str
    institution: str = ""
    municipality: str = ""
    language: str = "sq"
    demo: bool = False


class People:
    """The only way to the accounts."""

    def __init__(
        self, engine: Engine, *, clock: Clock = now, hasher: PasswordHash | None = None
    ) -> None:
        """Work on the tables in `engine`; passwords are kept as `hasher` makes them, by argon2."""
        self._sessions = sessionmaker(engine)
        self._now = clock
        self._hasher = hasher or PasswordHash.recommended()

    def add(self, new: NewPerson) -> PersonView:
        """Make an account and return it.

        Raises:
            NameTaken: The name belongs to another account, letter case aside.
            WeakPassword: The password is too short, too long or equals the name.
            BadName: The name is empty, too long or not printable.
        """
        name = " ".join(new.name.split())
        if len(name) not in NAME_LENGTHS or not name.isprintable():
            raise BadName
        split(new.language)
        person = Person(
            id=secrets.token_hex(16),
            name=name,
            sign_in_name=name.casefold(),
            password_hash=self._hash(new.password, name),
            role=new.role,
            institution=new.institution,
            municipality=new.municipality,
            language=new.language,
            demo=new.demo,
            created_at=self._now(),
        )
        try:
            with self._sessions.begin() as session:
                session.add(person)
                session.flush()
                return view(person)
        except IntegrityError:
            raise NameTaken from None

    def everyone(self) -> Sequence[PersonView]:
        """Return all accounts by name."""
        with self._sessions() as session:
            return [view(one) for one in session.scalars(select(Person).order_by(Person.name))]

    def disable(self, name: str) -> None:
        """Close the account of `name` and end its sign-ins at once.

        Raises:
            PersonNotFound: There is no such account.
        """
        with self._sessions.begin() as session:
            person = _find(session, name)
            person.active = False
            session.execute(delete(SignIn).where(SignIn.person == person.id))

    def reset_password(self, name: str, password: str) -> None:
        """Give the account of `name` a new password, open it again, and end its sign-ins.

        Raises:
            PersonNotFound: There is no such account.
            WeakPassword: The password is too short, too long or equals the name.
        """
        with self._sessions.begin() as session:
            person = _find(session, name)
            person.password_hash = self._hash(password, person.name)
            person.active = True
            session.execute(delete(SignIn).where(SignIn.person == person.id))

    def change_password(self, person_id: str, *, present: str, new: str, keep: str = "") -> None:
        """Let a person change their own password; sign-ins elsewhere end.

        Args:
            person_id: Whose password.
            present: The password until now.
            new: The password from now on.
            keep: Digest of the sign-in that stays.

        Raises:
            WrongPassword: `present` is not the password.
            WeakPassword: `new` is too short, too long or equals the name.
        """
        with self._sessions.begin() as session:
            person = session.get(Person, person_id)
            if person is None or len(present) > LONGEST_PASSWORD:
                raise WrongPassword
            if not self._hasher.verify(present, person.password_hash):
                raise WrongPassword
            person.password_hash = self._hash(new, person.name)
            elsewhere = SignIn.person == person.id, SignIn.token_digest != keep
            session.execute(delete(SignIn).where(*elsewhere))

    def set_language(self, person_id: str, language: str) -> None:
        """Keep the language a person chose.

        Raises:
            UnknownLanguage: Not one of sq, sr-Latn, sr-Cyrl, en.
            PersonNotFound: There is no such account.
        """
        split(language)
        with self._sessions.begin() as session:
            person = session.get(Person, person_id)
            if person is None:
                raise PersonNotFound
            person.language = language

    def _hash(self, password: str, name: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise WeakPassword
        if password.casefold() == name.casefold():
            raise WeakPassword
        return self._hasher.hash(password)


def view(person: Any) -> PersonView:
    """Return what the rest of the product may know of the row `person`."""
    language, script = split(person.language)
    return PersonView(
        id=person.id,
        name=person.name,
        role=person.role,
        institution=person.institution,
        municipality=person.municipality,
        language=language,
        script=script,
        active=person.active,
        demo=person.demo,
    )


def _find(session: Session, name: str) -> Person:
    query = select(Person).where(Person.sign_in_name == " ".join(name.split()).casefold())
    person = session.scalars(query).one_or_none()
    if person is None:
        raise PersonNotFound
    return person
