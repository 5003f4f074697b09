"""Passages by the words they share with a question: BM25 over folded lemmas."""

import logging
from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray


class WordIndex:
    """BM25 over passages that are given as lists of lemmas."""

    def __init__(self, lemmas: Sequence[Sequence[str]]) -> None:
        """Take in the lemmas of each passage, in order."""
        self._count = len(lemmas)
        self._index = None
        # bm25s sets its own logger to DEBUG, and would speak at every change of the library.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        if any(lemmas):
            self._index = bm25s.BM25(method="lucene")
            self._index.index([list(words) for words in lemmas], show_progress=False)

    def scores(self, lemmas: Sequence[str]) -> NDArray[np.float32]:
        """Return the BM25 score of every passage, (n,) float32, 0 where no word is shared."""
        if self._index is None:
            return np.zeros(self._count, dtype=np.float32)
        numbers = self._index.get_tokens_ids([word for word in lemmas if word])
        if not numbers:
            return np.zeros(self._count, dtype=np.float32)
        return np.asarray(self._index.get_scores_from_ids(numbers), dtype=np.float32)

    def scores_of_names(self, names: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return for every passage the best score of any of several names, (n,) float32.

        Args:
            names: Names of one thing, each as lemmas; a longer one counts as much as a short one.
        """
        scored = [self.scores(name) / np.float32(len(name)) for name in names if name]
        if not scored:
            return np.zeros(self._count, dtype=np.float32)
        best: NDArray[np.float32] = np.maximum.reduce(scored)
        return best
