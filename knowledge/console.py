"""What the commands share: opening the library, progress bars, one-line refusals."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine, inspect

from config.database import Base, open_database
from config.settings import Settings, said
from knowledge.adapter import SHIPPED
from knowledge.documents import (
    Document,
    LibraryState,
    StoredPassage,
    StoredTerm,
    UnansweredQuestion,
    Version,
    VersionEvent,
)
from knowledge.library import (
    OPERATOR,
    DocumentNotFound,
    Library,
    SamePersonApproves,
    UnknownLanguage,
    UnreadableFile,
    Upload,
    WrongState,
)
from knowledge.model import ModelUnavailable
from knowledge.ranking import FULL, Recipe

if TYPE_CHECKING:
    from knowledge.encoder import Encoder
    from knowledge.gate import Gate

REFUSED, USAGE = 1, 2
# The option that every command has.
Data = Annotated[Path | None, typer.Option(help="Data folder; default URA_DATA, else var.")]
TABLES = (
    Document,
    Version,
    StoredPassage,
    VersionEvent,
    LibraryState,
    UnansweredQuestion,
    StoredTerm,
)

REASONS: dict[type[Exception], str] = {
    DocumentNotFound: "there is no such document; `python -m knowledge list` shows what there is",
    WrongState: "the document is not in the state that this step starts from; see `list`",
    SamePersonApproves: "whoever added a version may not approve it",
    UnknownLanguage: "the text is not clearly Albanian, Serbian or English, or is in two of them; "
    "say --language sq, sr or en",
}
REFUSALS: tuple[type[Exception], ...] = (*REASONS, UnreadableFile)
FILE_REASONS = {
    "unreadable": "the file is damaged or not text",
    "encrypted": "the file needs a password",
    "empty": "the file is empty",
    "too_large": "the file is too large",
    "wrong_type": "the content is not what the file's name says; "
    "PDF, DOCX, HTML, Markdown and TXT are read",
    "front_matter": "a fact between the two lines of --- at its top is wrong: "
    "kind, id, a date or when_out_of_date",
    "no_text": "there is no text in the file; a scan needs text recognition first",
}


def settings_for(data: Path | None) -> Settings:
    """Return the settings, with `data` as data folder where it is given."""
    try:
        return Settings() if data is None else Settings(data=data)
    except ValidationError as wrong:
        stop(said(wrong), USAGE)


def open_library(settings: Settings, *, encodes: bool, judges: bool = False) -> Library:
    """Return the library of the data folder.

    Args:
        settings: Say where the data folder is.
        encodes: Whether the command needs the model, which takes seconds to load.
        judges: Whether questions are judged by the gate.
    """
    return Library(
        open_engine(settings),
        open_encoder(settings) if encodes else None,
        settings.index_folder,
        second_person=settings.second_person_approves,
        gate=load_gate() if judges else None,
        limit_bytes=settings.upload_limit_bytes,
    )


def open_engine(settings: Settings) -> Engine:
    """Return the database of the data folder; stop with one line where it has no tables."""
    url = settings.database_url
    # SQLite would make an empty file of a database that is not there.
    is_there = bool(settings.database) or (settings.data / "ura.sqlite3").exists()
    engine = open_database(url)
    if not is_there or not inspect(engine).has_table(Document.__tablename__):
        stop("there is no database yet; run `python -m assistant migrate` first", REFUSED)
    return engine


def open_encoder(settings: Settings, *, adapter: Path | None = SHIPPED) -> Encoder:
    """Return the encoder of the data folder; stop with one line where it is not prepared.

    Args:
        settings: Say where the data folder is.
        adapter: The correction of questions; None reads them as the model does.
    """
    from knowledge.encoder import SentenceEncoder  # noqa: PLC0415 - torch takes seconds to load

    try:
        with working("Loading the model"):
            return SentenceEncoder.open(
                settings.model_folder, precision=settings.precision, adapter=adapter
            )
    except ModelUnavailable as refusal:
        stop(str(refusal), REFUSED)


def load_gate() -> Gate:
    """Return the gate that the product ships."""
    from knowledge.gate import Gate  # noqa: PLC0415 - not every command judges

    return Gate.load()


@contextmanager
def trial_library(
    settings: Settings,
    encoder: Encoder,
    gate: Gate | None,
    recipe: Recipe = FULL,
    more: Sequence[Path] = (),
    *,
    starter: bool = True,
) -> Iterator[Library]:
    """Yield a library in a database that is thrown away.

    Vectors are taken from the data folder and kept there, so that a second trial is quick.

    Args:
        settings: Say where the data folder is.
        encoder: Makes the vectors.
        gate: Judges whether questions are answered.
        recipe: How much each sign counts.
        more: Files to add.
        starter: Whether it holds the starter documents.
    """
    with tempfile.TemporaryDirectory(prefix="ura-trial-") as folder:
        engine = open_database(f"sqlite:///{folder}/trial.sqlite3")
        Base.metadata.create_all(
            engine, tables=[Base.metadata.tables[t.__tablename__] for t in TABLES]
        )
        library = Library(
            engine,
            encoder,
            settings.index_folder,
            gate=gate,
            recipe=recipe,
            second_person=False,
        )
        with bar("Encoding the documents") as progress:
            if starter:
                library.load_starter(progress)
            for path in more:
                added = library.add(Upload(path.name, path.read_bytes()), by=OPERATOR)
                library.approve(added.document, by=OPERATOR)
        yield library
        engine.dispose()


class Bar:
    """One line of progress on standard error, called with (done, total)."""

    def __init__(self, progress: Progress, title: str) -> None:
        """Add a line named `title` to `progress`."""
        self._progress = progress
        self._task = progress.add_task(title, total=None)

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` parts are ready."""
        self._progress.update(self._task, completed=done, total=total)

    def step(self, title: str, done: int, total: int) -> None:
        """Show that the step `title` begins after `done` of `total`."""
        self._progress.update(self._task, description=title, completed=done, total=total)


@contextmanager
def bar(title: str) -> Iterator[Bar]:
    """Show a progress bar named `title` on standard error while the block runs."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        yield Bar(progress, title)


@contextmanager
def working(title: str) -> Iterator[None]:
    """Show on standard error what is being waited for, where no part can be counted."""
    with Console(stderr=True).status(title):
        yield


@contextmanager
def refusals() -> Iterator[None]:
    """Turn an expected refusal into one line and exit status 1."""
    try:
        yield
    except REFUSALS as refusal:
        stop(reason_of(refusal), REFUSED)


def reason_of(refusal: Exception) -> str:
    """Return in one line why something was refused."""
    if isinstance(refusal, UnreadableFile):
        return FILE_REASONS[refusal.code]
    return REASONS[type(refusal)]


def complain(line: str) -> None:
    """Write one line to standard error."""
    typer.echo(f"knowledge: {line}", err=True)


def stop(line: str, status: int) -> NoReturn:
    """Write one line to standard error and end with `status`."""
    complain(line)
    raise typer.Exit(status)
