"""What the model makes of texts, made once and kept: a vector each, and one for every token."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.row_cache import Mapped, RowCache

if TYPE_CHECKING:
    from knowledge.encoder import Encoder
    from knowledge.row_files import StoredRows

Progress = Callable[[int, int], None]

VECTORS, TOKENS = ".vectors", ".tokens"
# So many passages are kept before the next are encoded: their token states take some 250 MB.
AT_ONCE = 4096


class StateCache:
    """Vectors and token states of texts, on disk beside each other.

    What was found or made is held until `compact`, so that no damage to the disk after `make`, nor
    a full one, can lose it.
    """

    def __init__(self, folder: Path, encoder: Encoder, mapped: Mapped | None = None) -> None:
        """Keep what `encoder` makes in `folder`; for `mapped` see `RowCache`."""
        self._encoder = encoder
        made_by = folder, encoder.name, encoder.dimension
        self._vectors = RowCache(*made_by, suffix=VECTORS, dtype=np.float32, mapped=mapped)
        self._tokens = RowCache(*made_by, suffix=TOKENS, dtype=np.int8, mapped=mapped)

    def vectors(self, texts: Sequence[str]) -> StoredRows:
        """Return the vectors of `texts`, one row of float32 each; `make` was called for them."""
        return self._vectors.rows(texts)

    def tokens(self, texts: Sequence[str]) -> StoredRows:
        """Return the token states of `texts`, each (t, d) int8; `make` was called for them."""
        return self._tokens.rows(texts)

    def make(self, texts: Sequence[Sequence[str]], progress: Progress | None = None) -> None:
        """Encode what is not kept yet: passages with their tokens, sentences without.

        Args:
            texts: For each passage its text, then the sentences that need a vector of their own.
            progress: Told how many of the new texts are done, and how many there are.
        """
        passages = [passage for passage, *_ in texts]
        sentences = [sentence for _, *some in texts for sentence in some]
        lacking = {*self._vectors.missing([*passages, *sentences]), *self._tokens.missing(passages)}
        whole = [text for text in dict.fromkeys(passages) if text in lacking]
        lacking.difference_update(whole)
        parts = [text for text in dict.fromkeys(sentences) if text in lacking]
        total = len(whole) + len(parts)

        def told(before: int) -> Progress | None:
            return None if progress is None else lambda done, _: progress(before + done, total)

        for start in range(0, len(whole), AT_ONCE):
            some = whole[start : start + AT_ONCE]
            vectors, tokens = self._encoder.passage_states(some, told(start))
            self._vectors.keep(some, list(vectors[:, None]))
            self._tokens.keep(some, tokens)
        if parts:
            vectors = self._encoder.passages(parts, told(len(whole)))
            self._vectors.keep(parts, list(vectors[:, None]))

    def compact(self, texts: Collection[str] | None = None) -> None:
        """Put many files into one; with `texts`, drop what none of them needs."""
        for cache in (self._vectors, self._tokens):
            cache.compact(texts)
