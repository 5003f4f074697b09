"""The front door to the documents: add, approve, withdraw and search them; the only way in."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.clock import Clock, now
from knowledge import readers, review, shelf, starter_library
from knowledge.asking import prepare
from knowledge.documents import Document, Version, move_counter
from knowledge.intake import Added, Upload, draft_of, store
from knowledge.language import UnknownLanguage
from knowledge.live_index import LiveIndex, NoEncoder
from knowledge.ranking import FULL, Recipe
from knowledge.readers import UnreadableFile
from knowledge.review import (
    OPERATOR,
    DocumentNotFound,
    SamePersonApproves,
    WrongState,
    find_document,
)
from knowledge.search import Found, Hit, Searcher
from knowledge.shelf import DocumentSummary, HistoryEntry, PassageView
from knowledge.terms import OwnTerms, TermNotFound
from knowledge.unanswered import QuestionNotFound, Unanswered, UnansweredQuestions
from knowledge.vectors import EXACT_UP_TO

if TYPE_CHECKING:
    from knowledge.encoder import Encoder
    from knowledge.gate import Gate

__all__ = [
    "OPERATOR",
    "Added",
    "DocumentNotFound",
    "DocumentSummary",
    "Found",
    "HistoryEntry",
    "Hit",
    "Library",
    "NoEncoder",
    "PassageView",
    "QuestionNotFound",
    "SamePersonApproves",
    "TermNotFound",
    "Unanswered",
    "UnknownLanguage",
    "UnreadableFile",
    "Upload",
    "WrongState",
]

Progress = Callable[[int, int], None]


class Library:
    """The documents of one installation; may be shared between threads.

    Several processes may share the database: each notices at its next search that another one
    changed something.
    """

    def __init__(  # noqa: PLR0913 - each part is passed in; the keywords have good defaults
        self,
        engine: Engine,
        encoder: Encoder | None,
        index_folder: Path,
        *,
        clock: Clock = now,
        second_person: bool = True,
        gate: Gate | None = None,
        recipe: Recipe = FULL,
        limit_bytes: int = readers.LIMIT_BYTES,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        """Open the library; nothing is read before it is needed.

        Args:
            engine: The database.
            encoder: Makes vectors; None for work that needs none, such as approving.
            index_folder: Folder for the vector cache, which may be deleted at any time.
            clock: Tells the time; documents are in or out of date by its UTC day.
            second_person: Whether a version is approved by another person than who added it.
            gate: Judges whether a question is answered; without it every hit is an answer.
            recipe: How much each sign counts in a search.
            limit_bytes: The largest file to accept.
            exact_up_to: More passages than this are searched by clusters.
        """
        self._engine = engine
        self._clock = clock
        self._second_person = second_person
        self._gate = gate
        self.recipe = recipe
        self.terms = OwnTerms(engine, clock)
        self._limit_bytes = limit_bytes
        self._index = LiveIndex(engine, encoder, index_folder, clock, exact_up_to)
        self._questions = UnansweredQuestions(engine, clock)

    @property
    def ready(self) -> bool:
        """Whether the index is in memory, so that the next search need not wait for it."""
        return self._index.is_loaded

    def refresh(self, progress: Progress | None = None) -> None:
        """Bring the index up to date now rather than at the next search.

        Args:
            progress: Told how many new texts are encoded, and how many there are.
        """
        self._index.current(progress)

    def reindex(self, progress: Progress | None = None) -> int:
        """Bring the cache in line with the database, as `refresh` does; return how many answer."""
        return self._index.renew(progress)

    def names(self, word: str) -> bool:
        """Return whether a folded word stands in any passage that answers."""
        return self._index.current().names(word)

    def add(self, upload: Upload, *, by: str, progress: Progress | None = None) -> Added:
        """Read a file and store it as a version that waits for approval.

        Its vectors are made now, so that approving takes effect at once, from any process.

        Args:
            upload: The file and what is known about it.
            by: Id of the person who adds it.
            progress: Told how many of its texts are encoded, and how many there are.

        Raises:
            UnreadableFile: The file cannot become a document; `code` says why.
            UnknownLanguage: No language was given that we know, or that the text shows.
        """
        source = readers.read(upload.name, upload.content, limit_bytes=self._limit_bytes)
        draft = draft_of(upload, source)
        self._index.encode(draft.texts(), progress)
        with Session(self._engine) as session, session.begin():
            move_counter(session)
            return Added.of(store(session, draft, by=by, at=self._clock()))

    def load_starter(
        self, progress: Progress | None = None, *, folder: Path = starter_library.FOLDER
    ) -> int:
        """Add and approve what is new or changed in `folder`; return how many documents it were.

        Where people replaced or withdrew a starter document, its changed text only waits for them.

        Args:
            progress: Told how many new texts are encoded, and how many there are.
            folder: The folder of starter documents.
        """
        encode = partial(self._index.encode, progress=progress)
        added = starter_library.load(self._engine, encode, at=self._clock(), folder=folder)
        self.refresh(progress)
        return added

    def approve(self, document: str, *, by: str, version: int | None = None) -> None:
        """Let the waiting version of a document answer, in place of the one that did.

        Raises:
            DocumentNotFound: There is no such document.
            WrongState: Nothing waits, or it is not `version`.
            SamePersonApproves: `by` added it, and a second person is asked for.
        """
        step = partial(review.approve, by=by, at=self._clock(), second_person=self._second_person)
        self._decide(document, step, version)

    def reject(
        self, document: str, *, by: str, reason: str = "", version: int | None = None
    ) -> None:
        """Send the waiting version of a document back; what answered goes on answering.

        Raises:
            DocumentNotFound: There is no such document.
            WrongState: Nothing waits.
        """
        step = partial(review.reject, by=by, at=self._clock(), reason=reason)
        self._decide(document, step, version)

    def withdraw(
        self, document: str, *, by: str, reason: str = "", version: int | None = None
    ) -> None:
        """Stop a document from answering, from the next question on.

        Raises:
            DocumentNotFound: There is no such document.
            WrongState: It does not answer.
        """
        step = partial(review.withdraw, by=by, at=self._clock(), reason=reason)
        self._decide(document, step, version)

    def restore(self, document: str, *, by: str, version: int | None = None) -> None:
        """Let a document answer again that was withdrawn.

        Raises:
            DocumentNotFound: There is no such document.
            WrongState: It was not withdrawn, or another version answers in its place.
        """
        self._decide(document, partial(review.restore, by=by, at=self._clock()), version)

    def choose_when_out_of_date(self, document: str, choice: str, *, version: int) -> None:
        """Say what becomes of a version once its validity is over: `hide` or `flag` it.

        Raises:
            DocumentNotFound: No such document or version.
        """
        step = partial(review.choose_when_out_of_date, choice=choice, number=version)
        self._decide(document, step, version)

    def search(
        self,
        question: str,
        *,
        language: str = "",
        script: str = "",
        role: str = "",
        limit: int = 3,
        every_passage: bool = False,
    ) -> Found:
        """Return the passages that answer a question best, best first.

        Args:
            question: As typed; what lies beyond 2,000 characters does not count.
            language: sq, sr-Latn, sr-Cyrl, en, or sr; empty to tell from the question.
            script: Latn or Cyrl; empty to tell from the question.
            role: Who asks, as audiences name roles; counts where the question says our, we or my.
            limit: The most hits to return.
            every_passage: Whether a section may be hit by several of its passages.

        Raises:
            UnknownLanguage: There is no such language.
        """
        asked = prepare(question, language, script, role)
        index, encoder = self._index.current(), self._index.encoder
        searcher = Searcher(encoder, self._gate, self.terms.glossary(), self.recipe)
        return searcher.search(index, asked, limit, every_passage=every_passage)

    def list(self) -> builtins.list[DocumentSummary]:
        """Return what the library holds, by document: what answers, and what waits."""
        with Session(self._engine) as session:
            return shelf.summaries(session, self._clock().date())

    def passages(self, document: str, version: int | None = None) -> builtins.list[PassageView]:
        """Return the passages of a version in reading order, as the chat would quote them.

        Args:
            document: The document.
            version: Its number; None takes the version that answers, else the newest.

        Raises:
            DocumentNotFound: No such document or version.
        """
        with Session(self._engine) as session:
            return shelf.passages_of(session, document, version)

    def history(self, document: str) -> builtins.list[HistoryEntry]:
        """Return every step in the life of a document, the oldest first.

        Raises:
            DocumentNotFound: There is no such document.
        """
        with Session(self._engine) as session:
            return shelf.history_of(session, document)

    def note_unanswered(self, question: str, *, language: str, role: str) -> None:
        """Enter a question that found no answer; masked, and without who asked."""
        self._questions.note(question, language=language, role=role)

    def unanswered(self, limit: int = 100) -> builtins.list[Unanswered]:
        """Return questions without an answer, those asked most first."""
        return self._questions.open(limit)

    def forget_unanswered(self, before: datetime) -> int:
        """Delete questions not asked since `before`; return how many."""
        return self._questions.forget(before)

    def close_unanswered(self, number: int) -> None:
        """Delete a question, because it was dealt with.

        Raises:
            QuestionNotFound: No open question has this number.
        """
        self._questions.close(number)

    def _decide(self, name: str, step: Callable[[Document], Version], version: int | None) -> None:
        """Take a step; where a `version` is named and another came meanwhile, take none."""
        with Session(self._engine) as session, session.begin():
            move_counter(session)
            decided = step(find_document(session, name))
            if version is not None and decided.number != version:
                raise WrongState
