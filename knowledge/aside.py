"""Reads documents behind questions: long ones in a child process, others in a thread of its own."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

from knowledge.late import Tokens
from knowledge.vectors import Vectors

# From so many texts on a child reads them: with fewer they are done before it has loaded the model.
LONG = 32
# So long may the child take to load the model, or for a batch: some seconds, or a minute and more
# where other work leaves it next to nothing.
PATIENCE_S = 120.0
# Steps of priority that the thread is behind questions: a tenth of a processor that both want.
BEHIND = 10
_ROOT = Path(__file__).resolve().parent.parent

Made = tuple[Vectors, list[Tokens]]
# A few cleaned texts, and whether their token states are wanted -> their vectors, and those states.
Read = Callable[[Sequence[str], bool], Made]


class Aside:
    """One model's documents; may be shared between threads."""

    def __init__(self, read: Read, child: "Child | None" = None) -> None:
        """Take in what reads in this process, and the child that reads as it does, if any."""
        self._read = read
        self._child = child
        self._thread = ThreadPoolExecutor(1, "documents", _step_back)

    def reader(self, count: int, with_tokens: bool) -> Callable[[Sequence[str]], Made]:
        """Return what reads cleaned texts, a few at a time, `count` in all.

        From the first failure of the child on, this process reads the rest.
        """
        child = self._child if count >= LONG else None

        def read(texts: Sequence[str]) -> Made:
            nonlocal child
            if child is not None:
                try:
                    return child.read(texts, with_tokens)
                except (OSError, EOFError) as error:
                    reason = type(error).__name__
                    logging.getLogger(__name__).warning("the encoder process failed: %s", reason)
                    child = None
            return self._thread.submit(self._read, texts, with_tokens).result()

        return read


class Child:
    """A process with the same model, started when it is needed; it ends by itself."""

    def __init__(self, folder: Path, precision: str) -> None:
        """Take in which model it loads; nothing is started yet."""
        self._model = str(folder.absolute()), precision
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process, while there is one."""
        alive = self._process is not None and self._process.poll() is None
        return self._process.pid if self._process and alive else None

    def read(self, texts: Sequence[str], with_tokens: bool) -> Made:
        """Return the vectors of a few texts, and their token states if wanted.

        Raises:
            OSError: It cannot be started, ended meanwhile, or does not answer.
            EOFError: It ended meanwhile.
        """
        with self._turn:
            try:
                pipe = self._opened()
                pipe.send((texts, with_tokens))
                if not pipe.poll(PATIENCE_S):
                    raise TimeoutError
                made: Made = pipe.recv()
            except BaseException:
                # What it may still send would be taken for the answer to the next.
                self.end()
                raise
            return made

    def end(self) -> None:
        """End the process, if there is one, whatever it does."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._pipe = self._process = None

    def _opened(self) -> Connection:
        if self._pipe is not None and self.pid is not None:
            return self._pipe
        self.end()
        self._pipe, its = Pipe()
        with its:
            number = its.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "knowledge.encoder_process", str(number), *self._model],
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                # Ctrl-C is for the parent; with its pipe the child ends too. A session of its own
                # would give it as much of the processors as the parent, at any priority.
                process_group=0,
            )
        # Its end is noted when it comes, also when nobody needs it any more.
        threading.Thread(target=self._process.wait, daemon=True).start()
        return self._pipe


def _step_back() -> None:
    """Put this thread, and those that torch starts from it, behind the others of the process."""
    if sys.platform == "linux":
        # Elsewhere the whole process would step back.
        os.nice(BEHIND)
