"""Which passages an asker of a language may be shown, and which speak for them unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.row_files import Numbers, rows_of_runs
from knowledge.vectors import Mask, NearestAmong, Vectors
from knowledge.words import Scores, WordIndex

# The mean of more vectors than this is hardly another.
MEAN_OF = 10_000


@dataclass(frozen=True)
class View:
    """The passages that one asker may be shown: no text twice in two languages.

    `shown` tells of every passage whether it may be, `rows` are the numbers of those that may.
    `foreign` tells by language which passages are in it, and not in the asker's. `voices` speak for
    the families shown: their texts in other languages than the one shown. `words` is over the rows,
    or over all passages where those are many.
    """

    shown: Mask
    rows: Numbers
    foreign: Mapping[str, Mask]
    voices: Mask
    nearest: NearestAmong
    words: WordIndex
    mean: Vectors

    def word_scores(self, own: Sequence[str], foreign: Sequence[Sequence[Sequence[str]]]) -> Scores:
        """Return how well the words of every passage fit a question, (n,); 0 where not shown.

        Args:
            own: The question's lemmas.
            foreign: For each thing it names, what others call it: several names, each as lemmas.
        """
        scores = self.words.scores(own)
        for names in foreign:
            scores += self.words.scores_of_names(names)
        if len(scores) == len(self.shown):
            scores *= self.shown
            return scores
        everywhere = np.zeros(len(self.shown), dtype=np.float32)
        everywhere[self.rows] = scores
        return everywhere


class Columns:
    """Family, language and script of each passage, side by side, to be compared at once."""

    def __init__(
        self, families: Sequence[str], languages: Sequence[str], scripts: Sequence[str]
    ) -> None:
        """Take in those of every passage, in order."""
        numbers: dict[str, int] = {}
        found = [numbers.setdefault(family, len(numbers)) for family in families]
        self.families: Numbers = np.array(found, dtype=np.int64)
        self.languages: NDArray[np.str_] = np.array(languages)
        self.scripts: NDArray[np.str_] = np.array(scripts)
        order = np.argsort(self.families, kind="stable").astype(np.int64)
        self._by_family = order
        self._ends = np.cumsum(np.bincount(self.families, minlength=len(numbers)))

    def shown(self, answering: Mask, language: str, script: str) -> Mask:
        """Return which of those that are `answering` an asker may be shown.

        Where a family has a text in the asker's language, its other texts are left out; where it
        has one in each script of that language, so is the one in the other script.
        """
        spoken = answering & (self.languages == language)
        written = self.scripts == script
        shown: Mask = (
            answering
            & (spoken | ~self._of_families(spoken))
            & (written | ~self._of_families(spoken & written))
        )
        return shown

    def foreign(self, shown: Mask, language: str) -> dict[str, Mask]:
        """Return by language, in order, which passages are in it, where some are `shown`."""
        others = set(np.unique(self.languages[shown]).tolist()) - {language, ""}
        return {other: self.languages == other for other in sorted(others) if language}

    def voices(self, answering: Mask, shown: Mask) -> Mask:
        """Return which passages speak for the families `shown`."""
        return answering & ~shown & self._of_families(shown)

    def rows_of(self, families: Numbers) -> Numbers:
        """Return the rows of some families, one family after another."""
        ends = self._ends[families]
        counts = ends - np.where(families, self._ends[families - 1], 0)
        rows: Numbers = self._by_family[rows_of_runs(ends - counts, counts)]
        return rows

    def _of_families(self, rows: Mask) -> Mask:
        """Return which passages are of a family that has one among `rows`."""
        has = np.zeros(len(self._ends), dtype=bool)
        has[self.families[rows]] = True
        return has[self.families]
