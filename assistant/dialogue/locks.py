"""One turn of a conversation at a time, in this process and in others on the same machine."""

import hashlib
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from filelock import FileLock

# Conversations share this many files; two of them that share one only wait for each other.
FILES = 1024
# How often a file is tried while another process holds it, in seconds.
POLL_S = 0.005


class _Lock:
    """A lock that a weak reference can point at."""

    def __init__(self) -> None:
        self.held = threading.Lock()


class Locks:
    """Hands out the lock of a conversation; those nobody holds take no memory."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep the files of the locks in `folder`; without one, only this process is kept apart."""
        self._folder = folder
        self._locks: weakref.WeakValueDictionary[str, _Lock] = weakref.WeakValueDictionary()
        self._door = threading.Lock()
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def of(self, sender: str) -> Iterator[None]:
        """Hold the lock of the conversation `sender`; wait while a turn of it is being played."""
        with self._door:
            lock = self._locks.setdefault(sender, _Lock())
        with lock.held, self._file(sender):
            yield

    def _file(self, sender: str) -> "FileLock | nullcontext[None]":
        if self._folder is None:
            return nullcontext()
        # The name of a conversation is a person's own and is no name of a file.
        number = int.from_bytes(hashlib.sha256(sender.encode()).digest()[:4]) % FILES
        return FileLock(self._folder / f"{number}.lock", poll_interval=POLL_S, thread_local=False)
