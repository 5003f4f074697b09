"""Hands on replies from the thread in which a turn is played to the channel that awaits them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

from fastapi.concurrency import run_in_threadpool

from assistant.dialogue.responses import Item
from assistant.dialogue.telling import Tell
from assistant.web.line import Line

# Turns that are being played; the loop itself holds tasks by weak references only.
_playing: set[asyncio.Task[None]] = set()


async def as_said(play: Callable[[Tell], object], line: Line) -> AsyncIterator[Item]:
    """Yield each reply as it is said, and raise what `play` raises.

    The turn comes to its end in its thread, and is kept, also when nobody listens any more.

    Args:
        play: Plays a turn and calls what it is given with each reply.
        line: Where the turn waits for its place, which it holds until it is played.
    """
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[Item | BaseException | None] = asyncio.Queue()

    def tell(item: Item) -> None:
        # The loop is closed only where the service ends, and then nobody listens.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(told.put_nowait, item)

    async def run() -> None:
        end: Any = None
        try:
            async with line.place():
                await run_in_threadpool(play, tell)
        except Exception as error:  # noqa: BLE001 (raised again where the replies are awaited)
            end = error
        told.put_nowait(end)

    task = asyncio.create_task(run())
    _playing.add(task)
    task.add_done_callback(_playing.discard)
    while (item := await told.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item
