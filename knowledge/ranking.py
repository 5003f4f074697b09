"""Weighs what several signs say about the same passages, and picks what to show.

Knows nothing of where a score comes from: `search.py` makes them, this module only orders.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Recipe:
    """How much each sign counts; decision 0003 has the measurements.

    Attributes:
        meaning: Weight of the cosine of question and passage.
        others: Share of nearness, by cosine and by tokens, that the two best passages of a
            document's other languages speak for, where it has any.
        tokens: Weight of late interaction over the best of the first stage; 0 leaves it out.
        words: Weight of the BM25 score, the highest being 1.
        rendering: Share of nearness, by cosine and by tokens, that the question rendered word for
            word in a passage's own language speaks for.
        names: Whether what a question names is searched by its names in other languages too.
        role: Added to a passage meant for the asker's role, where the question says our, we or my.
    """

    meaning: float
    others: float
    tokens: float
    words: float
    rendering: float
    names: bool
    role: float


FULL = Recipe(
    meaning=0.25, others=0.5, tokens=1.0, words=0.015, rendering=0.4, names=True, role=0.04
)
_NOTHING = Recipe(
    meaning=0.0, others=0.0, tokens=0.0, words=0.0, rendering=0.0, names=False, role=0.0
)
DENSE = replace(_NOTHING, meaning=1.0)
BM25 = replace(_NOTHING, words=1.0)
RECIPES = {"": FULL, "dense": DENSE, "bm25": BM25}

# In the first stage words count a little beside meaning, as they did before tokens were looked at.
FIRST_WORDS = 0.02
# So many of the first stage are looked at token by token. More costs time and finds hardly more.
LOOKED_AT = 50
# Many scores are looked through in blocks of so many.
BLOCK = 32


def mixed(own: Scores, other: Scores, where: NDArray[np.bool_], share: float) -> Scores:
    """Return `own` with a `share` of `other` in it at the places `where` it applies."""
    mixture: Scores = np.where(where, own + np.float32(share) * (other - own), own)
    return mixture


def two_best(cosines: Scores, families: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Return for each family the places of its two best cosines; of a single text, twice the same.

    Args:
        cosines: Cosine to the question of every text that speaks for a family.
        families: The family of each of these texts, 0 to `count` - 1; each has one at least.
        count: How many families there are.
    """
    order = np.lexsort((-cosines, families)).astype(np.int64)
    starts = np.searchsorted(families[order], np.arange(count))
    seconds = np.minimum(starts + 1, max(len(order) - 1, 0))
    own = families[order[seconds]] == np.arange(count)
    return order[starts], order[np.where(own, seconds, starts)]


def shares(words: Scores, most: float) -> Scores:
    """Return BM25 scores as shares of the highest one; the lowest is 0, so it is min-max scaling.

    Args:
        words: BM25 score of each passage, 0 or more.
        most: The highest among all passages; 0 when no word was found.
    """
    scaled: Scores = words / np.float32(most) if most > 0 else np.zeros_like(words)
    return scaled


def best_first(scores: Scores, limit: int | None = None) -> list[int]:
    """Return places in `scores`, the highest score first; equal ones keep their order.

    Args:
        scores: A score for each place.
        limit: The most places to return; without one, all.
    """
    if limit is None or limit >= len(scores):
        return [int(place) for place in np.argsort(-scores, kind="stable")]
    # Only what is as good as the `limit`-th best of the best of every block is put in order: a
    # partition of a million numbers, many of them equal, took a tenth of a second.
    blocks = np.maximum.reduceat(scores, np.arange(0, len(scores), BLOCK))
    least = np.partition(blocks, -limit)[-limit] if limit <= len(blocks) else -np.inf
    places = np.flatnonzero(scores >= least)
    first = places[np.argsort(-scores[places], kind="stable")[:limit]]
    return [int(place) for place in first]


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
