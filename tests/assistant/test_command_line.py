"""The service's command line: what it does, what it refuses, and with which exit status."""

import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.__main__ import app

ROOT = Path(__file__).parents[2]
PASSWORD = "a bridge over the Drin"


@pytest.fixture
def ura(tmp_path):
    def command(*words: str) -> Result:
        env = {"URA_DATA": str(tmp_path / "data"), "URA_NEW_PASSWORD": PASSWORD}
        return CliRunner().invoke(app, words, env=env)

    return command


def test_an_account_is_made_listed_disabled_and_opened_again(ura, tmp_path):
    assert ura("migrate").exit_code == 0
    added = ura("add-person", "arta", "--role", "teacher", "--language", "sr-Latn")
    assert (added.exit_code, added.stdout) == (0, "arta: added as teacher\n")
    listed = ura("people").stdout
    assert "arta" in listed
    assert "sr-Latn" in listed
    assert ura("disable-person", "arta").exit_code == 0
    assert ura("reset-password", "arta").exit_code == 0
    keys = tmp_path / "data" / "keys" / "texts.key"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_what_is_refused_gets_one_line_and_status_1(ura):
    ura("migrate")
    ura("add-person", "arta", "--role", "teacher")
    again = ura("add-person", "ARTA", "--role", "teacher")
    assert (again.exit_code, again.stderr) == (1, "assistant: another account has this name\n")
    nobody = ura("disable-person", "nobody")
    assert (nobody.exit_code, nobody.stderr.count("\n")) == (1, 1)


def test_without_a_prepared_database_one_line_says_so_and_nothing_is_made(ura, tmp_path):
    for words in (["people"], ["disable-person", "arta"], ["serve"]):
        refused = ura(*words)
        assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
        assert "python -m assistant migrate" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_database_of_another_release_is_not_touched(ura, tmp_path):
    ura("migrate")
    with closing(sqlite3.connect(tmp_path / "data" / "ura.sqlite3")) as database:
        database.execute("update alembic_version set version_num = 'older'")
        database.commit()
    refused = ura("add-person", "arta", "--role", "teacher")
    assert (refused.exit_code, "migrate" in refused.stderr) == (1, True)


def test_what_is_misspelt_gets_status_2(ura):
    assert ura("add-person", "arta", "--role", "wizard").exit_code == 2
    assert ura("add-person", "arta", "--role", "teacher", "--language", "sr").exit_code == 2
    assert ura("fly").exit_code == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("URA_PORT", "abc"), ("URA_IDLE_MINUTES", "0")],
)
def test_a_setting_that_cannot_be_taken_is_named(tmp_path, name, value):
    env = {"URA_DATA": str(tmp_path / "data"), name: value}
    ended = CliRunner().invoke(app, ["people"], env=env)
    assert (ended.exit_code, ended.stderr.count("\n")) == (2, 1)
    assert name in ended.stderr


def test_a_port_that_is_taken_and_a_folder_that_is_a_file_are_refused(ura, tmp_path):
    ura("migrate")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = ura("serve", "--port", str(other.getsockname()[1]))
    assert (taken.exit_code, taken.stderr.count("\n")) == (1, 1)
    assert "taken" in taken.stderr
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = ura("migrate", "--data", str(tmp_path / "file"))
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert ura("serve", "--port", "99999").exit_code == 2


def test_a_municipality_is_known_by_code_or_name_or_refused(ura):
    ura("migrate")
    for place in ("KLI", "Klinë", "Клина", ""):
        named = ["--municipality", place] if place else []
        assert ura("add-person", f"p {place}x", "--role", "teacher", *named).exit_code == 0
    refused = ura("add-person", "other", "--role", "teacher", "--municipality", "ATLANTIS")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)


def test_demo_accounts_are_never_served_to_other_machines(ura):
    served = ura("run", "--demo", "--host", "0.0.0.0")  # noqa: S104
    assert served.exit_code == 1
    assert "127.0.0.1 only" in served.stderr


@pytest.mark.parametrize("words", [[], ["run"], ["add-person"]])
def test_help_teaches(ura, words):
    shown = ura(*words, "--help")
    assert shown.exit_code == 0
    assert "Usage" in shown.stdout


@pytest.mark.slow
def test_the_package_is_the_command():
    words = [sys.executable, "-m", "assistant", "--help"]
    shown = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert "python -m assistant run --demo" in " ".join(shown.stdout.split())
