"""Nearest texts by meaning: compared one by one where they are few, by clusters where many."""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import copy

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.ranking import best_first
from knowledge.row_files import Numbers, StoredRows

Vectors = NDArray[np.float32]
Mask = NDArray[np.bool_]

# Up to so many vectors are compared one by one; decision 0005 has the measurements.
EXACT_UP_TO = 10_000
# Of more vectors there are as many clusters as their square root, and so many are looked into.
LOOKED_INTO = 128
# Clusters are found from so many vectors each: FAISS asks for 39 at least.
PER_CLUSTER = 64
# Clusters keep eight bits of each number: so many more are found, and put in order exactly.
SPARE = 20
# Vectors are read from disk in blocks of so many.
BLOCK = 50_000


class NearestVectors:
    """An index over unit vectors; never kept on disk, because it is made again in little time.

    FAISS loads a damaged index file without a word (12 of 12 flipped bytes in our trial); what is
    kept are the vectors themselves, whose files carry their own SHA-256 (see `row_cache`).
    """

    def __init__(self, vectors: StoredRows, *, exact_up_to: int = EXACT_UP_TO) -> None:
        """Take in `vectors`, unit rows of float32, one each; there may be none."""
        self.vectors = vectors
        self.is_exact = len(vectors) <= exact_up_to
        index = _flat(vectors) if self.is_exact else _clustered(vectors)
        self._parts = [index]

    @property
    def settled(self) -> int:
        """How many vectors were there when the index was made."""
        return int(self._parts[0].ntotal)

    def extended(self, vectors: StoredRows) -> NearestVectors:
        """Return an index over `vectors`, which begin with the settled ones of this index.

        What is new is compared one by one, beside the clusters of what was there.
        """
        more = copy(self)
        more.vectors = vectors
        recent = vectors.only(np.arange(self.settled, len(vectors)))
        more._parts = [self._parts[0], *([_flat(recent)] if len(recent) else [])]
        return more

    def among(self, shown: Mask) -> NearestAmong:
        """Return what finds the nearest of those that are `shown`, (n,)."""
        return NearestAmong(self.vectors, self._parts, shown, is_exact=self.is_exact)


class NearestAmong:
    """Finds the nearest among some of the vectors of an index."""

    def __init__(
        self, vectors: StoredRows, parts: list[faiss.Index], shown: Mask, *, is_exact: bool
    ) -> None:
        """Look for those `shown`, (n,), in the `parts` of an index, one after another."""
        self._vectors = vectors
        self._is_exact = is_exact
        self._parts: list[tuple[int, faiss.Index, faiss.IDSelector, int]] = []
        start = 0
        for part in parts:
            of_part = shown[start : start + part.ntotal]
            bits = np.packbits(of_part, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
            self._parts.append((start, part, selector, int(of_part.sum())))
            start += part.ntotal

    def nearest(self, query: Vectors, limit: int) -> Numbers:
        """Return the rows nearest to `query`, (d,) float32, best first; at most `limit`."""
        more = limit if self._is_exact else limit + SPARE
        found = [
            start + _search(part, query, selector, min(more, shown))
            for start, part, selector, shown in self._parts
        ]
        rows: Numbers = np.concatenate(found)
        if self._is_exact or not len(rows):
            return rows
        return rows[best_first(self._vectors.take(rows) @ query, limit)]


def _search(index: faiss.Index, query: Vectors, shown: faiss.IDSelector, limit: int) -> Numbers:
    """Return the `limit` rows of `index` nearest to `query`, best first; so many are shown."""
    rows: Numbers = np.empty(0, dtype=np.int64)
    for how in _ways(index, shown) if limit else ():
        rows = index.search(query[None, :], limit, params=how)[1][0]
        # FAISS fills up with -1 where it found fewer: most that is near is not shown.
        if (rows >= 0).all():
            break
    return rows


def _ways(index: faiss.Index, shown: faiss.IDSelector) -> Iterator[faiss.SearchParameters]:
    """Yield how to search: some clusters, then all; FAISS tells mypy of C++, not of its Python."""
    if not isinstance(index, faiss.IndexIVF):
        yield faiss.SearchParameters(sel=shown)  # type: ignore[call-arg]
        return
    for clusters in (LOOKED_INTO, index.nlist):
        yield faiss.SearchParametersIVF(sel=shown, nprobe=clusters)  # type: ignore[call-arg]


def _flat(vectors: StoredRows) -> faiss.Index:
    index = faiss.IndexFlatIP(vectors[0].shape[1] if len(vectors) else 1)
    if len(vectors):
        index.add(vectors.take(np.arange(len(vectors))))
    return index


def _clustered(vectors: StoredRows) -> faiss.Index:
    count, dimension = len(vectors), vectors[0].shape[1]
    clusters = max(min(math.isqrt(count), count // PER_CLUSTER), 1)
    kind = faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    centres = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(centres, dimension, clusters, *kind)
    index.train(vectors.take(np.linspace(0, count - 1, clusters * PER_CLUSTER).astype(np.int64)))
    for start in range(0, count, BLOCK):
        index.add(vectors.take(np.arange(start, min(start + BLOCK, count))))
    return index
