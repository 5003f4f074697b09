"""Merges what meaning and words say about the same passages, and picks what to show.

Knows nothing of where a score comes from: `search.py` makes them, this module only orders.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Numbers = NDArray[np.int64]

# How much the best match by words adds to the nearness. Measured on the tune half of
# tests/questions/starter.jsonl (25 questions in four language forms), by meaning of the passage
# alone: the right document among the first three for 61 of 100 without words, 67 with .01, 72 with
# .02 and .03, 65 with .05, and mean reciprocal rank .550, .595, .593, .590, .541.
WORD_WEIGHT = 0.02


def support(cosines: Scores, families: Numbers, count: int) -> Scores:
    """Return how near the question each family is: the mean of its two best cosines.

    What the other languages say, at half of the nearness, raised nDCG@10 from .659 to .703 on the
    tune half and from .619 to .655 on the test half (`python -m knowledge evaluate --half ...`).

    Args:
        cosines: Cosine to the question of every text that speaks for a family.
        families: The family of each of these texts, 0 to `count` - 1; each has one at least.
        count: How many families there are.
    """
    order = np.lexsort((-cosines, families))
    starts = np.searchsorted(families[order], np.arange(count))
    first = cosines[order[starts]]
    # A family with a single text is as near as that text.
    seconds = np.minimum(starts + 1, len(order) - 1)
    has_second = (starts + 1 < len(order)) & (families[order[seconds]] == np.arange(count))
    second = np.where(has_second, cosines[order[seconds]], first)
    near: Scores = ((first + second) / 2).astype(np.float32)
    return near


def fuse(meaning: Scores, words: Scores, most_words: float) -> Scores:
    """Return one score for each passage: its nearness, and a little for shared words.

    Args:
        meaning: Nearness of each passage to the question: a cosine, or a mean of cosines.
        words: BM25 score of each passage, 0 or more.
        most_words: Highest BM25 score among all passages; the scale on which words count. The
            lowest is 0, so that dividing by it is min-max scaling.
    """
    if most_words <= 0:
        return meaning
    fused: Scores = meaning + WORD_WEIGHT * words / most_words
    return fused


def best_first(scores: Scores) -> list[int]:
    """Return places in `scores`, the highest score first; equal ones keep their order."""
    return [int(place) for place in np.argsort(-scores, kind="stable")]


def first_of_each(places: Sequence[int], groups: Sequence[Hashable], limit: int) -> list[int]:
    """Return the first of `places` from each group, at most `limit`, order kept.

    Args:
        places: Places in `groups`, best first.
        groups: The group of every place; one section is one group.
        limit: The most places to return.
    """
    seen: set[Hashable] = set()
    chosen: list[int] = []
    for place in places:
        if len(chosen) == limit:
            break
        if groups[place] not in seen:
            seen.add(groups[place])
            chosen.append(place)
    return chosen
