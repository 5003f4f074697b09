"""Files of rows of numbers, each named by what is in it: read whole, or mapped into memory."""

from __future__ import annotations

import contextlib
import hashlib
import io
import mmap
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Rows = NDArray[Any]
Numbers = NDArray[np.int64]
Keys = NDArray[np.bytes_]

KEY_BYTES = 32
KEY = f"S{KEY_BYTES}"


@dataclass(frozen=True)
class RowFile:
    """Runs of rows under sorted keys: the run of `keys[i]` is `rows[ends[i - 1]:ends[i]]`."""

    keys: Keys
    ends: Numbers
    rows: Rows

    @classmethod
    def of(cls, keys: Keys, runs: Sequence[Rows], dtype: DTypeLike) -> RowFile:
        """Return what holds `runs`, each (k, d), under `keys`; there is one at least."""
        order = np.argsort(keys)
        ends = np.cumsum([len(runs[place]) for place in order], dtype=np.int64)
        rows = np.concatenate([runs[place] for place in order]).astype(dtype, copy=False)
        return cls(keys[order], ends, rows)

    @property
    def counts(self) -> Numbers:
        """How many rows each run has, (n,)."""
        return np.diff(self.ends, prepend=0)

    def find(self, keys: Keys) -> Numbers:
        """Return the place of each of `keys`, -1 for those that are not here."""
        places = np.searchsorted(self.keys, keys).clip(max=len(self.keys) - 1)
        found: Numbers = np.where(self.keys[places] == keys, places, -1)
        return found

    def only(self, places: Numbers) -> RowFile:
        """Return a copy of the runs at `places`, ascending, that holds nothing else in memory."""
        counts = self.counts[places]
        lies = rows_of_runs(self.ends[places] - counts, counts)
        return RowFile(self.keys[places], np.cumsum(counts), self.rows[lies])


class StoredRows:
    """Runs of rows, one for each text, that lie in several arrays or mapped files."""

    def __init__(
        self, files: Sequence[Rows], file: NDArray[np.int32], starts: Numbers, counts: Numbers
    ) -> None:
        """Take in where the runs lie.

        Args:
            files: The rows of each file, (m, d).
            file: The number of each run's file, (n,).
            starts: Its first row there, (n,).
            counts: How many rows it has, (n,).
        """
        self._files = tuple(files)
        self._file = file
        self._starts = starts
        self.counts = counts

    def __len__(self) -> int:
        return len(self.counts)

    def __getitem__(self, place: int) -> Rows:
        """Return the rows of one run, (k, d)."""
        start = self._starts[place]
        run: Rows = self._files[self._file[place]][start : start + self.counts[place]]
        return run

    def take(self, places: Numbers) -> Rows:
        """Return the rows of the runs at `places`, one after another; there is one at least."""
        file, counts = self._file[places], self.counts[places]
        lies = rows_of_runs(self._starts[places], counts)
        kinds = np.unique(file)
        some = self._files[kinds[0]]
        if len(kinds) == 1:
            only: Rows = some[lies]
            return only
        which = np.repeat(file, counts)
        rows = np.empty((len(lies), some.shape[1]), dtype=some.dtype)
        for kind in kinds:
            here = which == kind
            rows[here] = self._files[kind][lies[here]]
        return rows

    def only(self, places: Numbers) -> StoredRows:
        """Return the runs at `places`, from where they lie."""
        at = self._file[places], self._starts[places], self.counts[places]
        return StoredRows(self._files, *at)

    def joined(self, more: StoredRows) -> StoredRows:
        """Return these runs followed by `more`."""
        return StoredRows(
            self._files + more._files,
            np.concatenate([self._file, more._file + np.int32(len(self._files))]),
            np.concatenate([self._starts, more._starts]),
            np.concatenate([self.counts, more.counts]),
        )


def write(folder: Path, suffix: str, file: RowFile) -> Path:
    """Write a file named by the SHA-256 of its bytes, and return its path.

    Raises:
        OSError: It cannot be written; nothing is left behind.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as work:
        draft = Path(work) / "rows"
        with draft.open("wb") as target:
            for part in (file.keys, file.ends, file.rows):
                for piece in (_header(part), np.ascontiguousarray(part).data):
                    target.write(piece)
                    digest.update(piece)
            target.flush()
            os.fsync(target.fileno())
        path = folder / (digest.hexdigest() + suffix)
        if path.is_dir():
            drop(path)
        return draft.replace(path)


def read(path: Path, *, mapped: bool) -> RowFile:
    """Return what a file holds, after a look at every byte.

    Args:
        path: The file; its stem is the SHA-256 of its bytes.
        mapped: Whether its rows stay on disk, where they are read again when they are looked at.
            Who truncates a mapped file in place kills the process.

    Raises:
        OSError: There is no such file, or it cannot be read.
        ValueError: It is damaged, or not one of ours.
    """
    with path.open("rb") as file:
        whole: bytes | mmap.mmap
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if mapped else file.read()
    if hashlib.sha256(whole).hexdigest() != path.stem:
        raise ValueError(path)
    parts = whole if isinstance(whole, mmap.mmap) else io.BytesIO(whole)
    keys = np.lib.format.read_array(parts, allow_pickle=False)
    ends = np.lib.format.read_array(parts, allow_pickle=False)
    np.lib.format.read_magic(parts)
    shape, _, dtype = np.lib.format.read_array_header_1_0(parts)
    rows = np.frombuffer(whole, dtype, int(np.prod(shape)), parts.tell()).reshape(shape)
    if keys.dtype != KEY or len(keys) != len(ends) or not len(keys) or len(rows) != ends[-1]:
        raise ValueError(path)
    return RowFile(keys, ends, rows)


def drop(path: Path) -> None:
    """Remove what is no file of ours any more, if it can be removed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def _header(part: Rows) -> bytes:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(part))
    return header.getvalue()


def rows_of_runs(starts: Numbers, counts: Numbers) -> Numbers:
    """Return the numbers of the rows of runs, one run after another."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(counts.sum())
