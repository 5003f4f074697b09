"""The command line of the service: run, serve, migrate, and the accounts."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from actions.directory import Directory
from assistant.demo import DemoNameTaken, NotLoopback, refuse_open_address
from assistant.people.people import (
    SHORTEST_PASSWORD,
    BadName,
    NameTaken,
    NewPerson,
    People,
    PersonNotFound,
    WeakPassword,
)
from assistant.people.permissions import Permissions
from assistant.prepare import (
    make_data_folder,
    prepare_accounts,
    prepare_ground,
    prepare_library,
)
from assistant.schema import NotMigrated, require_newest
from assistant.schema import migrate as migrate_tables
from config.command_line import Commands, show
from config.credentials import BadCallback
from config.database import open_database
from config.encryption import load_key_ring
from config.settings import Settings, said
from knowledge.language import LANGUAGES, join
from knowledge.model import ModelUnavailable

REFUSED = 1
USAGE = 2
# A client of the socket.io channel that polls holds its connection open for most of a minute.
STOP_WITHIN_S = 10

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Run Ura and look after its accounts. Example: python -m assistant run --demo",
)
Data = Annotated[Path | None, typer.Option(help="Data folder; default URA_DATA, else var.")]
Port = Annotated[
    int | None,
    typer.Option(min=1, max=65535, help="Port to listen on; default URA_PORT, else 8000."),
]
Host = Annotated[str | None, typer.Option(help="Address to listen on; default 127.0.0.1.")]
Password = Annotated[
    str,
    typer.Option(
        prompt=True,
        hide_input=True,
        confirmation_prompt=True,
        envvar="URA_NEW_PASSWORD",
        help=f"At least {SHORTEST_PASSWORD} characters; asked for when left out.",
    ),
]


@app.command()
def run(
    data: Data = None,
    port: Port = None,
    host: Host = None,
    demo: Annotated[bool, typer.Option(help="Make demo accounts and show them.")] = False,
) -> None:
    """Prepare what is missing (model, tables, starter library), then serve."""
    from assistant.app import build_parts, create_app  # noqa: PLC0415 - accounts need no service

    settings = _settings(data, port=port, host=host, demo=demo or None)
    with _refusals():
        _refuse_open_demo(settings)
        _require_free(settings)
        engine = _open(settings)
        prepare_ground(settings, engine)
        parts = build_parts(settings, engine)
        prepare_library(parts.library)
        accounts = prepare_accounts(settings, engine) if settings.demo else []
    _greet(settings, accounts)
    _serve(settings, create_app(parts))


@app.command()
def serve(
    data: Data = None,
    port: Port = None,
    host: Host = None,
    demo: Annotated[bool, typer.Option(help="Say in a banner that accounts are demos.")] = False,
) -> None:
    """Serve what was prepared before; nothing is installed, loaded or migrated."""
    from assistant.app import build_parts, create_app  # noqa: PLC0415 - accounts need no service

    settings = _settings(data, port=port, host=host, demo=demo or None)
    with _refusals():
        _refuse_open_demo(settings)
        engine = _open_prepared(settings)
        _require_free(settings)
        parts = build_parts(settings, engine)
    _serve(settings, create_app(parts))


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database to its newest shape."""
    migrate_tables(_open(_settings(data)))


@app.command()
def add_person(  # noqa: PLR0913, PLR0917 (the options of a command are its interface)
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[str, typer.Option(help="One of the roles in config/roles.yml.")],
    password: Password,
    institution: Annotated[str, typer.Option(help="Where the person works.")] = "",
    municipality: Annotated[str, typer.Option(help="Code such as PRI, or a name.")] = "",
    language: Annotated[str, typer.Option(help="sq, sr-Latn, sr-Cyrl or en.")] = "sq",
    data: Data = None,
) -> None:
    """Make an account. Example: python -m assistant add-person arta --role teacher."""
    if role not in Permissions.load().roles:
        _stop(f"no role {role!r}; see config/roles.yml", USAGE)
    if language not in LANGUAGES:
        _stop(f"no language {language!r}; one of {', '.join(LANGUAGES)}", USAGE)
    places = Directory.load()
    place = places.by_code(municipality) or places.municipality(municipality)
    if municipality and place is None:
        _stop(f"no municipality {municipality!r}; see config/directory.yml", USAGE)
    code = place.code if place is not None else ""
    new = NewPerson(name, password, role, institution, code, language)
    with _refusals():
        _people(data).add(new)
    typer.echo(f"{name}: added as {role}")


@app.command()
def disable_person(
    name: Annotated[str, typer.Argument(help="The name of the account.")], data: Data = None
) -> None:
    """Close an account and end its sign-ins at once."""
    with _refusals():
        _people(data).disable(name)
    typer.echo(f"{name}: disabled")


@app.command()
def reset_password(
    name: Annotated[str, typer.Argument(help="The name of the account.")],
    password: Password,
    data: Data = None,
) -> None:
    """Give an account a new password, open it again and end its sign-ins."""
    with _refusals():
        _people(data).reset_password(name, password)
    typer.echo(f"{name}: password changed")


@app.command()
def people(data: Data = None) -> None:
    """List the accounts."""
    table = Table("name", "role", "institution", "municipality", "language", "open")
    with _refusals():
        everyone = _people(data).everyone()
    for one in everyone:
        opened = "yes" if one.active else "no"
        language = join(one.language, one.script)
        table.add_row(one.name, one.role, one.institution, one.municipality, language, opened)
    show(table)


def _settings(data: Path | None, **given: object) -> Settings:
    chosen = {name: value for name, value in given.items() if value is not None}
    if data is not None:
        chosen["data"] = data
    try:
        return Settings(**chosen)  # type: ignore[arg-type]
    except ValidationError as wrong:
        _stop(said(wrong), USAGE)


def _refuse_open_demo(settings: Settings) -> None:
    if settings.demo or settings.demo_file.exists():
        refuse_open_address(settings.host)


def _require_free(settings: Settings) -> None:
    """Stop with one line where another program listens already, before anything is promised."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            _stop(f"{settings.host}:{settings.port} is taken or not ours; say --port", REFUSED)


def _open(settings: Settings) -> Engine:
    try:
        make_data_folder(settings.data)
    except OSError:
        _stop(f"{settings.data} cannot be used as data folder", REFUSED)
    return open_database(settings.database_url, load_key_ring(settings.key_folder))


def _open_prepared(settings: Settings) -> Engine:
    # SQLite would make an empty file of a database that is not there.
    if not settings.database and not (settings.data / "ura.sqlite3").exists():
        raise NotMigrated
    engine = _open(settings)
    require_newest(engine)
    return engine


def _people(data: Path | None) -> People:
    return People(_open_prepared(_settings(data)))


def _serve(settings: Settings, service: object) -> None:
    import uvicorn  # noqa: PLC0415 - accounts need no server

    from assistant.web.security import BODY_LIMIT_BYTES  # noqa: PLC0415 - the same

    uvicorn.run(
        service,  # type: ignore[arg-type]
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws_max_size=BODY_LIMIT_BYTES,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )


def _greet(settings: Settings, accounts: list[dict[str, str]]) -> None:
    console = Console()
    if accounts:
        table = Table("name", "password", "role", title="Demo sign-ins")
        for account in accounts:
            table.add_row(account["name"], account["password"], account["role"])
        console.print(table)
        console.print(f"Kept in {settings.demo_file}")
    console.print(f"Ura is at http://{settings.host}:{settings.port}  (stop with Ctrl+C)")


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn an expected refusal into one line and exit status 1."""
    reasons = {
        NotLoopback: "demo accounts exist in this data folder: listen on 127.0.0.1 only",
        DemoNameTaken: "a real account has the name of a demo account; use another data folder",
        NotMigrated: "the database is not prepared; run `python -m assistant migrate` first",
        NameTaken: "another account has this name",
        BadName: "a name needs 2 to 80 visible characters",
        PersonNotFound: "there is no such account",
        BadCallback: "callback.url in config/credentials.yml must be https, or on this machine",
        WeakPassword: f"a password needs {SHORTEST_PASSWORD} characters and is not the name",
    }
    try:
        yield
    except tuple(reasons) as refusal:
        _stop(reasons[type(refusal)], REFUSED)
    except ModelUnavailable as refusal:
        _stop(str(refusal), REFUSED)


def _stop(reason: str, status: int) -> NoReturn:
    typer.echo(f"assistant: {reason}", err=True)
    raise typer.Exit(status)


if __name__ == "__main__":
    app()
