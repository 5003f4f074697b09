"""A widget that was published for Rasa, as it is published, against our socket.io channel."""

import hashlib
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.responses import HTMLResponse, Response
from playwright.sync_api import expect

from assistant.app import build_parts, create_app
from config.settings import Settings
from tests.assistant.web.conftest import served
from tests.browser.conftest import ROOT, Service
from tests.builders import PASSWORD, QUICK_HASHER, a_person
from tests.fakes import FakeEncoder

pytestmark = pytest.mark.browser

PINNED = ROOT / ".ci" / "rasa-webchat.sha512"
BUNDLE = "package/lib/index.js"
# A portal behind the same proxy as Ura: of the same origin, under its own policy and not ours.
PORTAL = "/portal/"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Portal</title></head>
<body><script src="widget.js"></script><script>
WebChat.default({
  socketUrl: location.origin,
  customData: {language: "en"},
  title: "Portal",
  customMessageDelay: () => 0,
  params: {storage: "session"},
}, null);
</script></body></html>"""


@pytest.fixture(scope="session")
def bundle() -> str:
    """Return the script of the widget that `.ci/widget` fetched, provided that it is the one."""
    digest, name = PINNED.read_text(encoding="utf-8").split()
    package: Path = ROOT / "var" / "widgets" / name
    if not package.exists():
        if os.environ.get("CI") == "true" or os.geteuid() == 0:
            pytest.fail(f"{name} is missing: run .ci/widget, which needs npm")
        pytest.skip("no npm: run .ci/widget where it is, to test with a published widget")
    assert hashlib.sha512(package.read_bytes()).hexdigest() == digest
    with tarfile.open(package) as archive:
        return archive.extractfile(BUNDLE).read().decode()


@pytest.fixture
def service(tmp_path, engine, clock, bundle) -> Iterator[Service]:
    """The portal and, behind it, the real service but for its model, which no channel needs."""
    settings = Settings(data=tmp_path, _env_file=None)
    model = {"encoder": FakeEncoder(), "hasher": QUICK_HASHER}
    parts = build_parts(settings, engine, clock=clock, **model)
    parts.people.add(a_person(name="nora", language="en"))
    app = create_app(parts)
    portal = {
        PORTAL: HTMLResponse(PAGE),
        f"{PORTAL}widget.js": Response(bundle, media_type="text/javascript"),
    }

    async def front(scope, receive, send):
        await portal.get(scope.get("path"), app)(scope, receive, send)

    with served(app, front) as address:
        yield Service(address, {"nora": PASSWORD}, ministry="")


@pytest.fixture
def portal(visits):
    """Opens the portal's page in a window, with somebody signed in or nobody."""

    def open_portal(name: str = ""):
        visit = visits(locale="en")
        if name:
            visit.sign_in(name)
        visit.open(PORTAL)
        return visit

    return open_portal


def test_a_published_widget_shows_replies_and_their_buttons_work(portal):
    page = portal("nora").page
    page.locator(".rw-launcher").click()
    box = page.locator(".rw-new-message")
    expect(box).to_be_enabled()
    box.fill("/start_referral")
    box.press("Enter")
    choices = page.locator(".rw-reply")
    expect(choices.first).to_be_visible()
    before = page.locator(".rw-client").count()
    choices.first.click()
    expect(page.locator(".rw-client")).to_have_count(before + 1)
    expect(choices.filter(has_text="child").first).to_be_visible()


def test_what_was_said_in_a_published_widget_is_kept_for_who_said_it(portal):
    page = portal("nora").page
    page.locator(".rw-launcher").click()
    box = page.locator(".rw-new-message")
    expect(box).to_be_enabled()
    box.fill("Hello")
    box.press("Enter")
    expect(page.locator(".rw-response").first).to_be_visible()
    session = page.evaluate("JSON.parse(sessionStorage.chat_session).session_id")
    path = f"/api/conversations/{session}"
    turns = page.evaluate("async (path) => (await (await fetch(path)).json()).turns", path)
    assert [turn["said"] for turn in turns] == ["Hello"]


def test_without_a_sign_in_a_published_widget_does_not_connect(portal):
    visit = portal()
    with visit.page.expect_console_message(lambda said: "Sign in" in said.text):
        visit.page.reload()
    expect(visit.page.locator(".rw-response")).to_have_count(0)
