"""The commands for the trainers' terms: python -m knowledge terms."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from knowledge.console import REFUSED, Data, complain, open_library, settings_for, stop
from knowledge.glossary import INSIDE, LONGEST_NAME
from knowledge.review import OPERATOR
from knowledge.term_cells import LONGEST_CELL, WHOLE
from knowledge.terms import OwnTerms, RowsRefused

app = typer.Typer(
    no_args_is_help=True,
    help="Take the trainers' own terms out to a table, and in from one. "
    "Example: python -m knowledge terms export terms.csv",
)

# A spreadsheet opens UTF-8 as such only where it begins with a mark.
ENCODING = "utf-8-sig"
REASONS = {
    "empty": "nothing in it",
    "too_long": f"longer than {LONGEST_CELL} characters",
    "unprintable": "an invisible or control character in it",
    "form_too_long": f"a form of more than {LONGEST_NAME} words (only so many are looked at)",
    "not_found": "no form that a question could name",
    "duplicate": "a term with the same first names is there already",
    "already_known": "a term that Ura comes with says all of this",
}

Table = Annotated[Path, typer.Argument(help="A CSV file with the columns en, sq, sr.")]


@app.command(name="export")
def export_terms(file: Table, data: Data = None) -> None:
    """Write the own terms to a CSV file. Example: python -m knowledge terms export terms.csv."""
    kept = _terms(data).kept()
    try:
        with file.open("w", encoding=ENCODING, newline="") as opened:
            rows = csv.writer(opened)
            rows.writerow(INSIDE)
            rows.writerows([one.cell(language) for language in INSIDE] for one in kept)
    except OSError as refusal:
        stop(f"{file}: {refusal.strerror}", REFUSED)
    typer.echo(f"{len(kept)} terms written")


@app.command(name="import")
def import_terms(file: Table, data: Data = None) -> None:
    """Add the terms of a CSV file, all or none. Example: python -m knowledge terms import t.csv.

    Forms of one cell are divided by " / ". Serbian may be in either script.
    """
    rows = _read(file)
    try:
        count = _terms(data).add_all([cells for _, cells in rows], by=OPERATOR)
    except RowsRefused as refusal:
        for place, refused in refusal.rows.items():
            told = [
                REASONS[code] if cell == WHOLE else f"{cell}: {REASONS[code]}"
                for cell, code in refused.codes.items()
            ]
            complain(f"{file.name}, line {rows[place][0]}: {', '.join(told)}")
        stop("nothing was added", REFUSED)
    typer.echo(f"{count} terms added")


def _terms(data: Path | None) -> OwnTerms:
    return open_library(settings_for(data), encodes=False).terms


def _read(file: Path) -> Sequence[tuple[int, Mapping[str, str]]]:
    """Return the rows of a file, each with the number of its last line; stop where it is none."""
    try:
        with file.open(encoding=ENCODING, newline="") as opened:
            reader = csv.DictReader(opened, strict=True)
            rows = [(reader.line_num, row) for row in reader]
            if set(INSIDE) - set(reader.fieldnames or ()):
                stop(f"{file.name}, line 1: the columns are {', '.join(INSIDE)}", REFUSED)
    except OSError as refusal:
        stop(f"{file}: {refusal.strerror}", REFUSED)
    except (UnicodeDecodeError, csv.Error) as refusal:
        stop(f"{file.name}: no CSV file in UTF-8 ({refusal})", REFUSED)
    # What stands beyond the columns is under None: a comma in a cell that is not in quotes.
    beyond = [line for line, row in rows if None in row]
    for line in beyond:
        complain(f"{file.name}, line {line}: more cells than columns; put a cell in quotes")
    if beyond:
        stop("nothing was added", REFUSED)
    return rows
