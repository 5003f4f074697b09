import errno
import hashlib
import io
import os
from pathlib import Path

import numpy as np
import pytest

from knowledge import row_cache
from knowledge.row_cache import RowCache

TEXTS = ["one text", "another text", "a third"]
ROWS = [np.full((n, 4), n, dtype=np.float32) for n in (1, 3, 2)]


class Mapped(type(Path())):
    """A folder whose caches map their files instead of reading them."""


@pytest.fixture(params=[Path, Mapped])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return request.param(tmp_path / "index")


def a_cache(folder: Path, **changes) -> RowCache:
    known = {"encoder": "fake", "dimension": 4, "suffix": ".rows", "dtype": np.float32} | changes
    known["mapped"] = {} if isinstance(folder, Mapped) else None
    return RowCache(folder, known.pop("encoder"), known.pop("dimension"), **known)


def filled(folder: Path) -> RowCache:
    """Return a cache that has yet to read what another one kept."""
    a_cache(folder).keep(TEXTS, ROWS)
    return a_cache(folder)


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
def test_a_foreign_file_does_no_harm_and_goes(folder, content):
    folder.mkdir()
    (folder / "0123.rows").write_bytes(content)
    assert filled(folder).missing(TEXTS) == []
    assert len(list(folder.iterdir())) == 1


def an_archive() -> bytes:
    """What files were until now."""
    packed = io.BytesIO()
    np.savez(packed, keys=np.zeros((1, 32), np.uint8), ends=np.array([1]), rows=ROWS[0])
    return packed.getvalue()


@pytest.mark.parametrize("content", [b"no rows", an_archive(), b"\x93NUMPY\x01\x00\xff\xff"])
def test_a_right_name_around_wrong_content_does_no_harm_and_goes(folder, content):
    folder.mkdir()
    file = folder / f"{hashlib.sha256(content).hexdigest()}.rows"
    file.write_bytes(content)
    assert a_cache(folder).missing(TEXTS) == TEXTS
    assert not file.exists()


def test_the_folder_may_vanish(folder):
    cache = filled(folder)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert cache.missing(TEXTS) == TEXTS
    cache.keep(TEXTS, ROWS)
    assert a_cache(folder).missing(TEXTS) == []


@pytest.mark.parametrize("harm", ["truncate", "remove"])
def test_what_was_found_is_not_read_again(tmp_path, harm):
    cache = filled(tmp_path)
    assert cache.missing(TEXTS) == []
    [file] = tmp_path.iterdir()
    if harm == "truncate":
        os.truncate(file, 10)
    else:
        file.unlink()
    found = cache.rows(TEXTS)
    np.testing.assert_array_equal(found.take(np.arange(3)), np.concatenate(ROWS))
    assert a_cache(tmp_path).missing(TEXTS) == TEXTS


def test_only_rows_that_were_asked_for_are_held(tmp_path):
    cache = filled(tmp_path)
    np.testing.assert_array_equal(cache.rows(TEXTS[2:])[0], ROWS[2])
    assert [len(file.rows) for file in cache._held] == [2]


def test_a_folder_that_cannot_be_written_loses_nothing_of_what_was_made(folder, caplog):
    folder.write_bytes(b"in the way")
    cache = a_cache(folder)
    cache.keep(TEXTS, ROWS)
    np.testing.assert_array_equal(cache.rows(TEXTS)[1], ROWS[1])
    assert "cannot be kept" in caplog.text


def test_a_write_that_fails_drops_nothing(folder, monkeypatch, caplog):
    cache = filled(folder)
    before = list(folder.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        cache.compact(TEXTS[:1])
    assert "cannot be kept" in caplog.text
    assert list(folder.iterdir()) == before
    assert cache.missing(TEXTS) == []


def refuse(_file: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


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
    cache = a_cache(folder)
    for text, rows in zip(TEXTS, ROWS, strict=True):
        cache.keep([text], [rows])
    before = sorted(folder.iterdir())
    cache.compact()
    assert sorted(folder.iterdir()) == before
    cache.compact(TEXTS[1:])
    assert cache.missing(TEXTS) == TEXTS[:1]
    np.testing.assert_array_equal(cache.rows(TEXTS[2:])[0], ROWS[2])


def test_rows_stay_readable_when_another_process_drops_their_file(folder):
    cache = filled(folder)
    rows = cache.rows(TEXTS)
    a_cache(folder).compact([])
    np.testing.assert_array_equal(rows[1], ROWS[1])
    cache.compact()
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
