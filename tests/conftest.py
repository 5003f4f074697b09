"""What every test may ask for."""

import importlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from config.database import Base, open_database
from config.encryption import KeyRing
from tests.fakes import FrozenClock

TABLES = (
    "knowledge.documents",
    "actions.referrals.tables",
    "assistant.people.tables",
    "assistant.dialogue.records",
)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing([Fernet.generate_key()])


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and no row: copying it is ten times as fast as making it."""
    for module in TABLES:
        importlib.import_module(module)
    file = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    engine = open_database(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return file


@pytest.fixture
def engine(tmp_path: Path, keys: KeyRing, empty_database: Path) -> Iterator[Engine]:
    file = tmp_path / "ura.sqlite3"
    shutil.copyfile(empty_database, file)
    engine = open_database(f"sqlite:///{file}", keys)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def model_folder() -> Path:
    from knowledge.model import prepare

    return prepare(Path(os.environ.get("URA_TEST_MODEL", "var/model")))


@pytest.fixture(scope="session")
def index_folder(model_folder: Path) -> Path:
    """Return where vectors of the real model are kept, so that no text is encoded twice."""
    return model_folder.parent / "index"


@pytest.fixture(scope="session")
def encoder(model_folder: Path):
    from knowledge.encoder import SentenceEncoder

    return SentenceEncoder.open(model_folder)
