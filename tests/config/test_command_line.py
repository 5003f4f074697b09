"""Every refusal of a command is one line, and its files are for it alone."""

import os
import stat

import pytest
import typer
from typer.testing import CliRunner

from config.command_line import Commands

app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def write(path: str, times: int = 1) -> None:
    """Write a file."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("x" * times)


@app.command()
def ask() -> None:
    """Ask, and be left alone."""
    raise typer.Abort


@pytest.fixture(autouse=True)
def mask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["bogus"], 2, "No such command 'bogus'. See --help.\n"),
        (["write"], 2, "Missing argument 'path'. See --help.\n"),
        (["write", "a", "--times", "many"], 2, "Invalid value for '--times'"),
        (["ask"], 1, "Stopped; nothing was changed.\n"),
    ],
)
def test_a_wrong_use_is_told_in_one_line(words, status, told):
    ended = CliRunner().invoke(app, words)
    assert ended.exit_code == status
    assert told in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_without_a_command_the_help_is_shown_once():
    ended = CliRunner().invoke(app, [])
    assert ended.exit_code == 2
    assert (ended.output.count("Usage"), ended.output.count("Write a file.")) == (1, 1)


def test_what_is_written_nobody_else_may_read(tmp_path):
    assert CliRunner().invoke(app, ["write", str(tmp_path / "a")]).exit_code == 0
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
