import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from knowledge.together import Together


class Slow:
    """Writes texts in capitals; the first go waits until it is let go on."""

    def __init__(self) -> None:
        self.goes: list[list[str]] = []
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, texts):
        self.goes.append(list(texts))
        self.begun.set()
        assert self.go_on.wait(10)
        if "bad" in texts:
            raise ValueError("bad text")
        return [text.upper() for text in texts]


@pytest.fixture
def slow() -> Slow:
    return Slow()


def asked_at_once(slow: Slow, first: list[str], *others: list[str], most: int) -> list[Future]:
    """Ask `first`, and the others in order while that is worked on."""
    together = Together(slow, threading.Lock(), most)
    with ThreadPoolExecutor(1 + len(others)) as askers:
        asked = [askers.submit(together, first)]
        assert slow.begun.wait(10)
        for count, texts in enumerate(others, start=1):
            asked.append(askers.submit(together, texts))
            while len(together._waiting) < count:
                pass
        slow.go_on.set()
    return asked


def test_who_waits_is_served_in_one_go(slow):
    asked = asked_at_once(slow, ["a"], ["b", "c"], ["d"], most=32)
    assert [one.result() for one in asked] == [["A"], ["B", "C"], ["D"]]
    assert slow.goes == [["a"], ["b", "c", "d"]]


def test_a_go_holds_no_more_than_it_may(slow):
    asked = asked_at_once(slow, ["a"], ["b"], ["c"], ["long", "d"], ["e"], most=4)
    assert [one.result() for one in asked] == [["A"], ["B"], ["C"], ["LONG", "D"], ["E"]]
    assert slow.goes == [["a"], ["b", "c"], ["long", "d"], ["e"]]


def test_a_failure_reaches_who_it_was_for_and_nobody_else(slow):
    asked = asked_at_once(slow, ["a"], ["bad"], ["c"], most=32)
    assert asked[0].result() == ["A"]
    with pytest.raises(ValueError, match="bad text"):
        asked[1].result()
    assert asked[2].result() == ["C"]
    assert slow.goes == [["a"], ["bad", "c"], ["bad"], ["c"]]
