"""Passages by the words they share with a question: BM25 over folded lemmas."""

from __future__ import annotations

import logging
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import bm25s
import numpy as np
from numpy.typing import NDArray

from knowledge.row_files import Numbers

Scores = NDArray[np.float32]
Lemmas = Sequence[Sequence[str]]

# BM25 as Lucene has it, with the weights that bm25s takes unless told otherwise.
BM25, K1, B = "lucene", 1.5, 0.75
NOWHERE = np.empty(0, np.int64), np.empty(0, np.float32)


class WordIndex:
    """BM25 over passages that are given as lists of lemmas."""

    def __init__(self, lemmas: Lemmas) -> None:
        """Take in the lemmas of each passage, in order."""
        self.count = len(lemmas)
        self._parts = [_Part.made_of(lemmas)]

    def extended(self, lemmas: Lemmas) -> WordIndex:
        """Return an index over the passages of this one that were there first, then `lemmas`.

        How rare a word is, the passages that were there first tell, so that scores of old and new
        ones can be compared.
        """
        more, first = copy(self), self._parts[0]
        more._parts = [first, first.more(lemmas)]
        more.count = first.count + len(lemmas)
        return more

    def scores(self, lemmas: Sequence[str]) -> Scores:
        """Return the BM25 score of every passage, (n,) float32, 0 where no word is shared."""
        scores = np.zeros(self.count, dtype=np.float32)
        start = 0
        for part in self._parts:
            part.add(scores[start : start + part.count], lemmas)
            start += part.count
        return scores

    def scores_of_names(self, names: Sequence[Sequence[str]]) -> Scores:
        """Return for every passage the best score of any of several names, (n,) float32.

        Args:
            names: Names of one thing, each as lemmas; a longer one counts as much as a short one.
        """
        best = np.zeros(self.count, dtype=np.float32)
        start = 0
        for part in self._parts:
            for name in names:
                part.raise_to(best[start : start + part.count], name)
            start += part.count
        return best


@dataclass(frozen=True)
class _Part:
    """Some passages: by word, those that have it, each once, and its score in them."""

    count: int
    length: float
    postings: Mapping[str, tuple[Numbers, Scores]]

    @classmethod
    def made_of(cls, lemmas: Lemmas) -> _Part:
        # bm25s sets its own logger to DEBUG, and would speak at every change of the library.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        if not any(lemmas):
            return cls(len(lemmas), 0.0, {})
        index = bm25s.BM25(method=BM25, k1=K1, b=B)
        index.index([list(words) for words in lemmas], show_progress=False)
        scores, rows, ends = (index.scores[name] for name in ("data", "indices", "indptr"))
        runs = {
            word: slice(ends[number], ends[number + 1])
            # bm25s adds an empty word that no passage has.
            for word, number in index.vocab_dict.items()
            if word
        }
        length = sum(map(len, lemmas)) / len(lemmas)
        return cls(
            len(lemmas), length, {word: (rows[run], scores[run]) for word, run in runs.items()}
        )

    def more(self, lemmas: Lemmas) -> _Part:
        """Return a few other passages, scored by how rare words are and how long passages here."""
        found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, words in enumerate(lemmas):
            long = K1 * (1 - B + B * len(words) / max(self.length, 1))
            for word, times in Counter(words).items():
                found[word].append((row, self._rarity(word) * times / (times + long)))
        postings = {
            word: (
                np.array([row for row, _ in own]),
                np.array([score for _, score in own], np.float32),
            )
            for word, own in found.items()
        }
        return _Part(len(lemmas), self.length, postings)

    def add(self, scores: Scores, lemmas: Sequence[str]) -> None:
        """Add to the scores of all passages, (n,), those of `lemmas`."""
        for lemma in lemmas:
            rows, own = self._found(lemma)
            scores[rows] += own

    def raise_to(self, scores: Scores, name: Sequence[str]) -> None:
        """Raise the scores of all passages, (n,), to those of a name where they are lower."""
        found = [self._found(lemma) for lemma in name]
        if not found:
            return
        own = np.zeros(len(scores), dtype=np.float32)
        for rows, scored in found:
            own[rows] += scored
        rows = np.concatenate([rows for rows, _ in found])
        scores[rows] = np.maximum(scores[rows], own[rows] / np.float32(len(found)))

    def _found(self, word: str) -> tuple[Numbers, Scores]:
        return self.postings.get(word, NOWHERE)

    def _rarity(self, word: str) -> float:
        having = len(self._found(word)[0])
        return math.log1p((self.count - having + 0.5) / (having + 0.5))
