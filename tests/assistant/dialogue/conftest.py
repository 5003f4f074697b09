"""What tests of the dialogue may ask for."""

import pytest

from assistant.dialogue.conversation import Conversations
from assistant.dialogue.script import Script, load_script
from assistant.dialogue.understanding import Understanding
from tests.assistant.dialogue.talk import (
    CHOICE,
    RememberingEncoder,
    Talk,
    WordEncoder,
    a_teacher,
    put_together,
)


@pytest.fixture(scope="session")
def script() -> Script:
    return load_script()


@pytest.fixture(scope="session")
def understanding(script, tmp_path_factory) -> Understanding:
    return Understanding(script, WordEncoder(), tmp_path_factory.mktemp("examples"), CHOICE)


@pytest.fixture
def conversations(engine, clock, tmp_path, script, understanding) -> Conversations:
    return put_together(
        engine, tmp_path / "index", script=script, understanding=understanding, clock=clock
    )


@pytest.fixture
def talk(conversations) -> Talk:
    return Talk(conversations, a_teacher())


@pytest.fixture(scope="session")
def fast_encoder(encoder) -> RememberingEncoder:
    return RememberingEncoder(encoder)


@pytest.fixture(scope="session")
def real_understanding(script, fast_encoder, index_folder) -> Understanding:
    return Understanding(script, fast_encoder, index_folder, CHOICE)
