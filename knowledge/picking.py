"""The sentences of a passage that answer a question, told by the tokens they come near."""

from collections.abc import Sequence

import numpy as np

from knowledge.late import SCALE, Tokens
from knowledge.vectors import Vectors

MOST = 4
# A further sentence must bring the question's tokens nearer by so much on average.
LEAST_GAIN = 0.005


def pick(question: Vectors, tokens: Tokens, counts: Sequence[int], before: int) -> list[int]:
    """Return the numbers of the sentences that answer, 1 to 4 of them, in the passage's order.

    The sentence that comes nearest to the question's tokens is taken first, then the one that adds
    most to it, while it adds enough.

    Args:
        question: The question's token states, (q, d) float32 with unit rows.
        tokens: The passage's token states, (t, d) int8, at least one.
        counts: How many tokens each sentence has, in order; at least one sentence.
        before: How many tokens stand before the first sentence.
    """
    cosines = question @ (tokens.astype(np.float32).T / SCALE)
    starts = before + np.cumsum([0, *counts[:-1]])
    near = np.full((len(counts), len(question)), -1.0, dtype=np.float32)
    for number, (start, count) in enumerate(zip(starts, counts, strict=True)):
        # What lies beyond the model's length has no tokens.
        if count and start < cosines.shape[1]:
            near[number] = cosines[:, start : start + count].max(axis=1)
    chosen: list[int] = []
    covered = np.full(len(question), -1.0, dtype=np.float32)
    while len(chosen) < min(MOST, len(counts)):
        together = np.maximum(near, covered)
        best = int(together.mean(axis=1).argmax())
        if chosen and together[best].mean() - covered.mean() < LEAST_GAIN:
            break
        chosen.append(best)
        covered = together[best]
    return sorted(chosen)
