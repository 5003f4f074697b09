"""What documents say in their other languages, which speaks for what they say in this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from knowledge.ranking import mixed, two_best

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.index import Index
    from knowledge.ranking import Numbers, Scores
    from knowledge.vectors import Mask, Vectors
    from knowledge.views import View


@dataclass(frozen=True)
class Voices:
    """For each of some passages, the two nearest to a question that speak for its document.

    Attributes:
        heard: Which passages are spoken for, (k,): those of documents with other languages.
        first: The row of the nearest, (k,); of no meaning where none is heard.
        second: The row of the next, or the same again where there is only one.
    """

    heard: Mask
    first: Numbers
    second: Numbers

    def only(self, places: Numbers) -> Voices:
        """Return the voices of the passages at `places`."""
        return Voices(self.heard[places], self.first[places], self.second[places])

    def mixed_into(self, own: Scores, near: Callable[[Numbers], Scores], share: float) -> Scores:
        """Return the nearness of the passages, `own`, with a `share` of what speaks for them.

        A document without other languages keeps its own: if its two best passages spoke for it, a
        long one would win by being long (decision 0009).

        Args:
            own: Nearness of each passage, (k,).
            near: Gives the nearness of rows.
            share: How much of the mixture the voices are.
        """
        spoken = (near(self.first) + near(self.second)) * np.float32(0.5)
        return mixed(own, spoken, self.heard, share)


def voices_of(index: Index, view: View, vector: Vectors, candidates: Numbers) -> Voices:
    """Return what speaks for each of the rows `candidates`, nearest to `vector`, (d,)."""
    own = index.columns.families[candidates]
    rows = index.columns.rows_of(np.unique(own))
    rows = rows[view.voices[rows]]
    families, of_family = np.unique(index.columns.families[rows], return_inverse=True)
    heard = np.isin(own, families)
    first, second = np.full((2, len(own)), candidates[0])
    if len(rows):
        best = two_best(index.vectors(rows) @ vector, of_family, len(families))
        place = np.searchsorted(families, own[heard])
        first[heard], second[heard] = rows[best[0]][place], rows[best[1]][place]
    return Voices(heard, first, second)
