"""Stand-ins for what is slow or moves by itself: an encoder that hashes words, a clock."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from knowledge.late import as_tokens
from knowledge.row_files import StoredRows


class FakeEncoder:
    """Turns words into directions by hashing them: equal words are near, others are not."""

    dimension = 64
    name = "fake-words"

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._vector(text) for text in texts])

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        vectors = self.queries(texts)
        if progress is not None:
            progress(len(texts), len(texts))
        return vectors

    def questions(self, texts: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray]]:
        return [(self._vector(text), self._tokens(text)) for text in texts]

    def passage_states(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        return self.passages(texts, progress), [as_tokens(self._tokens(text)) for text in texts]

    def divided(self, tokens: np.ndarray, endings: Sequence[str]) -> list[np.ndarray]:
        counts = [len(part.split()) for part in endings]
        return np.split(tokens[len(tokens) - sum(counts) :], np.cumsum(counts)[:-1])

    def _tokens(self, text: str) -> np.ndarray:
        return np.stack([self._vector(word) for word in text.split() or [text]])

    def _vector(self, text: str) -> np.ndarray:
        vector = np.full(self.dimension, 1e-6, dtype=np.float32)
        for word in text.casefold().split():
            digest = hashlib.sha256(word.encode()).digest()
            vector[digest[0] % self.dimension] += 1
        return vector / np.linalg.norm(vector)


class FrozenClock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, by: timedelta) -> None:
        self.moment += by


def stored_rows(runs: Sequence[np.ndarray]) -> StoredRows:
    """Rows as an index reads them, each run (k, d)."""
    counts = np.array([len(run) for run in runs])
    starts = np.cumsum(counts) - counts
    return StoredRows([np.concatenate(runs)], np.zeros(len(runs), np.int32), starts, counts)
