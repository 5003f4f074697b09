"""The whole service in a test: real database, people, actions and pages; only the model is fake."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.app import build_parts, create_app, furnish
from assistant.dialogue.script import load_script
from assistant.dialogue.understanding import Understanding
from assistant.people.people import NameTaken
from assistant.web.parts import Parts
from assistant.web.security import BODY_LIMIT_BYTES
from config.settings import Settings
from tests.builders import PASSWORD, QUICK_HASHER, a_person
from tests.fakes import FakeEncoder

ADDRESS = "http://127.0.0.1:8000"
SignInAs = Callable[..., TestClient]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, sign_in_attempts=3, _env_file=None)


@pytest.fixture(scope="session")
def understanding(tmp_path_factory) -> Understanding:
    """Reads messages; learned once, because it is the same for every test."""
    return Understanding(load_script(), FakeEncoder(), tmp_path_factory.mktemp("examples"))


@pytest.fixture
def app_parts(settings: Settings, engine, clock, understanding) -> Parts:
    """Every part of the service, on a fresh database with the frozen clock."""
    model = {"encoder": FakeEncoder(), "understanding": understanding}
    return build_parts(settings, engine, **model, clock=clock, hasher=QUICK_HASHER)


@pytest.fixture(scope="session")
def opened() -> dict[int, FastAPI]:
    return {}


@pytest.fixture
def app(settings: Settings, app_parts: Parts, opened: dict[int, FastAPI]) -> FastAPI:
    """Return the service with this test's parts; working out its routes takes longest, so once."""
    walls = settings.upload_limit_mb
    if walls not in opened:
        opened[walls] = create_app(app_parts)
    furnish(opened[walls], app_parts)
    return opened[walls]


@pytest.fixture
def client(app) -> Iterator[TestClient]:
    """A stranger's browser before the running, ready service; does not follow redirects."""
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as stranger:
        assert app.state.background.wait(timeout_s=60)
        yield stranger


@pytest.fixture
def sign_in(app, client, app_parts) -> SignInAs:
    """`sign_in("teacher")` returns a browser of its own in which a teacher is signed in.

    The account is made on the way; `name` and the fields of `a_person` may be given. The browser
    sends the CSRF token by itself (`csrf=False` leaves it out), and knows it as `browser.csrf`.
    """

    def browser(role: str = "teacher", *, csrf: bool = True, **changes) -> TestClient:
        person = a_person(role=role, **{"name": f"Test {role}", "language": "en"} | changes)
        with suppress(NameTaken):
            app_parts.people.add(person)
        opened = app_parts.sign_ins.sign_in(person.name, PASSWORD, "127.0.0.1")
        own = TestClient(app, base_url=ADDRESS, follow_redirects=False)
        own.cookies.set("ura_session", opened.token)
        own.token = opened.token
        own.csrf = csrf_of(own.get("/settings").text)
        if csrf:
            own.headers["X-CSRF-Token"] = own.csrf
        return own

    return browser


@contextmanager
def served(app: FastAPI, front: Any = None) -> Iterator[str]:
    """Serve the ready `app`, or what stands in `front` of it, and give the address."""
    server = uvicorn.Server(
        uvicorn.Config(
            front or app,
            port=0,
            log_config=None,
            ws_max_size=BODY_LIMIT_BYTES,
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert app.state.background.wait(timeout_s=60)
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        host, port = server.servers[0].sockets[0].getsockname()
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join()


def csrf_of(page: str) -> str:
    """Return the CSRF token that a page carries for its scripts."""
    return page.partition('name="ura-csrf" content="')[2].partition('"')[0]
