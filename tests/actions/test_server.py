"""The actions as a server of their own."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from sanic import Sanic

from actions.__main__ import make_app, serve
from actions.toolbox import Toolbox
from config.database import Base, open_database
from config.settings import Settings

ROOT = Path(__file__).parents[2]
SECRET = "a shared secret"


def call(name: str, **slots: str) -> dict[str, object]:
    said = {"text": "how do I enrol a child"}
    tracker = {"sender_id": "s", "slots": slots, "latest_message": said, "events": []}
    return {"next_action": name, "tracker": tracker, "domain": {"slots": {}}, "version": "3.21.1"}


def broken_tools() -> Toolbox:
    raise RuntimeError("no database")


@pytest.fixture(autouse=True)
def _several_apps(monkeypatch):
    # Sanic keeps one app a name in each process; every test here makes its own.
    monkeypatch.setattr(Sanic, "test_mode", True)


def with_server(ask: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]) -> httpx.Response:
    """Return what the server answers to `ask`, without a socket."""

    async def run() -> httpx.Response:
        app: Any = make_app(SECRET, broken_tools)
        heard: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        said: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        living = asyncio.create_task(app({"type": "lifespan"}, heard.get, said.put))
        await heard.put({"type": "lifespan.startup"})
        await said.get()
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await ask(client)
        await heard.put({"type": "lifespan.shutdown"})
        await living
        return answer

    return asyncio.run(run())


def test_health_is_open():
    assert with_server(lambda c: c.get("/health")).json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/actions", "/actions?token=wrong", "/actions?token="])
def test_without_the_secret_nothing_else_is(path):
    assert with_server(lambda c: c.get(path)).status_code == 401


def test_no_action_runs_without_the_secret():
    asked = call("action_forget_referral")
    answer = with_server(lambda c: c.post("/webhook", json=asked))
    assert answer.status_code == 401
    assert answer.json() == {"error": "unauthorized"}


@pytest.mark.parametrize(
    "secret",
    [{"params": {"token": SECRET}}, {"headers": {"Authorization": f"Bearer {SECRET}"}}],
)
def test_the_secret_opens_it_as_rasa_or_the_service_sends_it(secret):
    asked = call("action_forget_referral")
    answer = with_server(lambda c: c.post("/webhook", json=asked, **secret))
    assert answer.status_code == 200
    assert {event["event"] for event in answer.json()["events"]} == {"slot"}


def test_a_failed_action_does_not_repeat_the_case():
    asked = call("action_answer_question", concern_facts="Agim from Klina")
    failed = with_server(lambda c: c.post("/webhook", params={"token": SECRET}, json=asked))
    assert failed.status_code == 500
    assert failed.json() == {"error": "action failed"}


def test_without_a_secret_it_does_not_start(monkeypatch, capsys, tmp_path):
    monkeypatch.delenv("URA_ACTION_SECRET", raising=False)
    with pytest.raises(typer.Exit) as ended:
        serve(data=tmp_path)
    assert ended.value.exit_code == 2
    assert "URA_ACTION_SECRET" in capsys.readouterr().err


def test_a_demo_is_served_to_this_machine_only(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("URA_ACTION_SECRET", SECRET)
    monkeypatch.setenv("URA_DEMO", "1")
    with pytest.raises(typer.Exit) as ended:
        serve(host="192.0.2.1", data=tmp_path)
    assert ended.value.exit_code == 2
    assert "URA_DEMO" in capsys.readouterr().err


@pytest.fixture
def address(tmp_path: Path, model_folder: Path) -> Iterator[str]:
    """The address of a real server process over a fresh data folder."""
    (tmp_path / "model").symlink_to(model_folder.resolve())
    env = {**os.environ, "URA_ACTION_SECRET": SECRET, "URA_DATA": str(tmp_path)}
    tables = open_database(Settings(data=tmp_path).database_url)
    Base.metadata.create_all(tables)
    tables.dispose()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "actions", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=30)


@pytest.mark.model
def test_the_stand_alone_server_answers_over_a_socket(address):
    with httpx.Client(base_url=address, timeout=60) as client:
        for _ in range(300):
            try:
                client.get("/health")
                break
            except httpx.TransportError:
                time.sleep(0.2)
        assert client.get("/actions").status_code == 401
        asked = call("action_answer_question", language="en")
        answer = client.post("/webhook", params={"token": SECRET}, json=asked)
    assert answer.status_code == 200
    assert [said["response"] for said in answer.json()["responses"]] == ["utter_no_answer", None]
