"""What runs beside the requests: it tries again, goes on after a failure, and ends."""

import json
import threading

import pytest

from assistant.web.background import Background
from assistant.web.log import configure_log

SECRET = "the boy said something"


@pytest.fixture(autouse=True)
def _log():
    configure_log()


def test_loading_is_tried_again_until_it_succeeds(capsys):
    tries = []

    def load():
        tries.append(1)
        if len(tries) < 3:
            raise OSError(SECRET)

    background = Background(load, (), try_again_after_s=0.01)
    assert not background.loaded
    background.start()
    assert background.wait(10)
    background.stop()
    assert len(tries) == 3
    logged = capsys.readouterr().err
    assert [json.loads(line)["event"] for line in logged.splitlines()] == ["load_failed"] * 2
    assert SECRET not in logged


def test_one_sweep_that_fails_does_not_keep_the_others_from_running():
    swept = threading.Event()

    def fail():
        raise ValueError(SECRET)

    background = Background(lambda: None, (fail, swept.set))
    background.start()
    assert swept.wait(10)
    background.stop()


def test_after_the_end_no_thread_is_left():
    background = Background(lambda: None, ())
    before = threading.active_count()
    background.start()
    background.stop()
    assert threading.active_count() == before
