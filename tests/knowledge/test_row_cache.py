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
    cache = a_cache(folder)
    assert cache.missing([*TEXTS, "new", "new"]) == ["new"]
    found = cache.rows(TEXTS[::-1])
    for place, rows in enumerate(ROWS[::-1]):
        np.testing.assert_array_equal(found[place], rows)
    np.testing.assert_array_equal(found.take(np.array([2, 0])), np.concatenate(ROWS[::2]))
    with pytest.raises(KeyError):
        cache.rows(["new"])


@pytest.mark.parametrize(
    "changes", [{"encoder": "other"}, {"dimension": 2}, {"dtype": np.int8}, {"suffix": ".tokens"}]
)
def test_rows_of_another_kind_are_not_found(folder, changes):
    filled(folder)
    assert a_cache(folder, **changes).missing(TEXTS) == TEXTS


@pytest.mark.parametrize("place", [0, 40, 200, -1])
def test_a_flipped_byte_is_noticed_and_the_file_dropped(folder, place):
    cache = filled(folder)
    [file] = folder.iterdir()
    content = bytearray(file.read_bytes())
    content[place] ^= 0xFF
    file.write_bytes(content)
    assert cache.missing(TEXTS) == TEXTS
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not rows"])
def test_a_foreign_file_does_no_harm(folder, content):
    folder.mkdir()
    (folder / "0123.rows").write_bytes(content)
    assert filled(folder).missing(TEXTS) == []


def test_a_right_name_around_wrong_content_does_no_harm(folder):
    folder.mkdir()
    name = row_cache.hashlib.sha256(b"no archive").hexdigest()
    (folder / f"{name}.rows").write_bytes(b"no archive")
    assert filled(folder).missing(TEXTS) == []


def test_the_folder_may_vanish(folder):
    cache = filled(folder)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert cache.missing(TEXTS) == TEXTS
    cache.keep(TEXTS, ROWS)
    assert cache.missing(TEXTS) == []


def test_many_files_become_one(folder, monkeypatch):
    monkeypatch.setattr(row_cache, "MOST_FILES", 2)
    cache = a_cache(folder)
    for text, rows in zip(TEXTS, ROWS, strict=True):
        cache.keep([text], [rows])
    cache.compact()
    assert len(list(folder.iterdir())) == 1
    np.testing.assert_array_equal(cache.rows(TEXTS)[1], ROWS[1])


def test_few_files_are_left_alone(folder):
    cache = a_cache(folder)
    for text, rows in zip(TEXTS, ROWS, strict=True):
        cache.keep([text], [rows])
    cache.compact()
    assert len(list(folder.iterdir())) == 3


def test_what_is_no_longer_wanted_is_dropped(folder):
    cache = filled(folder)
    cache.compact([TEXTS[0]])
    assert cache.missing(TEXTS) == TEXTS[1:]
    cache.compact([])
    assert list(folder.iterdir()) == []


def test_a_file_that_vanishes_while_it_is_read_is_as_if_it_had_never_been(folder, monkeypatch):
    cache = filled(folder)
    monkeypatch.setattr(cache, "_paths", lambda: [folder / "gone.rows"])
    assert cache.missing(TEXTS) == TEXTS


def test_nothing_kept_makes_no_folder(folder):
    a_cache(folder).keep([], [])
    assert not folder.exists()


def test_a_large_file_is_left_alone_until_it_holds_what_is_not_wanted(folder, monkeypatch):
    monkeypatch.setattr(row_cache, "MOST_FILES", 1)
    monkeypatch.setattr(row_cache, "LARGE", 48)
    cache = filled(folder)
    before = sorted(folder.iterdir())
    cache.compact()
    assert len(before) == 3
    assert sorted(folder.iterdir()) == before
    cache.compact(TEXTS[1:])
    assert cache.missing(TEXTS) == TEXTS[:1]
    np.testing.assert_array_equal(cache.rows(TEXTS[2:])[0], ROWS[2])


def test_rows_stay_readable_when_another_process_drops_their_file(folder):
    cache = filled(folder)
    rows = cache.rows(TEXTS)
    a_cache(folder).compact([])
    np.testing.assert_array_equal(rows[1], ROWS[1])
    assert cache.missing(TEXTS) == TEXTS


def test_rows_of_several_files_are_taken_together(folder):
    cache = a_cache(folder)
    for text, rows in zip(TEXTS, ROWS, strict=True):
        cache.keep([text], [rows])
    found = cache.rows(TEXTS)
    np.testing.assert_array_equal(
        found.take(np.array([1, 0, 2, 1])), np.concatenate([ROWS[1], ROWS[0], ROWS[2], ROWS[1]])
    )
    joined = found.joined(found.only(np.array([2])))
    np.testing.assert_array_equal(joined[3], ROWS[2])
    assert joined.counts.tolist() == [1, 3, 2, 2]
