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
from knowledge.index import Index, build
from knowledge.shelf import answering, living_texts
from knowledge.state_cache import StateCache

if TYPE_CHECKING:
    from datetime import date

    from knowledge.encoder import Encoder

Progress = Callable[[int, int], None]


class NoEncoder(Exception):
    """The library was opened without an encoder, which adding and searching need."""


class LiveIndex:
    """The index of this moment; a moment is the library's counter and the day."""

    def __init__(self, engine: Engine, encoder: Encoder | None, folder: Path, clock: Clock) -> None:
        """Read from the database of `engine`, keeping vectors in `folder`."""
        self._engine = engine
        self._encoder = encoder
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
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
                    passages = answering(session, moment[1])
                    cache = self._cache()
                    index = build(passages, cache, before=before, progress=progress)
                    cache.compact()
                    self._taken = moment, index
                return self._taken[1]

    def encode(self, texts: Sequence[Sequence[str]], progress: Progress | None = None) -> None:
        """Make what the index needs of passages and their sentences, where the cache lacks it."""
        self._cache().make(texts, progress)

    def renew(self, progress: Progress | None = None) -> int:
        """Bring the cache in line with the database and load the index; return its passages.

        Texts that lost their vectors are encoded; vectors that nothing needs are dropped.
        """
        with Session(self._engine) as session:
            texts = living_texts(session)
        self.encode(texts, progress)
        self._cache().compact([text for group in texts for text in group])
        self._taken = None
        return len(self.current().passages)

    def _cache(self) -> StateCache:
        return StateCache(self._folder, self.encoder)
