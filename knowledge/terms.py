"""The terms that trainers add to the glossary: kept, changed, and found in a question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.clock import Clock
from knowledge.asking import NAMES, prepare, spelled
from knowledge.documents import TERMS_ROW, StoredTerm, move_counter, read_counter
from knowledge.glossary import BETWEEN, INSIDE, Glossary, Term, names_in
from knowledge.term_cells import TermRefused, refuse_known, term_of

# What was typed for a term: a cell each for en, sq and sr, forms divided by " / ".
Cells = Mapping[str, str]


class TermNotFound(Exception):
    """There is no such term, or it was removed."""


class RowsRefused(ValueError):
    """Nothing was added; `rows` says by place, from 0, what is wrong with which row."""

    def __init__(self, rows: Mapping[int, TermRefused]) -> None:
        """Say what is wrong."""
        super().__init__(f"{len(rows)} rows")
        self.rows = dict(rows)


@dataclass(frozen=True)
class OwnTerm:
    """A term with who added it, and who changed it last (empty where nobody did)."""

    id: int
    term: Term
    added_by: str
    added_at: datetime
    changed_by: str
    changed_at: datetime | None

    def cell(self, language: str) -> str:
        """Return the term's names in a language as they are typed."""
        return BETWEEN.join(self.term.names(language))


@dataclass(frozen=True)
class Named:
    """Words of a question, and what they become: by other language, the names that are searched.

    `own` says whether a term that trainers added has to do with it.
    """

    words: str
    becomes: Mapping[str, tuple[str, ...]]
    own: bool


class OwnTerms:
    """The terms of one installation, over those that the product ships."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Keep the terms in the database of `engine`."""
        self._engine = engine
        self._clock = clock
        self._taken: tuple[int, frozenset[Term], Glossary] | None = None

    def kept(self) -> list[OwnTerm]:
        """Return the terms, the oldest first."""
        with Session(self._engine) as session:
            return [_view(row) for row in _rows(session)]

    def find(self, number: int) -> OwnTerm:
        """Return a term.

        Raises:
            TermNotFound: There is none of that number, or it was removed.
        """
        with Session(self._engine) as session:
            return _view(_row(session, number))

    def add(self, cells: Cells, *, by: str) -> None:
        """Add a term; it counts from the next question on.

        Raises:
            TermRefused: A cell is wrong, or the term is known.
        """
        try:
            self.add_all([cells], by=by)
        except RowsRefused as refused:
            raise refused.rows[0] from None

    def add_all(self, rows: Iterable[Cells], *, by: str) -> int:
        """Add several terms, or none; return how many.

        Raises:
            RowsRefused: At least one is wrong, or known.
        """
        refused: dict[int, TermRefused] = {}
        with Session(self._engine) as session, session.begin():
            move_counter(session, TERMS_ROW)
            known = [_term(row) for row in _rows(session)]
            stored = len(known)
            for place, cells in enumerate(rows):
                try:
                    term = term_of(cells)
                    refuse_known(term, known)
                except TermRefused as refusal:
                    refused[place] = refusal
                    continue
                known.append(term)
                row = StoredTerm(added_by=by, added_at=self._clock())
                _write(row, term)
                session.add(row)
            if refused:
                raise RowsRefused(refused)
            return len(known) - stored

    def change(self, number: int, cells: Cells, *, by: str) -> None:
        """Give a term other names.

        Raises:
            TermNotFound: There is none of that number, or it was removed.
            TermRefused: A cell is wrong, or the term is known.
        """
        with Session(self._engine) as session, session.begin():
            move_counter(session, TERMS_ROW)
            row = _row(session, number)
            term = term_of(cells)
            refuse_known(term, (_term(one) for one in _rows(session) if one is not row))
            _write(row, term)
            row.changed_by, row.changed_at = by, self._clock()

    def remove(self, number: int, *, by: str) -> None:
        """Take a term out of the glossary, so that it can be brought back.

        Raises:
            TermNotFound: There is none of that number, or it was removed.
        """
        with Session(self._engine) as session, session.begin():
            move_counter(session, TERMS_ROW)
            row = _row(session, number)
            row.removed, row.changed_by, row.changed_at = True, by, self._clock()

    def restore(self, number: int, *, by: str) -> None:
        """Bring a removed term back; one that is there stays so.

        Raises:
            TermNotFound: There never was one of that number.
            TermRefused: The same was added meanwhile.
        """
        with Session(self._engine) as session, session.begin():
            move_counter(session, TERMS_ROW)
            row = session.get(StoredTerm, number)
            if row is None:
                raise TermNotFound
            if row.removed:
                refuse_known(_term(row), map(_term, _rows(session)))
                row.removed, row.changed_by, row.changed_at = False, by, self._clock()

    def glossary(self) -> Glossary:
        """Return the shipped glossary with these terms, as the database stands now."""
        return self._current()[1]

    def named_in(self, question: str, language: str) -> tuple[Named, ...]:
        """Return which terms a question names, in its order, as a search would find them.

        Args:
            question: As typed.
            language: sq, sr-Latn, sr-Cyrl, en, or sr; empty to tell from the question.

        Raises:
            UnknownLanguage: There is no such language.
        """
        asked = prepare(question, language)
        if not asked.language:
            return ()
        own, glossary = self._current()
        others = [other for other in INSIDE if other != asked.language]
        text = spelled(asked.text, asked.language)
        return tuple(
            Named(
                piece.words,
                {other: _first_names(piece.terms, other) for other in others},
                own=not own.isdisjoint(piece.terms),
            )
            for piece in glossary.pieces(text, asked.language)
            if piece.terms
        )

    def _current(self) -> tuple[frozenset[Term], Glossary]:
        with Session(self._engine) as session:
            # Read before the terms: a change in between is noticed next time.
            moment = read_counter(session, TERMS_ROW)
            taken = self._taken
            if taken is None or taken[0] != moment:
                own = [_term(row) for row in _rows(session)]
                glossary = Glossary(own, over=Glossary.shipped())
                taken = self._taken = moment, frozenset(own), glossary
            return taken[1:]


def _rows(session: Session) -> Iterable[StoredTerm]:
    kept = select(StoredTerm).where(StoredTerm.removed.is_(False)).order_by(StoredTerm.id)
    return session.scalars(kept)


def _row(session: Session, number: int) -> StoredTerm:
    row = session.get(StoredTerm, number)
    if row is None or row.removed:
        raise TermNotFound
    return row


def _term(row: StoredTerm) -> Term:
    return Term(*(names_in(getattr(row, language)) for language in INSIDE))


def _write(row: StoredTerm, term: Term) -> None:
    for language in INSIDE:
        setattr(row, language, BETWEEN.join(term.names(language)))


def _view(row: StoredTerm) -> OwnTerm:
    return OwnTerm(row.id, _term(row), row.added_by, row.added_at, row.changed_by, row.changed_at)


def _first_names(terms: Iterable[Term], language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term.names(language)[0] for term in terms))[:NAMES]
