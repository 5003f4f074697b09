"""Files of rows of numbers that are read where they lie: mapped into memory, not copied."""

from __future__ import annotations

import hashlib
import mmap
import os
import tempfile
from collections.abc import Iterable, Sequence
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
    """Runs of rows under keys: the run of `keys[i]` is `rows[ends[i - 1]:ends[i]]`."""

    keys: Keys
    ends: Numbers
    rows: Rows

    def find(self, keys: Keys) -> Numbers:
        """Return the place of each of `keys`, -1 for those that are not here."""
        places = np.searchsorted(self.keys, keys).clip(max=len(self.keys) - 1)
        found: Numbers = np.where(self.keys[places] == keys, places, -1)
        return found


class StoredRows:
    """Runs of rows, one for each text, that lie in mapped files: 20 bytes each in memory."""

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

    @classmethod
    def of(cls, runs: Sequence[Rows]) -> StoredRows:
        """Return runs that lie in memory, each (k, d); there is one at least."""
        counts = np.array([len(run) for run in runs], dtype=np.int64)
        starts = np.cumsum(counts) - counts
        return cls([np.concatenate(runs)], np.zeros(len(runs), np.int32), starts, counts)

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
        before = np.cumsum(counts) - counts
        lies = np.repeat(self._starts[places] - before, counts) + np.arange(counts.sum())
        kinds = np.unique(file)
        if len(kinds) == 1:
            return self._files[kinds[0]][lies]
        which = np.repeat(file, counts)
        some = self._files[kinds[0]]
        rows = np.empty((len(lies), some.shape[1]), dtype=some.dtype)
        for kind in kinds:
            here = which == kind
            rows[here] = self._files[kind][lies[here]]
        return rows

    def only(self, places: Numbers) -> StoredRows:
        """Return the runs at `places`, read from the same files."""
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


def write(folder: Path, suffix: str, keys: Keys, runs: Iterable[Rows], dtype: DTypeLike) -> Path:
    """Write runs, each (k, d), in one file named by the SHA-256 of its bytes; return its path."""
    runs = list(runs)
    order = np.argsort(keys)
    ends = np.cumsum([len(runs[place]) for place in order], dtype=np.int64)
    rows = np.concatenate([runs[place] for place in order]).astype(dtype)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".new-", delete=False) as draft:
        for part in (keys[order], ends, rows):
            np.save(draft, part, allow_pickle=False)
        draft.flush()
        os.fsync(draft.fileno())
    path = folder / (_digest(Path(draft.name)) + suffix)
    Path(draft.name).replace(path)
    return path


def is_whole(path: Path) -> bool:
    """Return whether a file is what its name says."""
    return _digest(path) == path.stem


def read(path: Path) -> RowFile:
    """Return the runs of a file; their rows are read from disk where they are looked at.

    Raises:
        OSError, ValueError, EOFError: There is no such file, or it is not one of ours.
    """
    with path.open("rb") as file:
        keys = np.lib.format.read_array(file, allow_pickle=False)
        ends = np.lib.format.read_array(file, allow_pickle=False)
        np.lib.format.read_magic(file)
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        rows = np.frombuffer(mapped, dtype, int(np.prod(shape)), file.tell()).reshape(shape)
    if keys.dtype != KEY or len(keys) != len(ends) or not len(keys) or len(rows) != ends[-1]:
        raise ValueError(path)
    return RowFile(keys, ends, rows)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
