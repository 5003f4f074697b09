"""Reads the packed weight file of multilingual-e5-small, format E5S1.

The file is little-endian: a header with the sizes, the word pieces of a SentencePiece unigram model
with their scores, the table of characters its normaliser rewrites, then a directory of tensors.
"""

import itertools
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"

# A block of 32 four-bit numbers is 18 bytes: one half-precision scale, then two numbers a byte,
# low halves first. A number n stands for (n - 8) * scale.
BLOCK_NUMBERS = 32
BLOCK_BYTES = 18


class NotAWeightFile(Exception):
    """The file is not in format E5S1 or ends too early; fetch it again."""


@dataclass(frozen=True)
class Sizes:
    """The dimensions of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Pieces:
    """The word pieces in id order, the ids with a special meaning, the characters rewritten."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int
    rewritten: dict[str, str]


@dataclass(frozen=True)
class Place:
    """Where a tensor lies in the file, in bytes."""

    offset: int
    length: int


class WeightFile:
    """One opened weight file: its sizes, its word pieces, and its tensors by name."""

    def __init__(self, path: Path) -> None:
        """Read the directory of `path`; tensors are read when asked for.

        Raises:
            NotAWeightFile: The content is something else, or is cut short.
        """
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        cursor = _Cursor(memoryview(self._bytes.data))
        try:
            if cursor.take(len(MAGIC)) != MAGIC:
                raise NotAWeightFile
            self.sizes, self.pieces = _read_header(cursor)
            self._places = _read_directory(cursor)
        except (struct.error, ValueError) as error:
            raise NotAWeightFile from error

    def plain(self, name: str) -> NDArray[np.float32]:
        """Return a tensor that is stored as float32, flat."""
        return self._raw(name).view(np.float32).copy()

    def packed(self, name: str, columns: int) -> NDArray[np.float32]:
        """Return a matrix that is stored in four bits, as float32 with `columns` columns."""
        blocks = self._raw(name).reshape(-1, BLOCK_BYTES)
        scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        halves = blocks[:, 2:]
        numbers = np.empty((len(blocks), BLOCK_NUMBERS), dtype=np.float32)
        numbers[:, : BLOCK_NUMBERS // 2] = halves & 15
        numbers[:, BLOCK_NUMBERS // 2 :] = halves >> 4
        numbers -= 8
        numbers *= scales
        return numbers.reshape(-1, columns)

    def _raw(self, name: str) -> NDArray[np.uint8]:
        place = self._places.get(name)
        if place is None or place.offset + place.length > len(self._bytes):
            raise NotAWeightFile(name)
        return np.array(self._bytes[place.offset : place.offset + place.length])


class _Cursor:
    """Reads on from where it stopped."""

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._at = 0

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes."""
        taken = bytes(self._view[self._at : self._at + length])
        if len(taken) != length:
            raise NotAWeightFile
        self._at += length
        return taken

    def numbers(self, form: str) -> tuple[Any, ...]:
        """Return the next numbers, described as `struct` does."""
        return struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))

    def number(self, form: str) -> Any:
        """Return the next number."""
        return self.numbers(form)[0]


def _read_header(cursor: _Cursor) -> tuple[Sizes, Pieces]:
    cursor.number("I")  # the format's version, of which there is only the first
    sizes = Sizes(*cursor.numbers("7if"))
    cursor.number("i")  # the block kind of the packed matrices, the same for all files
    count, begin, end, padding, unknown = cursor.numbers("5i")
    text_bytes = cursor.number("Q")
    bounds = cursor.numbers(f"{count + 1}I")
    scores = cursor.numbers(f"{count}f")
    text = cursor.take(text_bytes)
    texts = tuple(
        text[first:last].decode("utf-8", "replace") for first, last in itertools.pairwise(bounds)
    )
    pieces = Pieces(texts, scores, begin, end, padding, unknown, _read_rewritten(cursor))
    return sizes, pieces


def _read_rewritten(cursor: _Cursor) -> dict[str, str]:
    count = cursor.number("i")
    table = _Cursor(memoryview(cursor.take(cursor.number("I"))))
    rewritten = {}
    for _ in range(count):
        code, length = table.numbers("IB")
        rewritten[chr(code)] = "".join(map(chr, table.numbers(f"{length}I")))
    return rewritten


def _read_directory(cursor: _Cursor) -> dict[str, Place]:
    places = {}
    for _ in range(cursor.number("i")):
        name = cursor.take(cursor.number("H")).decode()
        _kind, _count, offset, length = cursor.numbers("BIQQ")
        places[name] = Place(offset, length)
    return places
