"""Nearest texts by meaning: an exact FAISS index over unit vectors."""

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]


class NearestVectors:
    """An index over rows of unit vectors; built in milliseconds, so it is never kept on disk.

    FAISS loads a damaged index file without a word (12 of 12 flipped bytes in our trial); what is
    kept are the vectors themselves, whose files carry their own SHA-256 (see `vector_cache`).
    """

    def __init__(self, vectors: Vectors) -> None:
        """Take in `vectors`, (n, d) float32 with unit rows; n may be 0."""
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        if len(vectors):
            self._index.add(np.ascontiguousarray(vectors))

    def nearest(self, query: Vectors, limit: int) -> Numbers:
        """Return the rows nearest to `query`, (d,) float32, best first; at most `limit`."""
        limit = min(limit, self._index.ntotal)
        if limit < 1:
            return np.empty(0, dtype=np.int64)
        _, rows = self._index.search(query[None, :], limit)
        found: Numbers = rows[0]
        return found
