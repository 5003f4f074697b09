"""All actions together, as a server sees them."""

import ast
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from rasa_sdk.executor import ActionExecutor

import actions
from actions import all_actions, toolbox
from config.files import load_folder


def test_the_domain_and_the_code_know_the_same_actions():
    named = {name for part in load_folder("domain").values() for name in part.get("actions", ())}
    assert {action.name() for action in all_actions(toolbox.from_environment)} == named


def test_every_action_pickles():
    for action in all_actions(toolbox.from_environment):
        again = pickle.loads(pickle.dumps(action))  # noqa: S301 - our own, made just now
        assert again.name() == action.name()


@pytest.mark.slow
def test_importing_every_module_does_nothing_but_define(tmp_path):
    script = (
        "import actions, sys; from rasa_sdk.executor import ActionExecutor;"
        "e = ActionExecutor(); e.register_package('actions');"
        "print(len(e.actions)); sys.exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(actions.__file__).parents[1]), "URA_DATA": str(tmp_path / "d")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == len(all_actions(toolbox.from_environment))
    assert not (tmp_path / "d").exists()


def test_the_executor_takes_them_one_by_one():
    executor = ActionExecutor()
    for action in all_actions(toolbox.from_environment):
        executor.register_action(action)
    assert len(executor.actions) == len(all_actions(toolbox.from_environment))


def texts_of(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented
    ]


@pytest.mark.parametrize(
    "path", sorted(Path(actions.__file__).parent.glob("*.py")), ids=lambda path: path.name
)
def test_no_letter_of_another_alphabet_or_language_stands_in_the_code(path):
    allowed = {"[çÇ]"}
    foreign = [text for text in texts_of(path) if not text.isascii() and text not in allowed]
    assert foreign == []
