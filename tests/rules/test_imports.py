"""The arrows between packages, and where their names lead."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("assistant", "actions", "knowledge", "config")


def test_every_arrow_points_down():
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    contracts = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert contracts.returncode == 0, contracts.stdout[-2000:]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_top_level_package_is_ours_and_not_a_namesake(name):
    found = importlib.util.find_spec(name)
    assert Path(found.origin).is_relative_to(ROOT)


def test_only_the_settings_read_the_environment():
    readers = []
    for path in (path for name in PACKAGES for path in (ROOT / name).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                readers.append(str(path.relative_to(ROOT)))
    # The child that reads uploads is started with an emptied environment, which is not reading it.
    assert set(readers) <= {"config/settings.py"}, readers


@pytest.mark.slow
@pytest.mark.parametrize("name", ["knowledge", "actions", "assistant", "config"])
def test_importing_a_package_is_cheap_and_does_nothing(name):
    code = f"import {name}, sys; print('torch' in sys.modules)"
    seen = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert seen.stdout.strip() == "False"
