"""Another model than the one before: nothing of the old one is used, and nothing of it is lost."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoder import SentenceEncoder
from knowledge.model import MANIFEST, ModelUnavailable
from tests.fakes import FakeEncoder
from tests.knowledge.conftest import an_upload, approved

QUESTION = "who helps when a child is bullied"


class Renamed(FakeEncoder):
    name = "another-model"

    def _vector(self, text):
        return super()._vector(text)[::-1].copy()


class Smaller(FakeEncoder):
    name = "a-smaller-model"
    dimension = 32


class SmallerUnderTheOldName(FakeEncoder):
    dimension = 32


def unable(kind: type[FakeEncoder]) -> FakeEncoder:
    """Return an encoder that needs its cache to be full."""

    class Unable(kind):
        def passages(self, texts, progress=None):
            raise AssertionError(texts)

    return Unable()


@pytest.mark.parametrize("other", [Renamed, Smaller, SmallerUnderTheOldName])
def test_a_library_under_another_model_answers_as_if_it_had_never_had_one(
    open_library, tmp_path, other
):
    library = open_library()
    for number, text in enumerate(["A child is bullied.", "The court decides.", "A bus leaves."]):
        approved(library, an_upload(text, title=f"Text {number}"))
    before = library.search(QUESTION, language="en")
    changed = open_library(encoder=other()).search(QUESTION, language="en")
    assert open_library(encoder=FakeEncoder()).search(QUESTION, language="en") == before
    assert open_library(encoder=unable(FakeEncoder)).search(QUESTION, language="en") == before
    assert open_library(encoder=unable(other)).search(QUESTION, language="en") == changed
    shutil.rmtree(tmp_path / "index")
    assert open_library(encoder=other()).search(QUESTION, language="en") == changed


@pytest.fixture
def copied(model_folder: Path, tmp_path: Path) -> Path:
    """A folder like the prepared one, whose small files may be spoiled."""
    folder = tmp_path / "model"
    shutil.copytree(model_folder.resolve(), folder, copy_function=os.symlink)
    return folder


def rewritten(file: Path, content: bytes) -> None:
    file.unlink()
    file.write_bytes(content)


@pytest.mark.model
def test_a_correction_fitted_to_another_model_is_not_used(copied, encoder):
    manifest = json.loads((copied / MANIFEST).read_text(encoding="utf-8"))
    rewritten(copied / MANIFEST, json.dumps(manifest | {"model": "another/model"}).encode())
    other = SentenceEncoder.open(copied)
    asked = ["si ta regjistroj fëmijën në shkollë"]
    plain = SentenceEncoder.open(copied, adapter=None).questions(asked)
    assert np.allclose(other.questions(asked)[0][0], plain[0][0], atol=1e-6)
    assert encoder.questions(asked)[0][0] @ plain[0][0] < 0.99
    assert other.name != encoder.name


SPOILED = ["config.json", "modules.json", "tokenizer.json", "model.safetensors"]


@pytest.mark.model
@pytest.mark.parametrize("name", SPOILED)
@pytest.mark.parametrize("how", ["missing", "cut", "rubbish"])
def test_a_spoiled_model_is_refused_in_one_line(copied, name, how):
    file = copied / name
    size = file.stat().st_size
    file.unlink()
    if how == "cut":
        file.write_bytes(b"{")
    elif how == "rubbish":
        with file.open("wb") as sparse:
            sparse.truncate(size)
    with pytest.raises(ModelUnavailable, match="make run") as refused:
        SentenceEncoder.open(copied)
    assert "\n" not in str(refused.value)
