"""A separate action server has the gate and the limits of the service."""

import pytest

from actions.toolbox import open_library
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
