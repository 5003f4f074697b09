"""A library many times its size: copies of real passages, each moved a little from the others.

Vectors are those that the model made, moved along the difference of two others and a little at
random, the same for all languages of a text. Of the words three in ten are others of the same
language. Token states are moved too, but only those of some copies; the rest share them, because a
million passages have some 60 GB. What is left of the size after whole copies are copies of English
passages alone, so that at every size others are asked in a language that is not theirs too.
"""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from knowledge.index import Encoded, Index, IndexedPassage
from knowledge.row_files import Numbers, StoredRows
from knowledge.vectors import EXACT_UP_TO, NearestVectors
from knowledge.words import WordIndex

MOVED, AT_RANDOM = 0.3, 0.01
OTHER_WORDS = 0.3
COPIES_WITH_TOKENS = 40
LARGEST_STEP = 12
BLOCK = 50_000


class Enlarged:
    """The parts of an index over `size` passages that are copies of those of a small one."""

    def __init__(self, small: Index, size: int, folder: Path) -> None:
        """Make them, with vectors and token states in files of `folder`."""
        self.small, self.size, self.folder = small, size, folder
        self.rng = np.random.default_rng(size)
        self.copy, self.seed = self._sources()
        self.passages = [self._passage(row) for row in range(size)]
        self.lemmas = self._lemmas()
        self.encoded = self._encoded()

    def index(self) -> Index:
        """Return the index, as `knowledge.indexing.build` makes it of its parts."""
        nearest = NearestVectors(self.encoded.vectors)
        words = None if nearest.is_exact else WordIndex(self.lemmas)
        return Index(self.passages, self.lemmas, self.encoded, nearest, words)

    def _sources(self) -> tuple[Numbers, Numbers]:
        """Return for each row the number of its copy, and which real passage it copies."""
        count = len(self.small.passages)
        self.whole = self.size // count
        copy, seed = np.divmod(np.arange(self.size), count)
        english = np.flatnonzero(self.small.columns.languages == "en")
        more, place = np.divmod(np.arange(self.size - self.whole * count), len(english))
        copy[self.whole * count :] = self.whole + more
        seed[self.whole * count :] = english[place]
        return copy, seed

    def _passage(self, row: int) -> IndexedPassage:
        copy = int(self.copy[row])
        real = self.small.passages[self.seed[row]]
        names = {name: f"{getattr(real, name)}~{copy}" for name in ("family", "document", "text")}
        return replace(real, id=row + 1, **(names if copy else {}))

    def _lemmas(self) -> list[list[str]]:
        known = defaultdict(set)
        for passage, words in zip(self.small.passages, self.small.lemmas, strict=True):
            known[passage.language].update(words)
        others = {language: sorted(words) for language, words in known.items()}
        made = []
        for row in range(self.size):
            seed = self.seed[row]
            words = list(self.small.lemmas[seed])
            if self.copy[row]:
                of_language = others[self.small.passages[seed].language]
                changed = np.flatnonzero(self.rng.random(len(words)) < OTHER_WORDS)
                for place, other in zip(
                    changed, self.rng.integers(len(of_language), size=len(changed)), strict=True
                ):
                    words[place] = of_language[other]
            made.append(words)
        return made

    def _encoded(self) -> Encoded:
        of_small = self.small.encoded
        with_tokens = min(self.whole, COPIES_WITH_TOKENS)
        shared = self.copy % with_tokens * len(self.small.passages) + self.seed
        ends = np.concatenate([[0], of_small.ends])
        runs = [np.arange(ends[seed], ends[seed + 1]) for seed in self.seed]
        return Encoded(
            vectors=self._vectors(),
            tokens=self._tokens(with_tokens).only(shared),
            sentences=of_small.sentences.only(np.concatenate(runs)),
            ends=np.cumsum([len(run) for run in runs]),
        )

    def _vectors(self) -> StoredRows:
        real = self.small.vectors(np.arange(len(self.small.passages)))
        families = self.small.columns.families
        copies = int(self.copy.max()) + 1
        # The same two for every passage of a copied family, so that translations stay together.
        pair = self.rng.integers(len(real), size=(2, copies, families.max() + 1))
        path = self.folder / f"{self.size}.vectors"
        with path.open("wb") as file:
            for start in range(0, self.size, BLOCK):
                copy, seed = self.copy[start : start + BLOCK], self.seed[start : start + BLOCK]
                one, other = pair[:, copy, families[seed]]
                moved = MOVED * (real[one] - real[other])
                moved += AT_RANDOM * self.rng.normal(size=moved.shape).astype(np.float32)
                rows = real[seed] + moved * (copy > 0)[:, None]
                rows /= np.linalg.norm(rows, axis=1, keepdims=True)
                file.write(rows.astype(np.float32).tobytes())
        rows = np.arange(self.size)
        stored = self._read(path, np.float32).reshape(self.size, -1)
        return StoredRows([stored], np.zeros(self.size, np.int32), rows, np.ones_like(rows))

    def _tokens(self, copies: int) -> StoredRows:
        of_small, count = self.small.encoded.tokens, len(self.small.passages)
        size = copies * count
        counts = of_small.counts[np.arange(size) % count]
        path = self.folder / f"{self.size}.tokens"
        with path.open("wb") as file:
            for row in range(size):
                states = of_small[row % count]
                if row >= count:
                    step = self.rng.integers(
                        -LARGEST_STEP, LARGEST_STEP + 1, size=states.shape, dtype=np.int8
                    )
                    states = np.clip(states.astype(np.int16) + step, -127, 127).astype(np.int8)
                file.write(states.tobytes())
        stored = self._read(path, np.int8).reshape(-1, of_small[0].shape[1])
        starts = np.cumsum(counts) - counts
        return StoredRows([stored], np.zeros(size, np.int32), starts, counts)

    def _read(self, path: Path, dtype: type) -> np.ndarray:
        """Return a file as a library of this size holds it: in memory, or mapped."""
        if self.size <= EXACT_UP_TO:
            return np.fromfile(path, dtype)
        return np.asarray(np.memmap(path, dtype, "r"))
