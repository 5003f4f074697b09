"""Rows of numbers for texts on disk, so that nothing is encoded twice; may be deleted any time."""

import contextlib
import hashlib
import io
import logging
import os
import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Rows = NDArray[Any]

KEY_BYTES = 32
# More files than this are written together at the next chance.
MOST_FILES = 24


class RowCache:
    """A folder of files, each holding the rows of some texts under the texts' own hashes.

    Every file is named by the SHA-256 of its bytes: that is its manifest. A file that does not
    match its name is dropped and its texts are encoded again, silently. Files are written beside
    their place and moved there whole, and never changed, so that several processes may share the
    folder without a lock. A folder that cannot be read or written, or a full disk, costs time only:
    nothing is found or kept, and the log says why.
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

    def find(self, texts: Collection[str]) -> dict[str, Rows]:
        """Return the rows, (k, dimension), of those of `texts` that were kept."""
        wanted = {self._key(text): text for text in texts}
        return {wanted[key]: rows for key, rows in self._load(set(wanted)).items()}

    def keep(self, texts: Sequence[str], rows: Sequence[Rows]) -> None:
        """Keep the rows, each (k, dimension), of `texts`."""
        if texts:
            with _noticed():
                self._write([self._key(text) for text in texts], rows)

    def compact(self, texts: Collection[str] | None = None) -> None:
        """Write the rows of many files into one.

        Args:
            texts: The only texts whose rows are still wanted; None keeps all, and leaves the
                folder alone while its files are few.
        """
        files = self._files()
        if texts is None and len(files) <= MOST_FILES:
            return
        known = self._load(None if texts is None else {self._key(text) for text in texts})
        with _noticed():
            if known:
                keys = sorted(known)
                kept = self._write(keys, [known[key] for key in keys])
                files = [file for file in files if file != kept]
            for file in files:
                _drop(file)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._encoder}\n{text}".encode()).digest()

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{self._suffix}"))

    def _load(self, wanted: set[bytes] | None) -> dict[bytes, Rows]:
        known: dict[bytes, Rows] = {}
        # A second look: another process may have put several files into one meanwhile.
        for _ in range(2):
            for file in self._files():
                if wanted is not None and len(known) == len(wanted):
                    return known
                known.update(self._read(file, wanted))
        return known

    def _read(self, file: Path, wanted: set[bytes] | None) -> dict[bytes, Rows]:
        try:
            content = file.read_bytes()
        except OSError:
            return {}
        if hashlib.sha256(content).hexdigest() != file.name.removesuffix(self._suffix):
            _drop(file)
            return {}
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as parts:
                keys, ends, rows = parts["keys"], parts["ends"], parts["rows"]
        except (ValueError, KeyError, OSError, zipfile.BadZipFile):
            return {}
        if rows.ndim != 2 or rows.shape[1] != self._dimension or rows.dtype != self._dtype:  # noqa: PLR2004 - a matrix
            return {}
        found = zip(map(bytes, keys), np.split(rows, ends[:-1]), strict=True)
        # Copied, so that a few rows do not hold the whole file in memory.
        return {key: one.copy() for key, one in found if wanted is None or key in wanted}

    def _write(self, keys: Sequence[bytes], rows: Sequence[Rows]) -> Path:
        packed = io.BytesIO()
        matrix = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, KEY_BYTES)
        ends = np.cumsum([len(one) for one in rows], dtype=np.int64)
        np.savez(packed, keys=matrix, ends=ends, rows=np.concatenate(rows).astype(self._dtype))
        content = packed.getvalue()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = self._folder / (hashlib.sha256(content).hexdigest() + self._suffix)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".new-") as work:
            draft = Path(work) / place.name
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if place.is_dir():
                _drop(place)
            draft.replace(place)
        return place


@contextlib.contextmanager
def _noticed() -> Iterator[None]:
    """Note in the log that the block could not write, and go on."""
    try:
        yield
    except OSError as error:
        logging.getLogger(__name__).warning("vectors cannot be kept: %s", error)


def _drop(file: Path) -> None:
    """Remove what is no file of ours any more, if it can be removed."""
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            file.unlink()
