"""The command that measures how well personal data is found: python -m knowledge personal-data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.table import Table

from config.command_line import show
from knowledge.console import REFUSED, USAGE, stop
from knowledge.floors import WHOLE, BadFloors, read_floors
from knowledge.language import LANGUAGES
from knowledge.personal_measures import (
    NUMBERS,
    BadSentences,
    Figures,
    below,
    measure,
    read_sentences,
    together,
)
from knowledge.questions import HALVES

SENTENCES = Path("tests/personal_data")


def personal_data(
    folder: Annotated[
        Path, typer.Argument(help="A file of sentences for each language form.")
    ] = SENTENCES,
    half: Annotated[str, typer.Option(help="Only sentences of this half: tune or test.")] = "",
    floors: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Fail where a floor in it is missed."),
    ] = None,
) -> None:
    """Measure how well personal data is found: recall by kind, false alarms, by language.

    Example: python -m knowledge personal-data --half test
    """
    if half not in HALVES:
        stop("--half is tune or test", USAGE)
    files = {code: folder / f"{code}.jsonl" for code in LANGUAGES}
    if not all(file.exists() for file in files.values()):
        stop("run this in the project's folder, or name one with sentences", USAGE)
    try:
        held = {} if floors is None else read_floors(floors)
        figures = {code: measure(read_sentences(file, half)) for code, file in files.items()}
        figures[WHOLE] = together(list(figures.values()))
        missed = below(figures, held)
    except (BadFloors, BadSentences) as refusal:
        stop(str(refusal), REFUSED)
    show(_table(figures))
    if missed:
        stop("below the floor: " + "; ".join(missed), REFUSED)


def _table(figures: Mapping[str, Figures]) -> Table:
    table = Table(box=SIMPLE)
    table.add_column("")
    for code in figures:
        table.add_column(code, justify="right")
    for kind, (_, there) in figures[WHOLE].found.items():
        if there and kind != NUMBERS:
            table.add_row(kind, *(_share(*one.found[kind]) for one in figures.values()))
    table.add_section()
    table.add_row(NUMBERS, *(_share(*one.found[NUMBERS]) for one in figures.values()))
    alarms = ((one.alarms, one.harmless) for one in figures.values())
    table.add_row("false alarms", *(_share(*pair) for pair in alarms))
    names = ((one.name_alarms, one.harmless) for one in figures.values())
    table.add_row("false alarms: names", *(_share(*pair) for pair in names))
    return table


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "-"
