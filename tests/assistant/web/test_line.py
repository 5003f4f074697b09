"""The line before the chat: who is answered, who waits, who is told to come back."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from assistant.web.line import Line, TooManyAskers
from tests.assistant.web.test_chat import say


def test_a_full_line_lets_nobody_in_until_somebody_leaves():
    line = Line(at_once=1, most_waiting=1)
    served: list[str] = []

    async def ask(name: str, over: asyncio.Event) -> None:
        async with line.place():
            served.append(name)
            await over.wait()

    async def rush() -> None:
        over = asyncio.Event()
        first = asyncio.create_task(ask("first", over))
        second = asyncio.create_task(ask("second", over))
        await asyncio.sleep(0)
        assert served == ["first"]
        with pytest.raises(TooManyAskers):
            await ask("third", over)
        over.set()
        await asyncio.gather(first, second)
        await ask("fourth", over)

    asyncio.run(rush())
    assert served == ["first", "second", "fourth"]


def test_who_stops_waiting_leaves_the_line():
    line = Line(at_once=1, most_waiting=1)

    async def rush() -> None:
        async with line.place():
            waiting = asyncio.create_task(line.place().__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            again = asyncio.create_task(line.place().__aenter__())
            await asyncio.sleep(0)
            assert not again.done()
        await again

    asyncio.run(rush())


def test_who_comes_to_a_full_line_is_told_so_and_loses_nothing(
    app, app_parts, sign_in, monkeypatch
):
    teacher, imam = sign_in("teacher"), sign_in("imam")
    say(teacher, "/start_referral")
    say(teacher, '/inform{"category": "C"}')
    as_before = app_parts.conversations.say
    inside, over = Event(), Event()

    def slow(*args, **options):
        inside.set()
        assert over.wait(60)
        return as_before(*args, **options)

    monkeypatch.setattr(app_parts.conversations, "say", slow)
    app.state.line = Line(at_once=1, most_waiting=0)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(say, imam, "Hello", sender="talk-2")
        try:
            assert inside.wait(60)
            refused = say(teacher, '/inform{"person_group": "child_8_17"}')
        finally:
            over.set()
    assert first.result().status_code == 200
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    told = refused.json()["error"]
    assert told["code"] == "too_many_askers"
    assert "Many people are asking" in told["message"]
    assert len(teacher.get("/api/conversations/talk-1").json()["turns"]) == 2
    assert say(teacher, '/inform{"person_group": "child_8_17"}').status_code == 200
    assert len(teacher.get("/api/conversations/talk-1").json()["turns"]) == 3
