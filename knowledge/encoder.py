"""Turns texts into unit vectors; the only file that runs the model."""

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.language import normalise
from knowledge.model import ModelUnavailable, read_manifest

Vectors = NDArray[np.float32]

PRECISIONS = ("float32", "bfloat16")

# Texts of like length are worked on together, so that padding stays small and memory bounded.
BATCH = 32
# A question may have to wait for one batch of a long upload: half a second of work, not three.
BATCH_OF_DOCUMENTS = 8
# An upload gives way to questions before each batch, but no longer than this.
LONGEST_WAIT_S = 2.0

# A chat question is some twenty tokens; more threads than this only wait for one another.
MOST_THREADS = 4


class Encoder(Protocol):
    """Anything that turns texts into unit vectors of one space."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    @property
    def name(self) -> str:
        """What made the vectors; vectors of different names must not be compared."""
        ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, (n, d) float32, in the order of `texts`."""
        ...

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Return the vectors of texts to be found, (n, d) float32, in the order of `texts`."""
        ...


class SentenceEncoder:
    """The prepared sentence model, held in memory; may be shared between threads."""

    def __init__(self, model: Any, name: str) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._asking = threading.Condition()
        self._questions = 0
        self.name = name
        self.dimension: int = model.get_embedding_dimension()

    @classmethod
    def open(cls, folder: Path, *, precision: str = "float32") -> "SentenceEncoder":
        """Return the model in `folder`, loaded from disk without touching the network.

        Args:
            folder: A folder that `knowledge.model.prepare` made.
            precision: float32 or bfloat16; decision 0002 compares them.

        Raises:
            ModelUnavailable: The folder is not a prepared model, or no such precision exists.
        """
        if precision not in PRECISIONS:
            message = f"precision {precision!r} is not one of {', '.join(PRECISIONS)}"
            raise ModelUnavailable(message)
        manifest = read_manifest(folder)
        # Here and not above: loading these takes seconds, and most commands need no model.
        import torch  # noqa: PLC0415
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        from transformers.utils import logging as transformers_logging  # noqa: PLC0415

        transformers_logging.disable_progress_bar()
        torch.set_num_threads(min(MOST_THREADS, _processors()))
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": getattr(torch, precision)},
        )
        return cls(model.eval(), f"{manifest.model}/{manifest.digest[:12]}/{precision}")

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, (n, d) float32, in the order of `texts`."""
        with self._asking:
            self._questions += 1
        try:
            return self._encode(self._model.encode_query, texts, BATCH, lambda _done: None)
        finally:
            with self._asking:
                self._questions -= 1
                self._asking.notify_all()

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Return the vectors of texts to be found, (n, d) float32, in the order of `texts`.

        Args:
            texts: Any texts; what lies beyond 512 tokens does not count.
            progress: Told after each batch how many texts are done, and how many there are.
        """

        def between(done: int) -> None:
            if progress is not None:
                progress(done, len(texts))
            with self._asking:
                self._asking.wait_for(lambda: not self._questions, timeout=LONGEST_WAIT_S)

        return self._encode(self._model.encode_document, texts, BATCH_OF_DOCUMENTS, between)

    def _encode(
        self,
        encode: Callable[..., NDArray[Any]],
        texts: Sequence[str],
        batch: int,
        between: Callable[[int], None],
    ) -> Vectors:
        clean = [normalise(text) for text in texts]
        longest_first = sorted(range(len(clean)), key=lambda place: -len(clean[place]))
        vectors = np.zeros((len(clean), self.dimension), dtype=np.float32)
        for start in range(0, len(clean), batch):
            places = longest_first[start : start + batch]
            # The tokenizer is not safe to share, and two passes at once would only halve the speed.
            with self._lock:
                vectors[places] = encode(
                    [clean[place] for place in places],
                    batch_size=batch,
                    show_progress_bar=False,
                    convert_to_numpy=True,
                )
            between(min(start + batch, len(clean)))
        # In bfloat16 the model's own unit length is off by up to a hundredth.
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True).clip(min=1e-12)
        return vectors


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
