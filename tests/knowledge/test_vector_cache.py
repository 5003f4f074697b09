from pathlib import Path

import numpy as np
import pytest

from knowledge import vector_cache
from knowledge.vector_cache import VectorCache
from tests.fakes import FakeEncoder

TEXTS = ["one text", "another text", "a third"]


class Counting(FakeEncoder):
    """An encoder that remembers which texts it was given."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def passages(self, texts, progress=None):
        self.encoded += texts
        return super().passages(texts, progress)


@pytest.fixture
def encoder() -> Counting:
    return Counting()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def a_cache(folder: Path, name: str = "fake-words") -> VectorCache:
    return VectorCache(folder, name, FakeEncoder.dimension)


def test_nothing_is_encoded_twice(folder, encoder):
    first = a_cache(folder).vectors(TEXTS, encoder.passages)
    second = a_cache(folder).vectors([*TEXTS, "new", TEXTS[0]], encoder.passages)
    assert encoder.encoded == [*TEXTS, "new"]
    np.testing.assert_array_equal(first, second[:3])
    np.testing.assert_array_equal(first[0], second[4])


def test_another_encoder_shares_nothing(folder, encoder):
    a_cache(folder).vectors(TEXTS, encoder.passages)
    a_cache(folder, "other").vectors(TEXTS, encoder.passages)
    assert encoder.encoded == TEXTS * 2


@pytest.mark.parametrize("place", [0, 40, 200, -1])
def test_a_flipped_byte_is_noticed_and_mended(folder, encoder, place):
    first = a_cache(folder).vectors(TEXTS, encoder.passages)
    [file] = folder.iterdir()
    content = bytearray(file.read_bytes())
    content[place] ^= 0xFF
    file.write_bytes(content)
    np.testing.assert_array_equal(a_cache(folder).vectors(TEXTS, encoder.passages), first)
    assert encoder.encoded == TEXTS * 2
    np.testing.assert_array_equal(a_cache(folder).vectors(TEXTS, encoder.passages), first)
    assert encoder.encoded == TEXTS * 2


@pytest.mark.parametrize("content", [b"", b"not vectors"])
def test_a_foreign_file_does_no_harm(folder, encoder, content):
    folder.mkdir()
    (folder / "0123.npz").write_bytes(content)
    a_cache(folder).vectors(TEXTS, encoder.passages)
    a_cache(folder).vectors(TEXTS, encoder.passages)
    assert encoder.encoded == TEXTS


def test_a_right_name_around_wrong_content_does_no_harm(folder, encoder):
    folder.mkdir()
    name = vector_cache.hashlib.sha256(b"no archive").hexdigest()
    (folder / f"{name}.npz").write_bytes(b"no archive")
    assert len(a_cache(folder).vectors(TEXTS, encoder.passages)) == 3


def test_the_folder_may_vanish(folder, encoder):
    cache = a_cache(folder)
    cache.vectors(TEXTS, encoder.passages)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert len(cache.vectors(TEXTS, encoder.passages)) == 3


def test_many_files_become_one(folder, encoder, monkeypatch):
    monkeypatch.setattr(vector_cache, "MOST_FILES", 2)
    cache = a_cache(folder)
    for text in TEXTS:
        cache.vectors([text], encoder.passages)
    cache.compact()
    assert len(list(folder.iterdir())) == 1
    cache.vectors(TEXTS, encoder.passages)
    assert encoder.encoded == TEXTS


def test_few_files_are_left_alone(folder, encoder):
    cache = a_cache(folder)
    for text in TEXTS:
        cache.vectors([text], encoder.passages)
    cache.compact()
    assert len(list(folder.iterdir())) == 3


def test_what_is_no_longer_wanted_is_dropped(folder, encoder):
    cache = a_cache(folder)
    cache.vectors(TEXTS, encoder.passages)
    cache.compact([TEXTS[0]])
    cache.vectors(TEXTS, encoder.passages)
    assert encoder.encoded == [*TEXTS, *TEXTS[1:]]
    cache.compact([])
    assert list(folder.iterdir()) == []


def test_a_file_that_vanishes_while_it_is_read_is_made_again(folder, encoder, monkeypatch):
    cache = a_cache(folder)
    cache.vectors(TEXTS, encoder.passages)
    monkeypatch.setattr(cache, "_files", lambda: [folder / "gone.npz"])
    assert len(cache.vectors(TEXTS, encoder.passages)) == 3


def test_no_texts_have_no_vectors(folder, encoder):
    assert a_cache(folder).vectors([], encoder.passages).shape == (0, FakeEncoder.dimension)
    assert not folder.exists()


def test_progress_counts_new_texts_only(folder, encoder):
    told: list[tuple[int, int]] = []
    cache = a_cache(folder)
    cache.vectors(TEXTS[:1], encoder.passages)
    cache.vectors(TEXTS, encoder.passages, lambda done, total: told.append((done, total)))
    assert told[-1] == (2, 2)
