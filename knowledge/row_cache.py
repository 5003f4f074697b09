"""Rows of numbers for texts on disk, so that nothing is encoded twice; may be deleted any time."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from knowledge.row_files import KEY, Keys, Numbers, RowFile, Rows, StoredRows, drop, read, write

# More small files than this are written together at the next chance. A large one is left alone:
# writing it anew would cost more than it saves.
MOST_FILES = 24
LARGE = 1 << 28

Mapped = dict[Path, RowFile]


class RowCache:
    """A folder of files, each holding the rows of some texts under the texts' own hashes.

    Every file is named by the SHA-256 of its bytes: that is its manifest. A file that does not
    match its name is dropped and its texts are encoded again, silently. Files are written beside
    their place and moved there whole, and never changed, so that several processes may share the
    folder without a lock. A folder that cannot be read or written, or a full disk, costs time only:
    nothing is found or kept, and the log says why.

    What was found or kept is held until `compact`, so that no damage to the disk meanwhile, nor a
    full one, can lose it: in memory, or, for a library too large for that, mapped.
    """

    def __init__(
        self,
        folder: Path,
        encoder: str,
        dimension: int,
        *,
        suffix: str,
        dtype: DTypeLike,
        mapped: Mapped | None = None,
    ) -> None:
        """Keep rows of `dimension` numbers made by `encoder` in files of `folder`.

        Args:
            folder: Made when the first rows are kept.
            encoder: Name of what made the rows; those of another are not found.
            dimension: Numbers in a row.
            suffix: Ending of the files, so that several kinds may share the folder.
            dtype: Kind of number.
            mapped: Files that are mapped, and were checked when they were; more are added to them.
                None reads rows into memory.
        """
        self._folder = folder
        self._encoder = encoder
        self._dimension = dimension
        self._suffix = suffix
        self._dtype = np.dtype(dtype)
        self._mapped = mapped
        self._held: list[RowFile] = []

    def missing(self, texts: Collection[str]) -> list[str]:
        """Return those of `texts` that have no rows, each once, in order; hold the others' rows."""
        once = list(dict.fromkeys(texts))
        keys = self._keys(once)
        left = np.flatnonzero(self._locate(keys)[0] < 0)
        # A second look: another process may have put several files into one meanwhile.
        for path in (path for _ in range(2) for path in self._paths()):
            if not len(left):
                break
            file = self._open(path)
            if file is not None:
                places = file.find(keys[left])
                found = np.unique(places[places >= 0])
                if len(found):
                    self._held.append(file if self._mapped is not None else file.only(found))
                left = left[places < 0]
        return [once[place] for place in left]

    def rows(self, texts: Sequence[str]) -> StoredRows:
        """Return the rows of `texts`, (k, dimension) each.

        Raises:
            KeyError: Some of them have none.
        """
        lacking = self.missing(texts)
        if lacking:
            raise KeyError(lacking[0])
        file, place = self._locate(self._keys(texts))
        starts, counts = np.zeros((2, len(texts)), dtype=np.int64)
        for number, one in enumerate(self._held):
            here = file == number
            counts[here] = one.counts[place[here]]
            starts[here] = one.ends[place[here]] - counts[here]
        return StoredRows([one.rows for one in self._held], file, starts, counts)

    def keep(self, texts: Sequence[str], rows: Sequence[Rows]) -> None:
        """Keep the rows, each (k, dimension), of `texts`."""
        if not len(texts):
            return
        file = RowFile.of(self._keys(texts), rows, self._dtype)
        with _noticed():
            path = self._write(file)
            if self._mapped is not None:
                file = self._open(path) or file
        self._held.append(file)

    def compact(self, texts: Collection[str] | None = None) -> None:
        """Write the rows of many files into one.

        Args:
            texts: The only texts whose rows are still wanted; None keeps all, and leaves the
                folder alone while its small files are few.
        """
        self._held = []
        large = [path for path in self._paths() if _size(path) >= LARGE]
        small = [path for path in self._paths() if path not in large]
        with _noticed():
            if texts is not None:
                wanted = self._keys(list(texts))
                for group in (small, *([path] for path in large)):
                    self._rewrite(group, wanted)
            elif len(small) > MOST_FILES:
                self._rewrite(small, None)
        # What was dropped is let go, so that its place on disk is free again.
        if self._mapped is not None:
            for path in [path for path in list(self._mapped) if not path.exists()]:
                self._mapped.pop(path, None)

    def _keys(self, texts: Sequence[str]) -> Keys:
        return np.array([self._key(text) for text in texts], dtype=KEY)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._encoder}\n{text}".encode()).digest()

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{self._suffix}"))

    def _locate(self, keys: Keys) -> tuple[NDArray[np.int32], Numbers]:
        """Return for each key the number of the file held that has it, or -1, and its place."""
        file, place = np.full(len(keys), -1, np.int32), np.zeros(len(keys), np.int64)
        for number, one in enumerate(self._held):
            left = np.flatnonzero(file < 0)
            found = one.find(keys[left])
            file[left[found >= 0]] = number
            place[left[found >= 0]] = found[found >= 0]
        return file, place

    def _open(self, path: Path) -> RowFile | None:
        """Return a file, or None where it cannot be read; what is damaged is dropped."""
        if self._mapped is not None and path in self._mapped:
            return self._mapped[path]
        try:
            file = read(path, mapped=self._mapped is not None)
        except OSError:
            return None
        except ValueError:
            drop(path)
            return None
        if file.rows.shape[1:] != (self._dimension,) or file.rows.dtype != self._dtype:
            return None
        if self._mapped is not None:
            self._mapped[path] = file
        return file

    def _rewrite(self, paths: Sequence[Path], wanted: Keys | None) -> None:
        """Put the rows of files that are wanted into one file, and drop the files."""
        known: dict[bytes, Rows] = {}
        for path in paths:
            file = self._open(path)
            if file is not None:
                here = slice(None) if wanted is None else np.isin(file.keys, wanted)
                runs = zip(file.keys[here], file.ends[here], file.counts[here], strict=True)
                known.update((key, file.rows[end - count : end]) for key, end, count in runs)
        kept = None
        if known:
            keys = np.array(list(known), dtype=KEY)
            kept = self._write(RowFile.of(keys, list(known.values()), self._dtype))
        for path in paths:
            if path != kept:
                drop(path)

    def _write(self, file: RowFile) -> Path:
        return write(self._folder, self._suffix, file)


@contextlib.contextmanager
def _noticed() -> Iterator[None]:
    """Note in the log that the block could not write, and go on."""
    try:
        yield
    except OSError as error:
        logging.getLogger(__name__).warning("vectors cannot be kept: %s", error)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
