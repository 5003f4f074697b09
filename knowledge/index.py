"""All that answers at one moment: passages, where their vectors lie, their words.

A picture taken from the database and never changed; whoever notices that the library moved on
takes a new one. Nothing here is kept on disk but vectors, which are slow to make and large.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from knowledge.given_names import bare_forms
from knowledge.row_files import Numbers, StoredRows
from knowledge.vectors import Mask, NearestVectors, Vectors
from knowledge.views import MEAN_OF, Columns, View
from knowledge.words import Scores, WordIndex


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage of an approved version, in date or flagged, with all that a citation names."""

    id: int
    document: str
    family: str
    title: str
    section: str
    page: int | None
    place: int
    version: int
    language: str
    script: str
    kind: str
    audience: tuple[str, ...]
    review: str
    valid_from: date | None
    valid_until: date | None
    out_of_date: bool
    text: str


@dataclass(frozen=True)
class Encoded:
    """What the encoder made of passages, on disk.

    Attributes:
        vectors: One row of float32 each.
        tokens: Their token states.
        sentences: The vectors of all sentences of long passages, one row of float32 each.
        ends: Where the sentences of each passage end among those, (n,); most have none.
    """

    vectors: StoredRows
    tokens: StoredRows
    sentences: StoredRows
    ends: Numbers

    def joined(self, more: Encoded) -> Encoded:
        """Return what was made of these passages and of `more`."""
        return Encoded(
            self.vectors.joined(more.vectors),
            self.tokens.joined(more.tokens),
            self.sentences.joined(more.sentences),
            np.concatenate([self.ends, more.ends + len(self.sentences)]),
        )


class Index:
    """The passages of one moment with their vectors and words; a row is a passage's number."""

    def __init__(
        self,
        passages: Sequence[IndexedPassage],
        lemmas: Sequence[Sequence[str]],
        encoded: Encoded,
        nearest: NearestVectors,
        words: WordIndex | None = None,
        answering: Mask | None = None,
    ) -> None:
        """Take in the parts that `knowledge.indexing` made.

        Args:
            passages: What answers, and what did when the index was made anew.
            lemmas: Their lemmas.
            encoded: Their vectors and token states.
            nearest: Over their vectors.
            words: Over their lemmas; None lets every view have its own, exact one.
            answering: Which of them answer now, (n,); None: all.
        """
        self.passages = tuple(passages)
        self.lemmas = tuple(lemmas)
        self.encoded = encoded
        self.nearest = nearest
        self.words = words
        self.answering = np.ones(len(self.passages), bool) if answering is None else answering
        self.columns = Columns(
            [passage.family for passage in self.passages],
            [passage.language for passage in self.passages],
            [passage.script for passage in self.passages],
        )
        self._views: dict[tuple[str, str], View] = {}
        self._lock = threading.Lock()

    @property
    def changes(self) -> int:
        """How many passages came or went since the index was made anew."""
        settled = self.nearest.settled
        return len(self.passages) - settled + int((~self.answering[:settled]).sum())

    def names(self, word: str) -> bool:
        """Return whether a folded word stands in any passage, whatever the ending of a name."""
        return not self._bare_words.isdisjoint(bare_forms(word))

    @cached_property
    def _bare_words(self) -> frozenset[str]:
        known = {word for row in np.flatnonzero(self.answering) for word in self.lemmas[row]}
        return frozenset(form for word in known for form in bare_forms(word))

    def answering_passages(self) -> list[IndexedPassage]:
        """Return what answers now, in the order of the rows."""
        return [self.passages[row] for row in np.flatnonzero(self.answering)]

    def view(self, language: str, script: str) -> View:
        """Return what an asker of this language and script may be shown; made once, then kept."""
        with self._lock:
            if (language, script) not in self._views:
                self._views[language, script] = self._make_view(language, script)
            return self._views[language, script]

    def vectors(self, rows: Numbers) -> Vectors:
        """Return the vectors of some passages, (k, d) float32."""
        return self.encoded.vectors.take(rows)

    def meant_for(self, role: str, rows: Numbers) -> Scores:
        """Return 1 for each passage whose document names the role among its audience, else 0."""
        named = [role in self.passages[row].audience for row in rows]
        return np.array(named, dtype=np.float32)

    def sentence_vectors(self, row: int) -> Vectors | None:
        """Return the vectors of the sentences of a passage, (k, d); None where it is short."""
        end = int(self.encoded.ends[row])
        start = int(self.encoded.ends[row - 1]) if row else 0
        return self.encoded.sentences.take(np.arange(start, end)) if end > start else None

    def _make_view(self, language: str, script: str) -> View:
        shown = self.columns.shown(self.answering, language, script)
        rows = np.flatnonzero(shown)
        return View(
            shown=shown,
            rows=rows,
            foreign=self.columns.foreign(shown, language),
            voices=self.columns.voices(self.answering, shown),
            nearest=self.nearest.among(shown),
            words=self.words or WordIndex([self.lemmas[row] for row in rows]),
            mean=self.vectors(rows[:: len(rows) // MEAN_OF + 1]).mean(axis=0),
        )
