"""A separate action server has the gate and the limits of the service."""

import pytest

from actions import toolbox
from actions.identity import DemoSeal, NotSignedIn
from actions.toolbox import load_seal, open_library
from config.settings import Settings
from knowledge.library import UnreadableFile, Upload
from tests.fakes import FakeEncoder

TEXT = b"# School entry\n\nThe school enrols a returned child within five days of the request.\n"


@pytest.fixture
def library(engine, tmp_path):
    settings = Settings(data=tmp_path, upload_limit_mb=1, second_person_approves=False)
    return open_library(settings, engine, FakeEncoder())


def test_a_question_beside_every_document_is_not_answered(library):
    added = library.add(Upload("entry.md", TEXT), by="trainer")
    library.approve(added.document, by="trainer")
    assert library.search("child enrols school within five days", language="en").answerable
    assert not library.search("recipe for baklava with walnuts", language="en").answerable


def test_the_limit_of_the_settings_holds(library):
    with pytest.raises(UnreadableFile, match="too_large"):
        library.add(Upload("long.txt", b"word " * 300_000), by="trainer")


def test_without_demo_the_seal_lets_nobody_through(tmp_path):
    with pytest.raises(NotSignedIn):
        load_seal(Settings(data=tmp_path)).verify(None, "talk-1")
    assert isinstance(load_seal(Settings(data=tmp_path), demo=True), DemoSeal)


@pytest.mark.parametrize(
    ("demo", "host", "is_demo"),
    [
        ("1", "127.0.0.1", True),
        ("1", "", False),
        ("1", "192.0.2.1", False),
        ("0", "127.0.0.1", False),
    ],
)
def test_rasa_sdks_own_server_is_a_demo_on_this_machine_only(monkeypatch, *, demo, host, is_demo):
    monkeypatch.setenv("URA_DEMO", demo)
    monkeypatch.setenv("SANIC_HOST", host)
    opened = []
    monkeypatch.setattr(toolbox, "open_toolbox", lambda _settings, demo: opened.append(demo))
    toolbox.from_environment.__wrapped__()
    assert opened == [is_demo]
