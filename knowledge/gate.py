"""Judges whether the passages found answer a question; a fitted classifier, never one threshold.

Cosines of questions inside and outside the library overlap (.79-.86 against .77-.83), so that no
threshold on them can tell the two apart. Rules about what must never be answered are not here.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("gate.json")

Verdict = Literal["answered", "partly", "abstained"]

# The numbers a verdict rests on besides the question's vector, in the order of the weights.
SCORES = ("best", "lead", "height", "fused", "fall", "covered")
# Of these, what means the same whatever model made the vectors.
WORD_SCORES = ("covered",)


@dataclass(frozen=True)
class Evidence:
    """What a search knows about how well it went.

    Attributes:
        query_vector: The question's unit vector, (d,) float32.
        best: Cosine of the nearest passage.
        second: Cosine of the second nearest passage; 0 when there is none.
        mean: Mean cosine over all passages searched.
        fused: Score of the first passage, all signs together.
        tenth: Score of the tenth, or of the last.
        covered: Share (0 to 1) of the question's lemmas that occur in the passages shown.
    """

    query_vector: NDArray[np.float32]
    best: float
    second: float
    mean: float
    fused: float
    tenth: float
    covered: float


@dataclass(frozen=True)
class Side:
    """A logistic classifier and the chances from which on it says "partly" and "answered"."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    partly: float
    answered: float

    def chance(self, scores: list[float], more: float = 0.0) -> float:
        """Return the chance (0 to 1) that the question is answered."""
        scaled = zip(scores, self.means, self.scales, self.weights, strict=True)
        total = self.bias + more
        total += sum((score - mean) / scale * weight for score, mean, scale, weight in scaled)
        return 1 / (1 + math.exp(-min(max(total, -30.0), 30.0)))

    def verdict(self, chance: float) -> Verdict:
        """Return what a chance means."""
        if chance >= self.answered:
            return "answered"
        return "partly" if chance >= self.partly else "abstained"


class Gate:
    """The fitted classifier; without vectors of the model it was fitted to, it judges by words."""

    def __init__(self, full: Side, words: Side, direction: NDArray[np.float32]) -> None:
        """Hold the two classifiers and what the question's vector adds to the first, (d,)."""
        self._full = full
        self._words = words
        self._direction = direction

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> "Gate":
        """Return the gate whose weights are in `path`, as `knowledge.gate_fitting` writes them."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        direction = np.array(stored["direction"], dtype=np.float32)
        return cls(_side(stored["full"]), _side(stored["words"]), direction)

    def judge(self, evidence: Evidence) -> Verdict:
        """Return whether the passages found answer the question, answer it in part, or do not."""
        return self._side(evidence).verdict(self.chance(evidence))

    def chance(self, evidence: Evidence) -> float:
        """Return the chance (0 to 1) that the passages found answer the question."""
        side = self._side(evidence)
        if side is self._words:
            return side.chance(scores_of(evidence, WORD_SCORES))
        return side.chance(
            scores_of(evidence, SCORES), float(evidence.query_vector @ self._direction)
        )

    def _side(self, evidence: Evidence) -> Side:
        return self._full if evidence.query_vector.shape == self._direction.shape else self._words


def scores_of(evidence: Evidence, names: tuple[str, ...]) -> list[float]:
    """Return the named numbers of `evidence`, in that order."""
    values = {
        "best": evidence.best,
        "lead": evidence.best - evidence.second,
        "height": evidence.best - evidence.mean,
        "fused": evidence.fused,
        "fall": evidence.fused - evidence.tenth,
        "covered": evidence.covered,
    }
    return [values[name] for name in names]


def _side(stored: dict[str, Any]) -> Side:
    numbers = {name: tuple(stored[name]) for name in ("means", "scales", "weights")}
    return Side(
        **numbers, bias=stored["bias"], partly=stored["partly"], answered=stored["answered"]
    )
