"""Vectors of texts on disk, so that nothing is encoded twice; may be deleted at any time."""

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np

from knowledge.vectors import Vectors

Encode = Callable[[Sequence[str], Callable[[int, int], None] | None], Vectors]

KEY_BYTES = 32
SUFFIX = ".npz"
# More files than this are written together at the next chance.
MOST_FILES = 24


class VectorCache:
    """A folder of files, each holding the vectors of some texts under the texts' own hashes.

    Every file is named by the SHA-256 of its bytes: that is its manifest. A file that does not
    match its name is dropped and its texts are encoded again, silently. Files are written beside
    their place and moved there whole, and never changed, so that several processes may share the
    folder without a lock.
    """

    def __init__(self, folder: Path, encoder_name: str, dimension: int) -> None:
        """Keep vectors of `dimension` numbers made by `encoder_name` in `folder`."""
        self._folder = folder
        self._encoder_name = encoder_name
        self._dimension = dimension

    def vectors(
        self,
        texts: Sequence[str],
        encode: Encode,
        progress: Callable[[int, int], None] | None = None,
    ) -> Vectors:
        """Return the vectors of `texts`, (n, d) float32 in their order, encoding what is new.

        Args:
            texts: Any texts; equal ones are encoded once.
            encode: Encodes the texts it is given, telling `progress`.
            progress: Told how many of the new texts are done, and how many there are.
        """
        keys = [self._key(text) for text in texts]
        known = self._load(set(keys)) if keys else {}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            fresh = encode(list(new.values()), progress)
            self._write(list(new), fresh)
            known.update(zip(new, fresh, strict=True))
        if not keys:
            return np.empty((0, self._dimension), dtype=np.float32)
        return np.stack([known[key] for key in keys]).astype(np.float32, copy=False)

    def compact(self, keep: Collection[str] | None = None) -> None:
        """Write the vectors of many files into one.

        Args:
            keep: The only texts whose vectors are still wanted; None keeps all, and leaves the
                folder alone while its files are few.
        """
        files = self._files()
        if keep is None and len(files) <= MOST_FILES:
            return
        known = self._load(None if keep is None else {self._key(text) for text in keep})
        if known:
            keys = sorted(known)
            kept = self._write(keys, np.stack([known[key] for key in keys]))
            files = [file for file in files if file != kept]
        for file in files:
            file.unlink(missing_ok=True)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._encoder_name}\n{text}".encode()).digest()

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{SUFFIX}"))

    def _load(self, wanted: set[bytes] | None) -> dict[bytes, Vectors]:
        known: dict[bytes, Vectors] = {}
        # A second look: another process may have put several files into one meanwhile.
        for _ in range(2):
            for file in self._files():
                if wanted is not None and len(known) == len(wanted):
                    return known
                known.update(self._read(file, wanted))
        return known

    def _read(self, file: Path, wanted: set[bytes] | None) -> dict[bytes, Vectors]:
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            return {}
        if hashlib.sha256(content).hexdigest() != file.stem:
            file.unlink(missing_ok=True)
            return {}
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as parts:
                keys, vectors = parts["keys"], parts["vectors"]
        except (ValueError, KeyError, OSError, zipfile.BadZipFile):
            return {}
        if vectors.ndim != 2 or vectors.shape[1] != self._dimension:  # noqa: PLR2004 - a matrix
            return {}
        found = zip(map(bytes, keys), vectors, strict=True)
        return {key: vector for key, vector in found if wanted is None or key in wanted}

    def _write(self, keys: Sequence[bytes], vectors: Vectors) -> Path:
        packed = io.BytesIO()
        matrix = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, KEY_BYTES)
        np.savez(packed, keys=matrix, vectors=np.asarray(vectors, dtype=np.float32))
        content = packed.getvalue()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = self._folder / (hashlib.sha256(content).hexdigest() + SUFFIX)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".new-", delete=False) as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(place)
        return place
