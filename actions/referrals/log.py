"""The referral log: adds, lists, reads, moves and annotates referrals, and traces who did it."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, sessionmaker

from actions.referrals import states
from actions.referrals.numbers import make_number
from actions.referrals.tables import Referral, ReferralEvent, SerialNumber
from actions.referrals.trace import Traced, leave_trace, read_trace
from actions.referrals.values import (
    EventView,
    KeyReused,
    NewReferral,
    NotAllowed,
    Reader,
    Receipt,
    ReferralNotFound,
    ReferralSummary,
    ReferralView,
)
from config.clock import Clock, now

# The year in a number is the year on the wall of the office that reads it.
OFFICE_TIME = ZoneInfo("Europe/Belgrade")
# The same note again so soon is a double click.
REPEATED_WITHIN = timedelta(minutes=1)

# Named here because inside the class `list` is the method.
Summaries = list[ReferralSummary]
Lines = list[Traced]

__all__ = [
    "KeyReused",
    "NewReferral",
    "NotAllowed",
    "Reader",
    "Receipt",
    "ReferralLog",
    "ReferralNotFound",
    "ReferralSummary",
    "ReferralView",
]


class ReferralLog:
    """The one door to referrals; every method is one transaction."""

    def __init__(self, engine: Engine, *, clock: Clock = now) -> None:
        """Keep referrals in `engine`, which must have been opened with a key ring."""
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._now = clock

    def add(self, new: NewReferral, *, author: str, key: str) -> Receipt:
        """Log `new`, its first event and its trace together, and return its number.

        The same author sending the same content again with the same `key` gets the same receipt,
        so a double click or a repeated request never makes a second referral.

        Args:
            new: Checked content.
            author: Id of the person who sends it.
            key: Names this sending; the author's own, so equal keys of two people do not meet.

        Raises:
            KeyReused: The key stands for other content of this author.
        """
        with self._sessions() as session:
            # First of all, because this statement takes the write lock: whoever comes with the same
            # key at the same moment waits here, and then finds what the first one logged.
            serial = _next_serial(session, self._now())
            logged = _find_by_key(session, author, key)
            if logged is None:
                receipt = self._log(session, new, author=author, key=key, serial=serial)
                session.commit()
                return receipt
            # Leaving without a commit gives the serial back.
            receipt, content = Receipt(logged.number, logged.status), _content(logged)
        # Compared after decryption: a digest of so short a text in the database could be guessed.
        # What is known of the sender may have changed meanwhile and is no other content.
        told = replace(
            content,
            language=new.language,
            referrer_role=new.referrer_role,
            referrer_institution=new.referrer_institution,
        )
        if told != new:
            raise KeyReused
        return receipt

    def read(self, number: str, reader: Reader) -> ReferralView:
        """Return one referral and note that `reader` saw it.

        Raises:
            ReferralNotFound: No such number, or not this reader's to see. The two look alike on
                purpose: that a family was referred at all is already private.
        """
        with self._sessions.begin() as session:
            referral = _open(session, number, reader)
            leave_trace(session, who=reader.person, what="read", number=number, at=self._now())
            return _view(referral, reader)

    def list(self, reader: Reader, *, status: str | None = None) -> Summaries:
        """Return the referrals `reader` may see, newest first, all or those in `status`."""
        query = select(Referral).order_by(Referral.id.desc())
        if not reader.reads_all:
            query = query.where(Referral.author == reader.person)
        if status is not None:
            query = query.where(Referral.status == status)
        with self._sessions() as session:
            return [_summary(referral) for referral in session.scalars(query)]

    def own(self, author: str) -> Summaries:
        """Return the referrals that `author` sent, newest first."""
        return self.list(Reader(person=author, role=""))

    def move(self, number: str, reader: Reader, *, to: str, reason: str = "") -> None:
        """Bring a referral to another status, with who, when and why.

        Raises:
            ReferralNotFound: As in `read`.
            NotAllowed: The reader handles no referrals; an author may still withdraw their own.
            IllegalMove: The status cannot follow now; see `states.check_move`.
        """
        with self._sessions.begin() as session:
            referral = _open(session, number, reader)
            withdraws = referral.author == reader.person and to == states.WITHDRAWN
            if not (reader.handles or withdraws):
                raise NotAllowed
            at, before = self._now(), referral.status
            since = max(e.at for e in referral.events if e.kind == "move")
            states.check_move(before, to, reason=reason, since=since, at=at)
            # Two officers may press at once; only the one who still finds the old status moves.
            change = update(Referral).where(Referral.id == referral.id, Referral.status == before)
            moved = session.execute(change.values(status=to, changed_at=at))
            if moved.rowcount != 1:  # type: ignore[attr-defined]
                raise states.IllegalMove("not_next")
            _happened(session, referral, "move", by=reader.person, at=at, text=reason)

    def note(self, number: str, reader: Reader, text: str) -> None:
        """Add a note, seen by those who handle referrals; a double click adds it once.

        Raises:
            ReferralNotFound: As in `read`.
            NotAllowed: The reader handles no referrals.
        """
        with self._sessions.begin() as session:
            # Changes nothing but takes the write lock: a second click at the same moment waits
            # here, and then finds the note of the first.
            same = update(Referral).where(Referral.number == number)
            session.execute(same.values(number=number))
            referral = _open(session, number, reader)
            if not reader.handles:
                raise NotAllowed
            at, note = self._now(), ("note", reader.person, text)
            lately = (e for e in referral.events if at - e.at < REPEATED_WITHIN)
            if not any((e.kind, e.by, e.text) == note for e in lately):
                _happened(session, referral, "note", by=reader.person, at=at, text=text)

    def trace(self, number: str, reader: Reader) -> Lines:
        """Return who did what to the referral, oldest first; asking is itself traced.

        Raises:
            ReferralNotFound: As in `read`.
            NotAllowed: The reader handles no referrals.
        """
        with self._sessions.begin() as session:
            _open(session, number, reader)
            if not reader.handles:
                raise NotAllowed
            leave_trace(session, who=reader.person, what="audit", number=number, at=self._now())
            session.flush()
            return read_trace(session, number)

    def _log(
        self, session: Session, new: NewReferral, *, author: str, key: str, serial: tuple[int, int]
    ) -> Receipt:
        at = self._now()
        number, status = make_number(*serial), states.SUBMITTED
        values = {**vars(new), "wanted_service": list(new.wanted_service)}
        places = {"number": number, "author": author, "idempotency_key": key, "status": status}
        referral = Referral(**values, **places, created_at=at, changed_at=at)
        session.add(referral)
        session.flush()
        _happened(session, referral, "move", by=author, at=at, text="")
        return Receipt(number, status)


def _next_serial(session: Session, at: datetime) -> tuple[int, int]:
    """Return the year and the next serial in it; one statement, so no two callers share one."""
    year = at.astimezone(OFFICE_TIME).year
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(SerialNumber).values(year=year, last=1)
    counted = first.on_conflict_do_update(
        index_elements=["year"], set_={"last": SerialNumber.last + 1}
    )
    return year, session.execute(counted.returning(SerialNumber.last)).scalar_one()


def _find_by_key(session: Session, author: str, key: str) -> Referral | None:
    query = select(Referral).where(Referral.author == author, Referral.idempotency_key == key)
    return session.scalars(query).one_or_none()


def _open(session: Session, number: str, reader: Reader) -> Referral:
    referral = session.scalars(select(Referral).where(Referral.number == number)).one_or_none()
    if referral is None or not (reader.reads_all or referral.author == reader.person):
        raise ReferralNotFound
    return referral


def _happened(
    session: Session, referral: Referral, kind: str, *, by: str, at: datetime, text: str
) -> None:
    """Add an event to the referral as it stands now, and its trace: the status or the note."""
    status = referral.status
    session.add(
        ReferralEvent(referral_id=referral.id, kind=kind, status=status, by=by, at=at, text=text)
    )
    what = status if kind == "move" else kind
    leave_trace(session, who=by, what=what, number=referral.number, at=at)


def _content(referral: Referral) -> NewReferral:
    names = NewReferral.__dataclass_fields__
    values = {name: getattr(referral, name) for name in names}
    return NewReferral(**{**values, "wanted_service": tuple(referral.wanted_service)})


def _view(referral: Referral, reader: Reader) -> ReferralView:
    # An author is told how the referral goes on, but not what officers note among themselves.
    seen = [e for e in referral.events if reader.handles or e.kind == "move"]
    return ReferralView(
        number=referral.number,
        status=referral.status,
        created_at=referral.created_at,
        changed_at=referral.changed_at,
        author=referral.author,
        content=_content(referral),
        events=tuple(EventView(e.kind, e.status, e.by, e.at, e.text) for e in seen),
        next_statuses=states.next_statuses(referral.status) if reader.handles else (),
    )


def _summary(referral: Referral) -> ReferralSummary:
    names = ReferralSummary.__dataclass_fields__
    return ReferralSummary(**{name: getattr(referral, name) for name in names})
