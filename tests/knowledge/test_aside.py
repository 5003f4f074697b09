"""Documents are read beside questions; whatever happens to the child, none is lost."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Pipe
from pathlib import Path

import numpy as np
import pytest

from knowledge import aside, encoder_process
from knowledge.aside import LONG, Aside, Child
from knowledge.encoder import SentenceEncoder
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[2]
TEXTS = [f"passage number {number} of a long report" for number in range(LONG + 8)]
PARENT = """
import sys, time
from pathlib import Path
from knowledge import aside
from knowledge.aside import Child
aside.PATIENCE_S = 600
child = Child(Path(sys.argv[1]), "float32")
child.read(["warm"], False)
print(child.pid, flush=True)
time.sleep(600)
"""


class Here(FakeEncoder):
    """Reads documents in this process, and counts them."""

    def __init__(self) -> None:
        self.seen = 0

    def read_documents(self, texts, with_tokens):
        self.seen += len(texts)
        vectors, tokens = self.passage_states(texts)
        return vectors, tokens if with_tokens else []


@pytest.fixture
def here() -> Here:
    return Here()


@pytest.fixture(scope="module")
def beside(model_folder):
    """The real model with a child for long documents, and a question asked before."""
    opened = SentenceEncoder.open(model_folder, adapter=None, aside=True)
    opened.questions(["who helps a child"])
    with pytest.MonkeyPatch.context() as patience:
        # Other tests may leave it next to nothing of the machine.
        patience.setattr(aside, "PATIENCE_S", 600)
        yield opened
    opened._documents._child.end()


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_where_the_child_fails_at_its_start_this_process_reads(here, tmp_path, caplog):
    child = Child(tmp_path / "no model", "float32")
    read = Aside(here.read_documents, child).reader(LONG, True)
    vectors, tokens = read(TEXTS[:8])
    assert np.array_equal(vectors, here.passages(TEXTS[:8]))
    assert len(tokens) == here.seen == 8
    assert "encoder process failed" in caplog.text
    assert child.pid is None


def test_where_no_child_can_be_started_this_process_reads(here, tmp_path, monkeypatch):
    monkeypatch.setattr(aside.sys, "executable", str(tmp_path / "no python"))
    read = Aside(here.read_documents, Child(tmp_path, "float32")).reader(LONG, False)
    assert len(read(TEXTS[:8])[0]) == here.seen == 8


def test_a_child_that_does_not_answer_is_ended(here, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(aside, "PATIENCE_S", 0.001)
    child = Child(tmp_path, "float32")
    read = Aside(here.read_documents, child).reader(LONG, False)
    assert len(read(TEXTS[:8])[0]) == here.seen == 8
    assert "TimeoutError" in caplog.text
    assert child.pid is None


def test_a_failure_of_this_process_reaches_who_asked(tmp_path):
    def broken(texts, with_tokens):
        raise MemoryError

    read = Aside(broken, Child(tmp_path / "no model", "float32")).reader(LONG, False)
    with pytest.raises(MemoryError):
        read(TEXTS[:8])


def test_few_texts_start_no_child(here, tmp_path, monkeypatch):
    monkeypatch.setattr(aside.subprocess, "Popen", None)
    child = Child(tmp_path, "float32")
    Aside(here.read_documents, child).reader(LONG - 1, False)(TEXTS[:8])
    assert here.seen == 8


@pytest.mark.parametrize("leave", [True, False], ids=["its parent is gone", "nothing to do"])
def test_the_child_answers_and_then_ends(here, monkeypatch, leave):
    monkeypatch.setattr(encoder_process.os, "nice", lambda steps: steps)
    monkeypatch.setattr(SentenceEncoder, "open", lambda *_, **__: here)
    monkeypatch.setattr(encoder_process, "IDLE_S", 60 if leave else 0.1)
    ours, its = Pipe()
    monkeypatch.setattr(sys, "argv", ["", str(os.dup(its.fileno())), "model", "float32"])
    its.close()
    ours.send((["two words"], True))
    if leave:
        ours.close()
    encoder_process.main()
    assert here.seen == 1
    if not leave:
        assert np.array_equal(ours.recv()[0], here.passages(["two words"]))
        ours.close()


@pytest.mark.model
def test_before_the_first_question_no_child_is_started(model_folder):
    unasked = SentenceEncoder.open(model_folder, adapter=None, aside=True)
    unasked.passages(TEXTS)
    assert unasked._documents._child.pid is None


@pytest.mark.model
def test_a_child_reads_as_this_process_does(beside, encoder):
    child = beside._documents._child
    told: list[tuple[int, int]] = []
    vectors, tokens = beside.passage_states(TEXTS, lambda *progress: told.append(progress))
    assert os.getpriority(os.PRIO_PROCESS, child.pid) == encoder_process.LAST
    assert told == [(done, len(TEXTS)) for done in range(8, len(TEXTS) + 1, 8)]
    expected, expected_tokens = encoder.passage_states(TEXTS)
    assert np.allclose(vectors, expected, atol=1e-6)
    assert [len(one) for one in tokens] == [len(one) for one in expected_tokens]
    assert np.array_equal(beside.passages(TEXTS), vectors)


@pytest.mark.model
def test_a_child_that_is_killed_in_the_middle_loses_nothing(beside, encoder):
    child = beside._documents._child
    done: list[int] = []

    def progress(so_far: int, _total: int) -> None:
        done.append(so_far)
        if so_far == 16:
            os.kill(child.pid, signal.SIGKILL)

    vectors, tokens = beside.passage_states(TEXTS, progress)
    assert done == list(range(8, len(TEXTS) + 1, 8))
    assert child.pid is None
    expected, expected_tokens = encoder.passage_states(TEXTS)
    assert np.allclose(vectors, expected, atol=1e-6)
    assert [len(one) for one in tokens] == [len(one) for one in expected_tokens]
    # The next document has a child again.
    beside.passages(TEXTS)
    assert child.pid is not None


@pytest.mark.model
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_child_ends_with_the_service(model_folder, stop):
    command = [sys.executable, "-c", PARENT, str(model_folder)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, process_group=0
    ) as parent:
        child = int(parent.stdout.readline())
        assert is_alive(child)
        # As a terminal does it: everything that stands in front is told.
        os.killpg(parent.pid, stop)
    deadline = time.monotonic() + 60
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(child)
