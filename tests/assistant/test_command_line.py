"""The service's command line: what it does, what it refuses, and with which exit status."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PASSWORD = "a bridge over the Drin"


@pytest.fixture
def ura(tmp_path):
    def command(*words: str) -> subprocess.CompletedProcess:
        env = {**os.environ, "URA_DATA": str(tmp_path / "data"), "URA_NEW_PASSWORD": PASSWORD}
        return subprocess.run(
            [sys.executable, "-m", "assistant", *words],
            cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return command


def test_an_account_is_made_listed_disabled_and_opened_again(ura, tmp_path):
    assert ura("migrate").returncode == 0
    added = ura("add-person", "arta", "--role", "teacher", "--language", "sr-Latn")
    assert (added.returncode, added.stdout) == (0, "arta: added as teacher\n")
    assert "arta" in ura("people").stdout
    assert ura("disable-person", "arta").returncode == 0
    assert ura("reset-password", "arta").returncode == 0
    keys = tmp_path / "data" / "keys" / "texts.key"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_what_is_refused_gets_one_line_and_status_1(ura):
    ura("migrate")
    ura("add-person", "arta", "--role", "teacher")
    again = ura("add-person", "ARTA", "--role", "teacher")
    assert (again.returncode, again.stderr) == (1, "assistant: another account has this name\n")
    nobody = ura("disable-person", "nobody")
    assert (nobody.returncode, nobody.stderr.count("\n")) == (1, 1)


def test_what_is_misspelt_gets_status_2(ura):
    assert ura("add-person", "arta", "--role", "wizard").returncode == 2
    assert ura("add-person", "arta", "--role", "teacher", "--language", "sr").returncode == 2
    assert ura("fly").returncode == 2


def test_demo_accounts_are_never_served_to_other_machines(ura):
    served = ura("run", "--demo", "--host", "0.0.0.0")  # noqa: S104
    assert served.returncode == 1
    assert "127.0.0.1 only" in served.stderr


def test_help_teaches(ura):
    for words in ([], ["run"], ["add-person"]):
        shown = ura(*words, "--help")
        assert shown.returncode == 0
        assert "Usage" in shown.stdout
