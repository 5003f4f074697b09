"""The command line of the library: python -m knowledge."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.table import Table

from config.command_line import Commands, show
from config.files import load_yaml
from knowledge import personal_command, quality, stages, term_commands, trials
from knowledge.console import (
    REFUSED,
    USAGE,
    Data,
    bar,
    complain,
    open_library,
    reason_of,
    refusals,
    settings_for,
    stop,
)
from knowledge.frontmatter import KINDS, WHEN_OUT_OF_DATE
from knowledge.language import LANGUAGES
from knowledge.library import (
    OPERATOR,
    Found,
    Library,
    UnknownLanguage,
    UnreadableFile,
    Upload,
)
from knowledge.question_lines import SPOKEN, BadLine, Line, read_lines
from knowledge.source_text import page_runs

# Stands among the roles of an audience for all of them.
EVERYBODY = "all"

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Look after the documents that answer, and try questions on them. "
    "Example: python -m knowledge add guide.pdf --language sq, "
    "then python -m knowledge approve guide.",
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
Name = Annotated[str, typer.Argument(help="The document, as `list` shows it.", show_default=False)]
Reason = Annotated[str, typer.Option(help="Why; kept in the document's history.")]


@app.command()
def add(  # noqa: PLR0913, PLR0917 (the options of a command are its interface)
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, help="PDF, DOCX, HTML, Markdown or TXT."),
    ],
    title: Annotated[
        str | None, typer.Option(help="Title; else from the file. One file only.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="sq, sr, sr-Latn, sr-Cyrl or en; else from the text.")
    ] = None,
    audience: Annotated[
        str, typer.Option(help="Roles it is for, separated by commas: teacher,probation.")
    ] = "",
    kind: Annotated[
        str | None, typer.Option(help="strategy, protocol, training or institution.")
    ] = None,
    when_out_of_date: Annotated[
        str | None, typer.Option(help="hide, or flag: shown, marked, after its validity.")
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Let it answer at once.")] = False,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Add files as new versions of documents; they wait for approval.

    The same title in the same language again is the next version of that document.
    Example: python -m knowledge add bullying.pdf --title "Bullying at school" --kind protocol
    """
    if title is not None and len(files) > 1:
        stop("--title goes with one file only", USAGE)
    roles = tuple(role.strip() for role in audience.split(",") if role.strip())
    _demand("language", language, "sr", *LANGUAGES)
    _demand("kind", kind, *KINDS)
    _demand("choice", when_out_of_date, *WHEN_OUT_OF_DATE)
    for role in roles:
        _demand("role", role, EVERYBODY, *load_yaml("roles.yml"))
    library = open_library(settings_for(data), encodes=True)
    uploads = [
        Upload(file.name, file.read_bytes(), title, language, roles, kind, when_out_of_date)
        for file in files
    ]
    added = [line for upload in uploads if (line := _add(library, upload, approve=approve))]
    if as_json:
        typer.echo(json.dumps(added, ensure_ascii=False))
    else:
        for one in added:
            typer.echo("{document}: version {version}, {passages} passages, {state}".format(**one))
    raise typer.Exit(0 if len(added) == len(files) else REFUSED)


@app.command()
def search(
    text: Annotated[str | None, typer.Argument(help="The question.", show_default=False)] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help='File of lines {"id", "question", "language"}; prints a line of JSON for each, '
            "with hits also where there is no answer.",
        ),
    ] = None,
    language: Annotated[
        str, typer.Option(help="sq, sr-Latn, sr-Cyrl or en; else from the question.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="The most passages to show.")] = 3,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Ask the library as the chat does.

    Example: python -m knowledge search "Kush e njofton drejtorin?" --language sq
    """
    if (text is None) == (questions is None):
        stop("give either a question or --questions FILE", USAGE)
    if language not in SPOKEN:
        stop(f"no language {language!r}; one of {', '.join(LANGUAGES)}", USAGE)
    asked = [Line("", text, language)] if text is not None else []
    if questions is not None:
        try:
            asked = read_lines(questions, language)
        except BadLine as refusal:
            stop(str(refusal), USAGE)
    library = open_library(settings_for(data), encodes=True, judges=True)
    with bar("Encoding what is new") as progress:
        library.refresh(progress)
    for one in asked:
        found = library.search(one.question, language=one.language, limit=limit, every_passage=True)
        if questions is not None:
            typer.echo(json.dumps({"id": one.id} | _plain(found), ensure_ascii=False))
        elif as_json:
            typer.echo(json.dumps(_plain(found), ensure_ascii=False))
        else:
            _show(found)


@app.command()
def approve(document: Name, data: Data = None) -> None:
    """Let the waiting version of a document answer. Example: python -m knowledge approve guide."""
    library = open_library(settings_for(data), encodes=False)
    with refusals():
        library.approve(document, by=OPERATOR)
    typer.echo(f"{document}: approved")


@app.command()
def reject(document: Name, reason: Reason = "", data: Data = None) -> None:
    """Send the waiting version back. Example: python -m knowledge reject guide --reason old."""
    library = open_library(settings_for(data), encodes=False)
    with refusals():
        library.reject(document, by=OPERATOR, reason=reason)
    typer.echo(f"{document}: rejected")


@app.command()
def withdraw(document: Name, reason: Reason = "", data: Data = None) -> None:
    """Stop a document from answering. Example: python -m knowledge withdraw guide."""
    library = open_library(settings_for(data), encodes=False)
    with refusals():
        library.withdraw(document, by=OPERATOR, reason=reason)
    typer.echo(f"{document}: withdrawn")


@app.command()
def restore(document: Name, data: Data = None) -> None:
    """Let a withdrawn document answer again. Example: python -m knowledge restore guide."""
    library = open_library(settings_for(data), encodes=False)
    with refusals():
        library.restore(document, by=OPERATOR)
    typer.echo(f"{document}: approved")


@app.command(name="list")
def list_documents(as_json: Json = False, data: Data = None) -> None:
    """Show what the library holds: what answers, and what waits."""
    found = open_library(settings_for(data), encodes=False).list()
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
        return
    table = Table(box=SIMPLE)
    for name in ("document", "version", "state", "language", "kind", "passages"):
        table.add_column(name, no_wrap=True)
    table.add_column("title", overflow="fold")
    for one in found:
        numbers = str(one.version), str(one.passages)
        table.add_row(
            one.document, numbers[0], one.state, one.language, one.kind, numbers[1], one.title
        )
    show(table)


@app.command()
def reindex(data: Data = None) -> None:
    """Bring the search index in line with the database; only what is new is encoded."""
    library = open_library(settings_for(data), encodes=True)
    with bar("Encoding what is new") as progress:
        count = library.reindex(progress)
    typer.echo(f"{count} passages answer")


@app.command()
def load_starter(data: Data = None) -> None:
    """Add and approve the starter documents that are new or changed."""
    library = open_library(settings_for(data), encodes=True)
    with bar("Encoding the starter documents") as progress:
        count = library.load_starter(progress)
    typer.echo(f"{count} documents added")


app.add_typer(term_commands.app, name="terms")
for command in (
    quality.evaluate,
    personal_command.personal_data,
    stages.stages,
    trials.prepare_model,
    trials.fit_gate,
    trials.fit_adapter,
    trials.fit_spellings,
):
    app.command()(command)


def _demand(what: str, given: str | None, *known: str) -> None:
    if given is not None and given not in known:
        stop(f"no {what} {given!r}; one of {', '.join(known)}", USAGE)


def _add(library: Library, upload: Upload, *, approve: bool) -> dict[str, Any] | None:
    """Add one file; complain and return None where it is refused."""
    try:
        with bar(upload.name) as progress:
            added = library.add(upload, by=OPERATOR, progress=progress)
    except (UnreadableFile, UnknownLanguage) as refusal:
        complain(f"{upload.name}: {reason_of(refusal)}")
        return None
    if added.pages_without_text:
        pages = page_runs(added.pages_without_text)
        complain(f"{upload.name}: no text on pages {pages}; scans need text recognition first")
    line = asdict(added)
    if approve:
        library.approve(added.document, by=OPERATOR)
        line["state"] = "approved"
    return line


def _plain(found: Found) -> dict[str, Any]:
    hits = [
        {
            "document": hit.document,
            "title": hit.title,
            "section": hit.section,
            "page": hit.page,
            "quote": hit.passage,
            "score": hit.score,
        }
        for hit in found.hits
    ]
    return {"status": found.status, "answerable": found.answerable, "hits": hits}


def _show(found: Found) -> None:
    typer.echo(found.status)
    for hit in found.hits:
        page = f", page {hit.page}" if hit.page is not None else ""
        typer.echo(f"\n{hit.title} › {hit.section}{page} ({hit.document}, version {hit.version})")
        if hit.out_of_date:
            typer.echo(f"OUT OF DATE: valid until {hit.valid_until}")
        typer.echo(hit.quote)


if __name__ == "__main__":
    app()
