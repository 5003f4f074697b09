"""Commands for makers and operators: prepare the model, measure answers, fit the shipped files."""

import json
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from knowledge.console import (
    REFUSED,
    USAGE,
    bar,
    load_gate,
    open_encoder,
    open_engine,
    settings_for,
    stop,
    trial_library,
    working,
)
from knowledge.library import Library
from knowledge.model import ModelUnavailable, prepare

QUESTIONS = Path("tests/questions")
OWN_FILES = [QUESTIONS / "starter.jsonl", QUESTIONS / "out_of_scope.jsonl"]

Data = Annotated[Path | None, typer.Option(help="Data folder; default URA_DATA, else var.")]


def prepare_model(data: Data = None) -> None:
    """Prepare the model folder, once; later runs need no network.

    URA_MODEL names another model, or a folder. Example: python -m knowledge prepare-model
    """
    settings = settings_for(data)
    try:
        with bar("Preparing the model") as progress:
            folder = prepare(settings.model_folder, settings.model, progress=progress.step)
    except ModelUnavailable as refusal:
        stop(str(refusal), REFUSED)
    typer.echo(f"the model is in {folder}")


def evaluate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, dir_okay=False, help="Question files; else the product's own."),
    ] = None,
    half: Annotated[str, typer.Option(help="Only questions of this half: tune or test.")] = "",
    installed: Annotated[
        bool, typer.Option("--installed", help="Ask the library of the data folder.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: Data = None,
) -> None:
    """Measure how well questions are answered: recall, rank, refusals, by language.

    Asks the starter documents alone, unless told otherwise.
    Example: python -m knowledge evaluate --half test
    """
    from knowledge import evaluation  # noqa: PLC0415 - only this command measures

    if half not in {"", "tune", "test"}:
        stop("--half is tune or test", USAGE)
    settings = settings_for(data)
    questions = [
        question
        for file in files or _own_files()
        for question in evaluation.read_questions(file, half)
    ]
    watch = evaluation.WatchedGate(load_gate())
    if installed:
        engine = open_engine(settings)
        library = Library(engine, open_encoder(settings), settings.index_folder, gate=watch)
        outcomes = evaluation.ask(library, watch, questions)
    else:
        with trial_library(settings, watch) as library:
            outcomes = evaluation.ask(library, watch, questions)
    scores = {form: asdict(s) for form, s in evaluation.scores_by_form(outcomes).items()}
    if as_json:
        typer.echo(json.dumps(scores))
    else:
        _show_scores(scores, [field.name for field in fields(evaluation.Score)])


def fit_gate(
    questions: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of question files.")
    ] = QUESTIONS,
    data: Data = None,
) -> None:
    """Fit what tells answerable questions from others anew, and write the shipped weights.

    For makers of the product, after its documents or question files changed.
    Example: python -m knowledge fit-gate
    """
    from knowledge import gate_fitting  # noqa: PLC0415 - scikit-learn takes seconds to load

    encoder = open_encoder(settings_for(data))
    with tempfile.TemporaryDirectory(prefix="ura-fit-") as work, working("Fitting the gate"):
        count = gate_fitting.fit_gate(encoder, questions, Path(work))
    typer.echo(f"the gate was fitted to {count} examples")


def fit_spellings() -> None:
    """Count anew how the product's own texts spell their words, and write the shipped list."""
    from knowledge import spelling_fitting  # noqa: PLC0415 - only this command needs it

    for language, count in spelling_fitting.fit_spellings().items():
        typer.echo(f"{language}: {count} words")


def _own_files() -> list[Path]:
    if not all(path.exists() for path in OWN_FILES):
        stop("run this in the project's folder, or name question files", USAGE)
    return OWN_FILES


def _show_scores(scores: dict[str, dict[str, float | None]], names: list[str]) -> None:
    table = Table()
    table.add_column("language", no_wrap=True)
    for name in names:
        table.add_column(name.replace("_", " "))
    for form, score in scores.items():
        table.add_row(form, *(_figure(score[name]) for name in names))
    Console().print(table)


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.3f}"
