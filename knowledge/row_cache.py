"""Rows of numbers for texts on disk, so that nothing is encoded twice; may be deleted any time."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from knowledge.row_files import KEY, Keys, Numbers, RowFile, Rows, StoredRows, is_whole, read, write

# More small files than this are written together at the next chance. A large one is left alone:
# writing it anew would cost more than it saves.
MOST_FILES = 24
LARGE = 1 << 28


class RowCache:
    """A folder of files, each holding the rows of some texts under the texts' own hashes.

    Every file is named by the SHA-256 of its bytes: that is its manifest. A file that does not
    match its name when it is opened is dropped and its texts are encoded again, silently. Files are
    written beside their place and moved there whole, and never changed, so that several processes
    may share the folder without a lock. Rows are not held in memory: files are mapped, and stay
    readable while they are, also when another process has dropped them.
    """

    def __init__(
        self, folder: Path, encoder: str, dimension: int, *, suffix: str, dtype: DTypeLike
    ) -> None:
        """Keep rows of `dimension` numbers made by `encoder` in files of `folder`.

        Args:
            folder: Made when the first rows are kept.
            encoder: Name of what made the rows; those of another are not found.
            dimension: Numbers in a row.
            suffix: Ending of the files, so that several kinds may share the folder.
            dtype: Kind of number.
        """
        self._folder = folder
        self._encoder = encoder
        self._dimension = dimension
        self._suffix = suffix
        self._dtype = np.dtype(dtype)
        self._opened: dict[str, RowFile] = {}

    def missing(self, texts: Collection[str]) -> list[str]:
        """Return those of `texts` that have no rows, each once, in order."""
        once = list(dict.fromkeys(texts))
        _, file, _ = self._locate(self._keys(once))
        return [text for text, where in zip(once, file, strict=True) if where < 0]

    def rows(self, texts: Sequence[str]) -> StoredRows:
        """Return the rows of `texts`, (k, dimension) each.

        Raises:
            KeyError: Some of them have none.
        """
        files, file, place = self._locate(self._keys(texts))
        if (file < 0).any():
            raise KeyError(texts[int(np.argmin(file))])
        starts, counts = np.zeros((2, len(texts)), dtype=np.int64)
        for number, one in enumerate(files):
            here = file == number
            at = place[here]
            counts[here] = np.diff(one.ends, prepend=0)[at]
            starts[here] = one.ends[at] - counts[here]
        return StoredRows([one.rows for one in files], file, starts, counts)

    def keep(self, texts: Sequence[str], rows: Sequence[Rows]) -> None:
        """Keep the rows, each (k, dimension), of `texts`."""
        row_bytes = self._dimension * self._dtype.itemsize
        sizes = np.cumsum([len(one) * row_bytes for one in rows]) // LARGE
        for part in np.unique(sizes):
            chosen = np.flatnonzero(sizes == part)
            self._write(self._keys([texts[i] for i in chosen]), [rows[i] for i in chosen])

    def compact(self, texts: Collection[str] | None = None) -> None:
        """Write the rows of many files into one.

        Args:
            texts: The only texts whose rows are still wanted; None keeps all, and leaves the
                folder alone while its small files are few.
        """
        large = {path for path in self._paths() if _size(path) >= LARGE}
        small = [path for path in self._paths() if path not in large]
        if texts is None:
            if len(small) > MOST_FILES:
                self._rewrite(small, None)
            return
        wanted = np.unique(self._keys(list(texts)))
        for group in [small, *([path] for path in sorted(large))]:
            self._rewrite(group, wanted)

    def _keys(self, texts: Sequence[str]) -> Keys:
        return np.array([self._key(text) for text in texts], dtype=KEY)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._encoder}\n{text}".encode()).digest()

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{self._suffix}"))

    def _locate(self, keys: Keys) -> tuple[list[RowFile], NDArray[np.int32], Numbers]:
        """Return the files opened, and for each key the number of its file, or -1, and its place.

        A second look: another process may have put several files into one meanwhile.
        """
        files: list[RowFile] = []
        file, place = np.full(len(keys), -1, np.int32), np.zeros(len(keys), np.int64)
        for _ in range(2):
            paths = self._paths()
            # What another process dropped is let go, so that its place on disk is free again.
            names = {path.name for path in paths}
            self._opened = {name: one for name, one in self._opened.items() if name in names}
            for opened in self._open(paths):
                left = np.flatnonzero(file < 0)
                if not len(left):
                    return files, file, place
                found = opened.find(keys[left])
                file[left[found >= 0]] = len(files)
                place[left[found >= 0]] = found[found >= 0]
                files.append(opened)
        return files, file, place

    def _open(self, paths: Sequence[Path]) -> Iterator[RowFile]:
        """Yield the files that can be read; each is checked once, when it is first opened."""
        for path in paths:
            opened = self._opened.get(path.name)
            if opened is None:
                try:
                    if not is_whole(path):
                        path.unlink(missing_ok=True)
                        continue
                    opened = read(path)
                except (OSError, ValueError, EOFError):
                    continue
                if opened.rows.shape[1:] != (self._dimension,) or opened.rows.dtype != self._dtype:
                    continue
                self._opened[path.name] = opened
            yield opened

    def _rewrite(self, paths: Sequence[Path], wanted: Keys | None) -> None:
        """Put the rows of files that are wanted into one file, and drop the files."""
        known: dict[bytes, Rows] = {}
        for one in self._open(paths):
            chosen = np.arange(len(one.keys)) if wanted is None else _common(one.keys, wanted)
            runs = np.split(one.rows, one.ends[:-1])
            known.update((bytes(one.keys[place]), runs[place]) for place in chosen)
        kept = None
        if known:
            kept = self._write(np.array(list(known), dtype=KEY), list(known.values()))
        for path in paths:
            if path != kept:
                path.unlink(missing_ok=True)

    def _write(self, keys: Keys, rows: Sequence[Rows]) -> Path:
        return write(self._folder, self._suffix, keys, rows, self._dtype)


def _common(keys: Keys, wanted: Keys) -> Numbers:
    places: Numbers = np.flatnonzero(np.isin(keys, wanted))
    return places


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
