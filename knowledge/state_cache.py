"""What the model makes of texts, made once and kept: a vector each, and one for every token."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.row_cache import RowCache, Rows

if TYPE_CHECKING:
    from knowledge.encoder import Encoder
    from knowledge.late import Tokens
    from knowledge.vectors import Vectors

Progress = Callable[[int, int], None]

VECTORS, TOKENS = ".vectors", ".tokens"


class StateCache:
    """Vectors and token states of texts, on disk beside each other.

    What was found or made stays in memory until `compact`, so that no damage to the disk after
    `make`, nor a full one, can lose it.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Keep what `encoder` makes in `folder`."""
        self._encoder = encoder
        made_by = folder, encoder.name, encoder.dimension
        self._vectors = RowCache(*made_by, suffix=VECTORS, dtype=np.float32)
        self._tokens = RowCache(*made_by, suffix=TOKENS, dtype=np.int8)
        self._held: dict[RowCache, dict[str, Rows]] = {self._vectors: {}, self._tokens: {}}

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of `texts`, (n, d) float32; `make` was called for all of them."""
        known = self._find(self._vectors, texts)
        rows = [known[text] for text in texts]
        empty = np.empty((0, self._encoder.dimension), dtype=np.float32)
        return np.concatenate([empty, *rows])

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return the token states of `texts`, each (t, d) int8; `make` was called for them."""
        known = self._find(self._tokens, texts)
        return [known[text] for text in texts]

    def make(self, texts: Sequence[Sequence[str]], progress: Progress | None = None) -> None:
        """Encode what is not kept yet: passages with their tokens, sentences without.

        Args:
            texts: For each passage its text, then the sentences that need a vector of their own.
            progress: Told how many of the new texts are done, and how many there are.
        """
        passages = [passage for passage, *_ in texts]
        sentences = [sentence for _, *some in texts for sentence in some]
        has_vector = self._find(self._vectors, [*passages, *sentences])
        has_tokens = self._find(self._tokens, passages)
        whole = [
            text
            for text in dict.fromkeys(passages)
            if text not in has_vector or text not in has_tokens
        ]
        parts = [
            text
            for text in dict.fromkeys(sentences)
            if text not in has_vector and text not in whole
        ]
        total = len(whole) + len(parts)

        def told(before: int) -> Progress | None:
            return None if progress is None else lambda done, _: progress(before + done, total)

        if whole:
            vectors, tokens = self._encoder.passage_states(whole, told(0))
            self._keep(self._vectors, whole, vectors[:, None])
            self._keep(self._tokens, whole, tokens)
        if parts:
            vectors = self._encoder.passages(parts, told(len(whole)))
            self._keep(self._vectors, parts, vectors[:, None])

    def compact(self, texts: Collection[str] | None = None) -> None:
        """Put many files into one; with `texts`, drop what none of them needs."""
        for cache, held in self._held.items():
            cache.compact(texts)
            held.clear()

    def _find(self, cache: RowCache, texts: Sequence[str]) -> Mapping[str, Rows]:
        held = self._held[cache]
        held.update(cache.find(set(texts) - held.keys()))
        return held

    def _keep(self, cache: RowCache, texts: Sequence[str], rows: Iterable[Rows]) -> None:
        made = dict(zip(texts, rows, strict=True))
        self._held[cache].update(made)
        cache.keep(list(made), list(made.values()))
