"""Late interaction: how near every token of a question comes to some token of a passage."""

import numpy as np
from numpy.typing import NDArray

from knowledge.row_files import Numbers, StoredRows
from knowledge.vectors import Vectors

Tokens = NDArray[np.int8]

# A unit vector times this, rounded, is a token's state: cosines differ by a thousandth at most.
SCALE = 127


def nearness(question: Vectors, tokens: StoredRows, rows: Numbers) -> Vectors:
    """Return for each passage of `rows` the mean over the question's tokens of the best cosine.

    Args:
        question: The question's token states, (q, d) float32 with unit rows.
        tokens: The token states of all passages, each (t, d) int8 with t of 1 or more.
        rows: Numbers of passages.
    """
    if not len(rows):
        return np.empty(0, dtype=np.float32)
    counts = tokens.counts[rows]
    states = np.concatenate([tokens[row] for row in rows])
    cosines = question @ (states.astype(np.float32).T / SCALE)
    near: Vectors = np.maximum.reduceat(cosines, np.cumsum(counts) - counts, axis=1).mean(axis=0)
    return near


def as_tokens(states: Vectors) -> Tokens:
    """Return unit rows as token states, (t, d) int8."""
    return np.rint(states * SCALE).astype(np.int8)
