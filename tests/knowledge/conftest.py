"""What tests of the library may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config.database import Base, open_database
from knowledge.library import Library, Upload
from tests.fakes import FakeEncoder, FrozenClock

ARTA, BLERIM = "person-arta", "person-blerim"


@pytest.fixture
def open_library(engine: Engine, tmp_path: Path, clock: FrozenClock):
    """Return what opens the library of one database, as another process would."""

    def opened(**changes) -> Library:
        parts = {"encoder": FakeEncoder(), "clock": clock} | changes
        return Library(engine, parts.pop("encoder"), tmp_path / "index", **parts)

    return opened


@pytest.fixture
def library(open_library) -> Library:
    return open_library()


@pytest.fixture(scope="session")
def starter_library(encoder, index_folder: Path, tmp_path_factory) -> Iterator[Library]:
    """Return the starter documents under the real model; their vectors are kept beside it."""
    folder = tmp_path_factory.mktemp("starter")
    engine = open_database(f"sqlite:///{folder / 'ura.sqlite3'}")
    Base.metadata.create_all(engine)
    library = Library(engine, encoder, index_folder)
    library.load_starter()
    yield library
    engine.dispose()


def an_upload(
    text: str = "Call the principal when a child is bullied at school.", **facts
) -> Upload:
    """Return a text file in English, changed as asked."""
    said = {"name": "note.txt", "title": "Bullying", "language": "en"} | facts
    return Upload(content=text.encode(), **said)


def approved(library: Library, upload: Upload) -> str:
    """Add a document and approve it as a second person would; return its name."""
    document = library.add(upload, by=ARTA).document
    library.approve(document, by=BLERIM)
    return document
