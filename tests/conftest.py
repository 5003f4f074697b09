"""What every test may ask for."""

import importlib
import os
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


@pytest.fixture
def engine(tmp_path: Path, keys: KeyRing) -> Iterator[Engine]:
    for module in TABLES:
        importlib.import_module(module)
    engine = open_database(f"sqlite:///{tmp_path / 'ura.sqlite3'}", keys)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def model_folder() -> Path:
    from knowledge.model import prepare

    return prepare(Path(os.environ.get("URA_TEST_MODEL", "var/model")))


@pytest.fixture(scope="session")
def encoder(model_folder: Path):
    from knowledge.encoder import SentenceEncoder

    return SentenceEncoder.open(model_folder)
