from pathlib import Path

import numpy as np
import pytest

from knowledge import row_cache
from knowledge.row_cache import RowCache

TEXTS = ["one text", "another text", "a third"]
ROWS = [np.full((n, 4), n, dtype=np.float32) for n in (1, 3, 2)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def a_cache(folder: Path, **changes) -> RowCache:
    known = {"encoder": "fake", "dimension": 4, "suffix": ".rows", "dtype": np.float32} | changes
    return RowCache(folder, known.pop("encoder"), known.pop("dimension"), **known)


def filled(folder: Path) -> RowCache:
    cache = a_cache(folder)
    cache.keep(TEXTS, ROWS)
    return cache


def test_what_is_kept_is_found_as_it_was(folder):
    filled(folder)
    found = a_cache(folder).find([*TEXTS, "new"])
    assert set(found) == set(TEXTS)
    for text, rows in zip(TEXTS, ROWS, strict=True):
        np.testing.assert_array_equal(found[text], rows)


@pytest.mark.parametrize(
    "changes", [{"encoder": "other"}, {"dimension": 2}, {"dtype": np.int8}, {"suffix": ".tokens"}]
)
def test_rows_of_another_kind_are_not_found(folder, changes):
    filled(folder)
    assert a_cache(folder, **changes).find(TEXTS) == {}


@pytest.mark.parametrize("place", [0, 40, 200, -1])
def test_a_flipped_byte_is_noticed_and_the_file_dropped(folder, place):
    cache = filled(folder)
    [file] = folder.iterdir()
    content = bytearray(file.read_bytes())
    content[place] ^= 0xFF
    file.write_bytes(content)
    assert cache.find(TEXTS) == {}
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not rows"])
def test_a_foreign_file_does_no_harm(folder, content):
    folder.mkdir()
    (folder / "0123.rows").write_bytes(content)
    assert set(filled(folder).find(TEXTS)) == set(TEXTS)


def test_a_right_name_around_wrong_content_does_no_harm(folder):
    folder.mkdir()
    name = row_cache.hashlib.sha256(b"no archive").hexdigest()
    (folder / f"{name}.rows").write_bytes(b"no archive")
    assert set(filled(folder).find(TEXTS)) == set(TEXTS)


def test_the_folder_may_vanish(folder):
    cache = filled(folder)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert cache.find(TEXTS) == {}
    cache.keep(TEXTS, ROWS)
    assert set(cache.find(TEXTS)) == set(TEXTS)


def test_many_files_become_one(folder, monkeypatch):
    monkeypatch.setattr(row_cache, "MOST_FILES", 2)
    cache = a_cache(folder)
    for text, rows in zip(TEXTS, ROWS, strict=True):
        cache.keep([text], [rows])
    cache.compact()
    assert len(list(folder.iterdir())) == 1
    np.testing.assert_array_equal(cache.find(TEXTS)[TEXTS[1]], ROWS[1])


def test_few_files_are_left_alone(folder):
    cache = a_cache(folder)
    for text, rows in zip(TEXTS, ROWS, strict=True):
        cache.keep([text], [rows])
    cache.compact()
    assert len(list(folder.iterdir())) == 3


def test_what_is_no_longer_wanted_is_dropped(folder):
    cache = filled(folder)
    cache.compact([TEXTS[0]])
    assert set(cache.find(TEXTS)) == {TEXTS[0]}
    cache.compact([])
    assert list(folder.iterdir()) == []


def test_a_file_that_vanishes_while_it_is_read_is_as_if_it_had_never_been(folder, monkeypatch):
    cache = filled(folder)
    monkeypatch.setattr(cache, "_files", lambda: [folder / "gone.rows"])
    assert cache.find(TEXTS) == {}


def test_nothing_kept_makes_no_folder(folder):
    a_cache(folder).keep([], [])
    assert not folder.exists()
