"""A real server and a real browser for the tests of this folder."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 240
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
]
PHONE = (360, 740)
DESK = (1280, 800)
# What a browser writes to its console by itself when a request is refused, as some tests want it.
EXPECTED_NOISE = "Failed to load resource"


@dataclass(frozen=True)
class Service:
    """A running Ura and the demo accounts in it."""

    address: str
    accounts: dict[str, str]
    # Another origin, which the service allows to embed the widget.
    ministry: str

    def password(self, name: str) -> str:
        return self.accounts[name]


@dataclass
class Visit:
    """One browser window of one person."""

    service: Service
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.service.address + path)
        return self.page

    def sign_in(self, name: str, path: str = "/") -> Page:
        """Sign in by hand, and open `path`; the chat is waited for where it stands."""
        self.open("/sign-in")
        self.fill_sign_in(name)
        if path != "/":
            self.open(path)
        else:
            self.page.locator("ura-assistant .welcome, ura-assistant .replies").first.wait_for()
        return self.page

    def fill_sign_in(self, name: str) -> None:
        self.page.locator("input[name=name]").fill(name)
        self.page.locator("input[name=password]").fill(self.service.password(name))
        self.page.locator("main form button").first.click()
        self.page.wait_for_url(lambda address: "/sign-in" not in address)

    def say(self, text: str) -> None:
        """Write and send a message, and wait until its reply stands there."""
        before = self.replies.count()
        self.box.fill(text)
        self.box.press("Enter")
        self.wait_for_reply(before)

    def press(self, name: str) -> None:
        """Press a button of the latest reply, and wait for what comes back."""
        before = self.replies.count()
        self.last.get_by_role("button", name=name, exact=True).click()
        self.wait_for_reply(before)

    def wait_for_reply(self, before: int) -> None:
        self.replies.nth(before).wait_for()

    @property
    def box(self):
        return self.page.locator("ura-assistant textarea")

    @property
    def replies(self):
        return self.page.locator("ura-assistant .replies")

    @property
    def last(self):
        return self.replies.last

    def overflow(self) -> int:
        """How many pixels the page is wider than the screen."""
        return self.page.evaluate(
            "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path:
        return path
    if os.environ.get("CI") == "true" or os.geteuid() == 0:
        pytest.fail("Chromium is missing, and here the browser tests may not be skipped")
    pytest.skip("no Chromium: install Debian's chromium to run the browser tests")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def service(
    chromium: str, model_folder: Path, index_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("ura")
    (data / "model").symlink_to(model_folder.resolve())
    if index_folder.exists():
        shutil.copytree(index_folder, data / "index")
    port, elsewhere = free_port(), free_port()
    ministry = f"http://127.0.0.1:{elsewhere}"
    with running(data, port, ministry), serving(elsewhere, foreign_page(port, data)):
        accounts = json.loads((data / "demo-accounts.json").read_text(encoding="utf-8"))
        passwords = {one["name"]: one["password"] for one in accounts}
        yield Service(f"http://127.0.0.1:{port}", passwords, ministry)


@pytest.fixture
def visits(service: Service, browser: Browser) -> Iterator:
    """Opens windows: `visits(size=PHONE, scheme="dark")`; no page may complain in its console.

    `examined` lets axe-core work, which styles what it looks at and so would break our policy.
    """
    opened: list[Visit] = []

    def visit(
        *,
        size: tuple[int, int] = DESK,
        scheme: str = "light",
        locale: str = "sq",
        examined: bool = False,
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            locale=locale,
            reduced_motion="reduce",
            bypass_csp=examined,
        )
        context.set_default_timeout(20_000)
        new = Visit(service, context, context.new_page())
        new.page.on("console", lambda message: note(new, message))
        new.page.on("pageerror", lambda error: new.complaints.append(str(error)))
        opened.append(new)
        return new

    yield visit
    for one in opened:
        one.context.close()
    assert [complaint for one in opened for complaint in one.complaints] == []


@pytest.fixture
def visit(visits) -> Visit:
    return visits()


def note(visit: Visit, message) -> None:
    if message.type in {"error", "warning"} and EXPECTED_NOISE not in message.text:
        visit.complaints.append(message.text)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(data: Path, port: int, ministry: str) -> Iterator[None]:
    """Run the service as an operator would, in a process of its own."""
    command = [sys.executable, "-m", "assistant", "run", "--demo"]
    environment = {name: value for name, value in os.environ.items() if name[:4] != "URA_"}
    environment |= {"URA_ALLOWED_ORIGINS": json.dumps([ministry]), "URA_MESSAGES_PER_MINUTE": "600"}
    log = data / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--data", str(data), "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/health/ready", process, log)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_ready(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(
                f"the service ended at its start:\n{log.read_text(errors='replace')[-3000:]}"
            )
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.25)
    pytest.fail(f"not ready in {READY_WITHIN_S} s:\n{log.read_text(errors='replace')[-3000:]}")


def foreign_page(port: int, data: Path) -> Path:
    """Write a page that is not ours and embeds the widget, as a ministry would."""
    folder = data / "ministry"
    folder.mkdir()
    (folder / "index.html").write_text(
        f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ministry</title>
        <meta name="viewport" content="width=device-width, initial-scale=1"></head>
        <body><main><h1>Ministry</h1><p><a href="#news">News</a></p></main>
        <script type="module" src="http://127.0.0.1:{port}/static/widget.js"></script>
        <ura-assistant language="en"></ura-assistant></body></html>""",
        encoding="utf-8",
    )
    return folder


@contextmanager
def serving(port: int, folder: Path) -> Iterator[None]:
    """Serve a folder on another origin than the service's."""
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
