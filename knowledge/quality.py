"""The command that measures answers: questions in, figures and missed floors out."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from knowledge.console import (
    REFUSED,
    USAGE,
    Data,
    bar,
    load_gate,
    open_encoder,
    open_engine,
    settings_for,
    stop,
    trial_library,
)
from knowledge.floors import BadFloors, missed, read_floors
from knowledge.library import Library
from knowledge.questions import HALVES, BadQuestions, Gold, Question, read_questions
from knowledge.ranking import RECIPES, Recipe

if TYPE_CHECKING:
    from config.settings import Settings
    from knowledge.evaluation import Outcome

QUESTIONS = Path("tests/questions")
OWN_FILES = ("starter.jsonl", "reports.jsonl", "out_of_scope.jsonl")
# Long invented reports that some questions are about; never part of the product's library.
REPORTS = Path("tests/reports")


def evaluate(  # noqa: PLR0913, PLR0917 (the options of a command are its interface)
    files: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, dir_okay=False, help="Question files; else the product's own."),
    ] = None,
    half: Annotated[str, typer.Option(help="Only questions of this half: tune or test.")] = "",
    baseline: Annotated[
        str, typer.Option(help="Search with one part alone: bm25 (words) or dense (meaning).")
    ] = "",
    installed: Annotated[
        bool, typer.Option("--installed", help="Ask the library of the data folder.")
    ] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="Ask each test report in a library of its own.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option(help="Also write an HTML page with plots and misses here.")
    ] = None,
    floors: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Fail where a floor in it is missed."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: Data = None,
) -> None:
    """Measure how well questions are answered: recall, rank, refusals, by language.

    Asks the starter documents and the project's test reports, unless told otherwise.
    Example: python -m knowledge evaluate --half test --page quality.html
    """
    from knowledge import measures  # noqa: PLC0415 - only this command measures
    from knowledge.evaluation_page import show_table, write_page  # noqa: PLC0415

    if half not in HALVES:
        stop("--half is tune or test", USAGE)
    if baseline not in RECIPES:
        stop("--baseline is bm25 or dense", USAGE)
    if alone and installed:
        stop("--alone or --installed, not both", USAGE)
    settings = settings_for(data)
    with refused_questions():
        held = {} if floors is None else read_floors(floors)
        questions = [one for file in files or _own_files() for one in read_questions(file, half)]
    if installed:
        outcomes = _asked_of_installed(settings, questions, RECIPES[baseline])
    else:
        reports = [] if files and not alone else long_reports()
        trials = each_alone(questions, reports) if alone else [Trial(questions, reports)]
        outcomes = _asked(settings, trials, RECIPES[baseline])
    found = measures.report(outcomes)
    if page is not None:
        write_page(page, found, outcomes)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        show_table(found)
    with refused_questions():
        below = missed(found, held)
    if below:
        stop("below the floor: " + "; ".join(below), REFUSED)


@dataclass(frozen=True)
class Trial:
    """Questions, and the library they are asked of: test reports, and mostly starter documents."""

    questions: Sequence[Question]
    reports: Sequence[Path]
    starter: bool = True


def each_alone(questions: Sequence[Question], reports: Sequence[Path]) -> list[Trial]:
    """Return a trial for each report with the questions about it, and one for all the others.

    A question is about the first document that is named as answering it; others are not there.
    """
    apart = {report.stem: report for report in reports}

    def home(gold: Gold) -> str:
        return gold.document if gold.document in apart else ""

    asked: dict[str, list[Question]] = {}
    for question in questions:
        name = home(question.gold[0]) if question.gold else ""
        there = tuple(gold for gold in question.gold if home(gold) == name)
        asked.setdefault(name, []).append(replace(question, gold=there))
    return [
        Trial(about, [apart[name]] if name else [], starter=not name)
        for name, about in asked.items()
    ]


def _asked_of_installed(
    settings: "Settings", questions: Sequence[Question], recipe: Recipe
) -> list["Outcome"]:
    from knowledge.evaluation import WatchedGate, ask  # noqa: PLC0415 - only this command measures

    watch = WatchedGate(load_gate())
    engine, encoder = open_engine(settings), open_encoder(settings)
    library = Library(engine, encoder, settings.index_folder, gate=watch, recipe=recipe)
    with bar("Asking") as progress:
        return ask(library, watch, questions, progress)


def _asked(settings: "Settings", trials: Sequence[Trial], recipe: Recipe) -> list["Outcome"]:
    from knowledge.evaluation import WatchedGate, ask  # noqa: PLC0415 - only this command measures

    watch, encoder = WatchedGate(load_gate()), open_encoder(settings)
    outcomes: list[Outcome] = []
    for trial in trials:
        trying = trial_library(
            settings, encoder, watch, recipe, trial.reports, starter=trial.starter
        )
        with trying as library, bar("Asking") as progress:
            outcomes += ask(library, watch, trial.questions, progress)
    return outcomes


def long_reports() -> list[Path]:
    """Return the invented reports that the project's own questions ask about."""
    return sorted(REPORTS.glob("fictional-*.md"))


def _own_files() -> list[Path]:
    files = [QUESTIONS / name for name in OWN_FILES]
    if not all(path.exists() for path in files):
        stop("run this in the project's folder, or name question files", USAGE)
    return files


@contextmanager
def refused_questions() -> Iterator[None]:
    """Turn a bad file of questions or floors into one line and exit status 1."""
    try:
        yield
    except (BadQuestions, BadFloors) as refusal:
        stop(str(refusal), REFUSED)
