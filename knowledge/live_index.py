"""Keeps the index in memory in step with the database, also when another process changes it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.clock import Clock
from knowledge.documents import read_counter
from knowledge.index import Index, IndexedPassage
from knowledge.indexing import build, change
from knowledge.row_cache import Mapped
from knowledge.shelf import answering, living_texts
from knowledge.state_cache import StateCache
from knowledge.vectors import EXACT_UP_TO

if TYPE_CHECKING:
    from datetime import date

    from knowledge.encoder import Encoder

# A large index is made anew, in the background, when this share of it came or went.
MOST_CHANGED = 0.05

Progress = Callable[[int, int], None]


class NoEncoder(Exception):
    """The library was opened without an encoder, which adding and searching need."""


class LiveIndex:
    """The index of this moment; a moment is the library's counter and the day."""

    def __init__(
        self,
        engine: Engine,
        encoder: Encoder | None,
        folder: Path,
        clock: Clock,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        """Read from the database of `engine`, keeping vectors in `folder`.

        More passages than `exact_up_to` are searched by clusters.
        """
        self._engine = engine
        self._encoder = encoder
        self._folder = folder
        self._clock = clock
        self._exact_up_to = exact_up_to
        self._mapped: Mapped = {}
        self._lock = threading.Lock()
        self._merging: threading.Thread | None = None
        self._taken: tuple[tuple[int, date], Index] | None = None

    @property
    def encoder(self) -> Encoder:
        """The encoder.

        Raises:
            NoEncoder: There is none.
        """
        if self._encoder is None:
            raise NoEncoder
        return self._encoder

    @property
    def is_loaded(self) -> bool:
        """Whether an index is in memory."""
        return self._taken is not None

    def current(self, progress: Progress | None = None) -> Index:
        """Return the index as the database stands now, taking a new one when something changed.

        Threads that ask meanwhile wait for it: none is answered from withdrawn documents.
        """
        with Session(self._engine) as session:
            # The counter is read before the passages: a change in between is noticed next time.
            moment = read_counter(session), self._clock().date()
            taken = self._taken
            if taken is not None and taken[0] == moment:
                return taken[1]
            with self._lock:
                if self._taken is None or self._taken[0] != moment:
                    before = None if self._taken is None else self._taken[1]
                    known = () if before is None else before.answering_passages()
                    passages = answering(session, moment[1], known)
                    cache = self._cache(len(passages))
                    self._taken = moment, self._index_of(passages, cache, before, progress)
                    cache.compact()
                return self._taken[1]

    def encode(self, texts: Sequence[Sequence[str]], progress: Progress | None = None) -> None:
        """Make what the index needs of passages and their sentences, where the cache lacks it."""
        taken = self._taken
        self._cache(0 if taken is None else len(taken[1].passages)).make(texts, progress)

    def renew(self, progress: Progress | None = None) -> int:
        """Bring the cache in line with the database and load the index; return its passages.

        Texts that lost their vectors are encoded; vectors that nothing needs are dropped.
        """
        with Session(self._engine) as session:
            texts = living_texts(session)
        # Files that are mapped are checked again.
        self._mapped = {}
        cache = self._cache(len(texts))
        cache.make(texts, progress)
        cache.compact([text for group in texts for text in group])
        self._taken = None
        return len(self.current().passages)

    def merged(self) -> None:
        """Wait until the index that is made in the background, if any, is in use."""
        if self._merging is not None:
            self._merging.join()

    def _index_of(
        self,
        passages: list[IndexedPassage],
        cache: StateCache,
        before: Index | None,
        progress: Progress | None,
    ) -> Index:
        if before is None or before.nearest.is_exact or len(passages) <= self._exact_up_to:
            return build(
                passages, cache, before=before, progress=progress, exact_up_to=self._exact_up_to
            )
        index = change(before, passages, cache, progress)
        if index.changes > MOST_CHANGED * len(passages) and not self._is_merging():
            self._merging = threading.Thread(target=self._merge, args=(index,), daemon=True)
            self._merging.start()
        return index

    def _is_merging(self) -> bool:
        return self._merging is not None and self._merging.is_alive()

    def _merge(self, index: Index) -> None:
        """Make the index anew; what changes meanwhile is changed in the new one too."""
        passages = index.answering_passages()
        cache = self._cache(len(passages))
        merged = build(passages, cache, before=index, exact_up_to=self._exact_up_to)
        with self._lock:
            # A library that became small meanwhile is searched exactly again.
            if self._taken is not None and not self._taken[1].nearest.is_exact:
                moment, now = self._taken
                if now is not index:
                    merged = change(merged, now.answering_passages(), cache)
                self._taken = moment, merged

    def _cache(self, passages: int) -> StateCache:
        """Return a cache for a library of so many passages: rows of a large one stay on disk."""
        if passages <= self._exact_up_to:
            self._mapped = {}
            return StateCache(self._folder, self.encoder)
        return StateCache(self._folder, self.encoder, self._mapped)
