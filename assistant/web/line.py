"""Where messages wait to be answered: so many at a time, so many behind them, nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# The server answers with forty threads. The rest are left to pages and the danger panel, and these
# are enough to fill what the model reads in one go.
AT_ONCE = 32
# Two processors answer 23 askers a second: the last in line waits some ten seconds.
MOST_WAITING = 200


class TooManyAskers(Exception):
    """So many wait already that a person had better ask again; the message was not read."""


class Line:
    """The line of one service; used from one event loop."""

    def __init__(self, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        """Let `at_once` be answered at a time and `most_waiting` wait, in the order they came."""
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + most_waiting
        self._inside = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place and hold it.

        Raises:
            TooManyAskers: The line is full.
        """
        if self._inside >= self._most:
            raise TooManyAskers
        self._inside += 1
        try:
            async with self._places:
                yield
        finally:
            self._inside -= 1
