"""Measures how well a library answers question files: recall, rank and refusals per language."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.gate import Evidence, Gate, Verdict
from knowledge.library import Library

# So many hits are asked for that ten documents are seen even when one leads with many passages.
HITS = 40
RANKED = 10


@dataclass(frozen=True)
class Question:
    """One question in one language form.

    `document` is the family of documents that answers it; None means that nothing should.
    """

    id: str
    form: str
    text: str
    document: str | None


@dataclass(frozen=True)
class Score:
    """How a set of questions went; shares from 0 to 1, None where no question tells.

    Attributes:
        asked: Number of questions.
        first: Share of answerable questions whose document came first (recall at 1).
        among_three: The same among the first three documents.
        among_five: The same among the first five.
        ndcg: Mean of 1 / log2(1 + rank) over the first ten documents (nDCG at 10).
        wrongly_refused: Share of answerable questions that the gate refused.
        rightly_refused: Share of unanswerable questions that the gate refused.
        auroc: How well the gate's chance tells the two kinds apart (.5 is guessing).
    """

    asked: int
    first: float | None
    among_three: float | None
    among_five: float | None
    ndcg: float | None
    wrongly_refused: float | None
    rightly_refused: float | None
    auroc: float | None


@dataclass(frozen=True)
class Outcome:
    """What came of one question: the place of its document (0: not found), and the verdict."""

    question: Question
    place: int
    refused: bool
    chance: float


class WatchedGate(Gate):
    """A gate that remembers the evidence it judged last, for measuring and fitting."""

    def __init__(self, gate: Gate | None = None) -> None:
        """Judge as `gate` does; without one, let everything pass."""
        self._gate = gate
        self.last: Evidence | None = None

    def judge(self, evidence: Evidence) -> Verdict:
        """Return the verdict and remember what it rests on."""
        self.last = evidence
        return "answered" if self._gate is None else self._gate.judge(evidence)

    def chance(self, evidence: Evidence) -> float:
        """Return the chance that the question is answered."""
        return 1.0 if self._gate is None else self._gate.chance(evidence)


def read_questions(path: Path, half: str = "") -> list[Question]:
    """Return the questions in a file, one for each language form.

    Each line is `{"id", "texts": {form: question}}` with `document` where one answers.

    Args:
        path: A file of JSON lines.
        half: Only questions of this half, tune or test; empty takes all.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [
        Question(row["id"], form, text, row.get("document"))
        for row in rows
        if half in ("", row.get("half"))
        for form, text in row["texts"].items()
    ]


def ask(library: Library, watch: WatchedGate, questions: Iterable[Question]) -> list[Outcome]:
    """Return what came of each question, in order.

    Args:
        library: Searched in the language of each question's form; its gate must be `watch`.
        watch: The gate of the library.
        questions: What to ask.
    """
    outcomes = []
    for question in questions:
        watch.last = None
        found = library.search(question.text, language=question.form, limit=HITS)
        families = list(dict.fromkeys(hit.family for hit in found.hits))
        place = families.index(question.document) + 1 if question.document in families else 0
        chance = 0.0 if watch.last is None else watch.chance(watch.last)
        outcomes.append(Outcome(question, place, found.status == "abstained", chance))
    return outcomes


def scores_by_form(outcomes: Sequence[Outcome]) -> dict[str, Score]:
    """Return a score for each language form, in the order met, and one for `all`."""
    forms = dict.fromkeys(outcome.question.form for outcome in outcomes)
    by_form = {
        form: score([outcome for outcome in outcomes if outcome.question.form == form])
        for form in forms
    }
    return by_form | {"all": score(outcomes)}


def score(outcomes: Sequence[Outcome]) -> Score:
    """Return how a set of questions went."""
    inside = [outcome for outcome in outcomes if outcome.question.document is not None]
    outside = [outcome for outcome in outcomes if outcome.question.document is None]
    places = [outcome.place for outcome in inside]
    return Score(
        asked=len(outcomes),
        first=recall(places, 1),
        among_three=recall(places, 3),
        among_five=recall(places, 5),
        ndcg=_mean([1 / np.log2(1 + place) if 0 < place <= RANKED else 0.0 for place in places]),
        wrongly_refused=_share(outcome.refused for outcome in inside),
        rightly_refused=_share(outcome.refused for outcome in outside),
        auroc=area([outcome.chance for outcome in inside], [outcome.chance for outcome in outside]),
    )


def recall(places: Sequence[int], among: int) -> float | None:
    """Return the share of `places` (counted from 1; 0 is nowhere) that are among the first."""
    return _share(0 < place <= among for place in places)


def area(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """Return the chance that a value of `inside` exceeds one of `outside`; ties count half."""
    if not inside or not outside:
        return None
    difference = np.subtract.outer(np.array(inside), np.array(outside))
    return float((difference > 0).mean() + (difference == 0).mean() / 2)


def _share(cases: Iterable[bool]) -> float | None:
    return _mean([float(case) for case in cases])


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
