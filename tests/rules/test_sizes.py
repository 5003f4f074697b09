"""Modules and functions stay short enough to be read."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("assistant", "actions", "knowledge", "config")
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
# A migration is a record of what was; nobody shortens the past.
OURS = [path for path in MODULES if "versions" not in path.parts]


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", OURS, ids=names(OURS))
def test_a_module_is_one_sentence_and_at_most_300_lines(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    docstring = ast.get_docstring(ast.parse(source))
    assert docstring, "a module begins with a sentence that says what it holds"
    assert docstring.split("\n\n")[0].strip().endswith(".")


@pytest.mark.parametrize("path", OURS, ids=names(OURS))
def test_no_function_is_longer_than_40_lines(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = [one.name for one in functions if _length(one) > 40]
    assert not long


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "assistant" / "web" / "static").rglob("*.js")),
    ids=lambda path: path.name,
)
def test_a_script_is_at_most_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body
    first = body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = first.end_lineno + 1 if is_docstring and len(body) > 1 else function.lineno
    return function.end_lineno - start + 1
