"""The command that measures what each stage of a search brings: asked with it and without it."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from knowledge.console import USAGE, Data, bar, open_encoder, settings_for, stop, trial_library
from knowledge.quality import QUESTIONS, Trial, each_alone, long_reports
from knowledge.questions import HALVES, read_questions
from knowledge.ranking import FULL, Recipe

if TYPE_CHECKING:
    from config.settings import Settings
    from knowledge.encoder import Encoder
    from knowledge.evaluation import Outcome
    from knowledge.measures import Estimate
    from knowledge.vectors import Vectors

FILES = ("starter.jsonl", "reports.jsonl", "our.jsonl")
MEASURED = ("ndcg@10", "recall@5")
LIBRARIES = {"all in one library": False, "each report alone": True}
WIDTH = 120

Estimates = Mapping[str, "Estimate"]


@dataclass(frozen=True)
class Stage:
    """How to search without one of the stages, and which questions tell what it brings.

    Those are all that do not depend on who asks, or with `our` those that do.
    """

    without: Recipe = FULL
    corrected: bool = True
    our: bool = False


STAGES = {
    "meaning": Stage(replace(FULL, meaning=0.0)),
    "others": Stage(replace(FULL, others=0.0)),
    "tokens": Stage(replace(FULL, tokens=0.0)),
    "words": Stage(replace(FULL, words=0.0)),
    "names": Stage(replace(FULL, names=False)),
    "rendering": Stage(replace(FULL, rendering=0.0)),
    "names, rendering": Stage(replace(FULL, names=False, rendering=0.0)),
    "correction": Stage(corrected=False),
    "role": Stage(replace(FULL, role=0.0), our=True),
}
# What is compared: the search with all of its stages.
WHOLE = {"all stages": Stage(), "all stages, our": Stage(our=True)}


def stages(
    half: Annotated[str, typer.Option(help="Only questions of this half: tune or test.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: Data = None,
) -> None:
    """Measure what each stage of a search brings, in one library and with each report alone.

    Of each stage: by how much questions do better with it than without, and the 95 % interval.
    Asks the project's own questions; takes minutes. Example: python -m knowledge stages --half test
    """
    if half not in HALVES:
        stop("--half is tune or test", USAGE)
    if not all((QUESTIONS / name).exists() for name in FILES):
        stop("run this in the project's folder", USAGE)
    settings, reports = settings_for(data), long_reports()
    asked = [one for name in FILES for one in read_questions(QUESTIONS / name, half)]
    encoder = open_encoder(settings)
    readings = _Once(encoder), _Once(open_encoder(settings, adapter=None))
    found: dict[str, Mapping[str, Mapping[str, Estimates]]] = {}
    for title, alone in LIBRARIES.items():
        outcomes: dict[str, list[Outcome]] = defaultdict(list)
        for trial in each_alone(asked, reports) if alone else [Trial(asked, reports)]:
            _ask(settings, trial, encoder, readings, outcomes)
        found[title] = _brought(outcomes)
    if as_json:
        typer.echo(json.dumps(found, default=asdict))
        return
    for title, rows in found.items():
        for figure in MEASURED:
            _show(f"{title}, {figure}", rows, figure)


def differences(more: Sequence["Outcome"], less: Sequence["Outcome"]) -> dict[str, Estimates]:
    """Return by form and figure by how much `more` did better than `less` with its questions.

    Args:
        more: What came of some questions.
        less: What came of the same ones, in the same order; without any, nothing was found.
    """
    from knowledge.measures import estimate  # noqa: PLC0415 - scikit-learn takes seconds to load

    before = [one.figures for one in less] or [dict.fromkeys(MEASURED, 0.0)] * len(more)
    pairs = list(zip(more, before, strict=True))
    return {
        form: {
            figure: estimate(
                [
                    one.figures[figure] - other[figure]
                    for one, other in pairs
                    if one.question.form == form
                ]
            )
            for figure in MEASURED
        }
        for form in dict.fromkeys(one.question.form for one in more)
    }


class _Once:
    """Reads questions as an encoder does, each once, however often they are asked."""

    def __init__(self, encoder: "Encoder") -> None:
        self._questions = encoder.questions
        self._read: dict[tuple[str, ...], list[tuple[Vectors, Vectors]]] = {}

    def questions(self, texts: Sequence[str]) -> list[tuple["Vectors", "Vectors"]]:
        key = tuple(texts)
        if key not in self._read:
            self._read[key] = self._questions(texts)
        return self._read[key]


def _ask(
    settings: "Settings",
    trial: Trial,
    encoder: "Encoder",
    readings: tuple[_Once, _Once],
    outcomes: Mapping[str, list["Outcome"]],
) -> None:
    """Add to `outcomes`, by stage, what comes of the questions of a trial without that stage.

    Passages are encoded without the correction, so one library serves with and without it.
    """
    from knowledge.evaluation import WatchedGate, ask  # noqa: PLC0415 - only measuring needs it

    watch = WatchedGate()
    trying = trial_library(settings, encoder, watch, more=trial.reports, starter=trial.starter)
    with trying as library:
        for name, stage in (WHOLE | STAGES).items():
            library.recipe = stage.without
            reading = readings[0] if stage.corrected else readings[1]
            encoder.questions = reading.questions  # type: ignore[method-assign]
            some = [one for one in trial.questions if bool(one.role) == stage.our]
            with bar(f"Asking without {name}" if name in STAGES else "Asking") as progress:
                outcomes[name] += ask(library, watch, some, progress)


def _brought(outcomes: Mapping[str, Sequence["Outcome"]]) -> dict[str, dict[str, Estimates]]:
    wholes = {stage.our: outcomes[name] for name, stage in WHOLE.items()}
    return {name: differences(outcomes[name], ()) for name in WHOLE} | {
        name: differences(wholes[stage.our], outcomes[name]) for name, stage in STAGES.items()
    }


def _show(title: str, rows: Mapping[str, Mapping[str, Estimates]], figure: str) -> None:
    table = Table(box=MARKDOWN)
    table.add_column(title, no_wrap=True)
    for form in next(iter(rows.values())):
        table.add_column(form, no_wrap=True)
    for name, forms in rows.items():
        ones = [figures[figure] for figures in forms.values()]
        table.add_row(name, *(f"{one.mean:.3f} ({one.low:.3f} to {one.high:.3f})" for one in ones))
    # As lines of Markdown, to be taken into a page.
    Console(width=WIDTH).print(table)
