"""What many outcomes come to: means with intervals, by language form and kind, and comparisons."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap
from sklearn.metrics import roc_auc_score

from knowledge.evaluation import FIGURES, Outcome

RESAMPLES = 2000
CONFIDENCE = 0.95
# The same intervals at every run.
SEED = 20
ENGLISH = "en"


@dataclass(frozen=True)
class Estimate:
    """A mean with the ends of its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Scores:
    """How a set of questions went.

    Attributes:
        asked: Number of questions.
        figures: Estimates by name of `FIGURES`, over the answerable questions; may be empty.
        kept: Share of answerable questions that were not refused; None where there are none.
        refused: Share of unanswerable questions that were refused; None where there are none.
        auroc: How well the gate's chance tells the two kinds apart; None without both.
    """

    asked: int
    figures: dict[str, Estimate]
    kept: float | None
    refused: float | None
    auroc: float | None


@dataclass(frozen=True)
class Report:
    """All that is reported of a set of questions.

    Attributes:
        whole: Over everything.
        forms: By language form.
        kinds: By kind of question, where questions have one.
        behind: By how much each language form does worse than English, in nDCG at 10.
    """

    whole: Scores
    forms: dict[str, Scores]
    kinds: dict[str, Scores]
    behind: dict[str, Estimate]


def report(outcomes: Sequence[Outcome]) -> Report:
    """Return what `outcomes` come to."""
    forms = scores_by(outcomes, lambda one: one.question.form)
    compared = [form for form in forms if form != ENGLISH and forms[form].figures]
    return Report(
        whole=scores_of(outcomes),
        forms=forms,
        kinds=scores_by(
            [one for one in outcomes if one.question.kind], lambda one: one.question.kind
        ),
        behind={
            form: behind(outcomes, form, ENGLISH, "ndcg@10")
            for form in compared
            if ENGLISH in forms
        },
    )


def scores_by(outcomes: Sequence[Outcome], group: Callable[[Outcome], str]) -> dict[str, Scores]:
    """Return scores for each group, in the order met."""
    groups = dict.fromkeys(map(group, outcomes))
    return {name: scores_of([one for one in outcomes if group(one) == name]) for name in groups}


def scores_of(outcomes: Sequence[Outcome]) -> Scores:
    """Return how a set of questions went."""
    inside = [one for one in outcomes if one.question.answerable]
    outside = [one for one in outcomes if not one.question.answerable]
    return Scores(
        asked=len(outcomes),
        figures={name: estimate([one.figures[name] for one in inside]) for name in FIGURES}
        if inside
        else {},
        kept=share(not one.refused for one in inside),
        refused=share(one.refused for one in outside),
        auroc=float(
            roc_auc_score(
                [1] * len(inside) + [0] * len(outside), [one.chance for one in inside + outside]
            )
        )
        if inside and outside
        else None,
    )


def behind(outcomes: Sequence[Outcome], form: str, other: str, figure: str) -> Estimate:
    """Return by how much the questions in one form do worse than the same ones in another.

    Args:
        outcomes: Of questions that were asked in both forms.
        form: A language form.
        other: The form it is compared with.
        figure: One of `FIGURES`.
    """
    values = {
        (one.question.id, one.question.form): one.figures[figure] for one in outcomes if one.figures
    }
    pairs = [
        values[question, other] - value
        for (question, asked), value in values.items()
        if asked == form and (question, other) in values
    ]
    return estimate(pairs)


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of `values` with its interval; at least one value."""
    sample = np.asarray(values, dtype=np.float64)
    mean = float(sample.mean())
    if len(set(values)) == 1:
        return Estimate(mean, mean, mean)
    interval = bootstrap(
        (sample,),
        _mean,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return Estimate(mean, float(interval.low), float(interval.high))


def share(cases: Iterable[bool]) -> float | None:
    """Return the share of `cases` that hold; None where there are none."""
    counted = list(cases)
    return sum(counted) / len(counted) if counted else None


def _mean(sample: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
    means: NDArray[np.float64] = np.mean(sample, axis=axis)
    return means
