"""Late interaction: how near every token of a question comes to some token of a passage."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.vectors import Numbers, Vectors

Tokens = NDArray[np.int8]

# A unit vector times this, rounded, is a token's state: cosines differ by a thousandth at most.
SCALE = 127


class TokenStates:
    """The token states of passages, one passage after another."""

    def __init__(self, tokens: Sequence[Tokens]) -> None:
        """Take in the states of each passage, (t, d) int8 with t of 1 or more, in order."""
        self._tokens = tuple(tokens)

    def of(self, row: int) -> Tokens:
        """Return the token states of one passage, (t, d)."""
        return self._tokens[row]

    def nearness(self, question: Vectors, rows: Numbers) -> Vectors:
        """Return for each passage of `rows` the mean over the question's tokens of the best cosine.

        Args:
            question: The question's token states, (q, d) float32 with unit rows.
            rows: Numbers of passages.
        """
        if not len(rows):
            return np.empty(0, dtype=np.float32)
        chosen = [self._tokens[row] for row in rows]
        starts = np.cumsum([0, *(len(one) for one in chosen[:-1])])
        cosines = question @ (np.concatenate(chosen).astype(np.float32).T / SCALE)
        near: Vectors = np.maximum.reduceat(cosines, starts, axis=1).mean(axis=0)
        return near


def as_tokens(states: Vectors) -> Tokens:
    """Return unit rows as token states, (t, d) int8."""
    return np.rint(states * SCALE).astype(np.int8)
