"""Does in one go what several askers want while another's question is being worked on."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

Made = TypeVar("Made")
Waiting = tuple[Sequence[str], Future[Sequence[Made]]]


class Together(Generic[Made]):
    """A function of texts that may be called by many threads, and is run by one at a time.

    Whoever comes while it runs waits; the first of those who waited then runs it for all of them.
    """

    def __init__(
        self, work: Callable[[Sequence[str]], Sequence[Made]], turn: threading.Lock, most: int
    ) -> None:
        """Take in the function.

        Args:
            work: Makes one thing of each text, in order.
            turn: Held while it runs; may be shared with others that must not run beside it.
            most: The most letters in one go, each text counted as long as the longest, as the model
                works on them; who brings more has a go of its own.
        """
        self._work = work
        self._turn = turn
        self._most = most
        self._waiting: list[Waiting[Made]] = []
        self._list = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> Sequence[Made]:
        """Return what is made of each text, in order; raises what the function raises."""
        own: Future[Sequence[Made]] = Future()
        with self._list:
            self._waiting.append((texts, own))
        with self._turn:
            while not own.done():
                self._run(self._next())
        return own.result()

    def _next(self) -> list[Waiting[Made]]:
        """Take from the list who goes next: those who came first, as many as fit."""
        with self._list:
            chosen = [self._waiting.pop(0)]
            lengths = [len(text) for text in chosen[0][0]]
            while self._waiting:
                lengths += [len(text) for text in self._waiting[0][0]]
                if len(lengths) * max(lengths, default=0) > self._most:
                    break
                chosen.append(self._waiting.pop(0))
        return chosen

    def _run(self, chosen: Sequence[Waiting[Made]]) -> None:
        try:
            made = self._work([text for texts, _ in chosen for text in texts])
        except BaseException as error:
            if isinstance(error, Exception) and len(chosen) > 1:
                # What one of them brings must not fail the others.
                for one in chosen:
                    self._run([one])
                return
            for _, asked in chosen:
                asked.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        start = 0
        for texts, asked in chosen:
            asked.set_result(made[start : start + len(texts)])
            start += len(texts)
