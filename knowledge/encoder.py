"""Turns texts into unit vectors and token states; the only file that runs the model."""

import os
import threading
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from config.settings import keep_torch_in
from knowledge.adapter import SHIPPED, corrected, fits
from knowledge.aside import Aside, Child
from knowledge.language import normalise
from knowledge.late import Tokens, as_tokens
from knowledge.model import ModelUnavailable, read_manifest
from knowledge.together import Together
from knowledge.vectors import Vectors

PRECISIONS = ("float32", "bfloat16")

# Texts of like length are worked on together, so that padding stays small and memory bounded.
BATCH = 32
BATCH_OF_DOCUMENTS = 8
# Questions of several askers are read together up to this: some thirty texts as staff type them.
LETTERS = 4000

# A chat question is some twenty tokens; more threads than this only wait for one another.
MOST_THREADS = 4


# Tokens as they stand inside a longer text.
PLAIN = {"add_special_tokens": False, "return_attention_mask": False}

Kept = TypeVar("Kept")
Progress = Callable[[int, int], None]


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

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return the vectors of texts to be found, (n, d) float32, in the order of `texts`."""
        ...

    def questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Vectors]]:
        """Return for each question its vector, (d,) float32, and its tokens', (t, d) float32."""
        ...

    def passage_states(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[Vectors, list[Tokens]]:
        """Return the vectors of texts to be found, (n, d), and their token states, (t, d) int8."""
        ...

    def divided(self, tokens: Tokens, endings: Sequence[str]) -> list[Tokens]:
        """Return the token states of the parts, in order, that a text with `tokens` ends with."""
        ...


class SentenceEncoder:
    """The prepared sentence model, held in memory; may be shared between threads."""

    def __init__(
        self, model: Any, name: str, asking: Any = None, child: Child | None = None
    ) -> None:
        self._model = model
        self._documents = Aside(self.read_documents, child)
        self._is_asked = False
        # Questions to the library are read by a corrected copy, where there is one for this model.
        self._asking = model if asking is None else asking
        # An upload is read beside questions. Only the tokenizer is not safe to share.
        self._tokenizing = threading.Lock()
        for one in {self._model, self._asking}:
            one.preprocess = _in_turn(one.preprocess, self._tokenizing)
        turn = threading.Lock()
        self._plain = Together(self._read_plainly, turn, LETTERS)
        self._corrected = Together(self._read_corrected, turn, LETTERS)
        self.name = name
        self.dimension: int = model.get_embedding_dimension()
        self.prompt: str = model.prompts.get("query", "")
        # The mark at the begin and the prompt; the mark at the end is not counted.
        self.prompt_length = len(model.tokenizer(self.prompt.rstrip())["input_ids"]) - 1

    @property
    def inner(self) -> Any:
        """The transformer itself, for fitting."""
        return self._model[0].auto_model

    @property
    def tokenizer(self) -> Any:
        """The model's tokenizer, for fitting."""
        return self._model.tokenizer

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        precision: str = "float32",
        adapter: Path | None = SHIPPED,
        threads: int = MOST_THREADS,
        aside: bool = False,
    ) -> "SentenceEncoder":
        """Return the model in `folder`, loaded from disk without touching the network.

        Args:
            folder: A folder that `knowledge.model.prepare` made.
            precision: float32 or bfloat16; decision 0002 compares them.
            adapter: Correction for questions to the library; left out where it was not fitted to
                this model, or is None.
            threads: The most that it works with.
            aside: Whether a child process reads long documents, as questions are asked meanwhile.

        Raises:
            ModelUnavailable: The folder is not a prepared model or is damaged, or no such precision
                exists.
        """
        if precision not in PRECISIONS:
            message = f"precision {precision!r} is not one of {', '.join(PRECISIONS)}"
            raise ModelUnavailable(message)
        manifest = read_manifest(folder)
        keep_torch_in(folder.absolute().parent)
        # Here and not above: loading these takes seconds, and most commands need no model.
        import torch  # noqa: PLC0415
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        from transformers.utils import logging as transformers_logging  # noqa: PLC0415

        transformers_logging.disable_progress_bar()
        torch.set_num_threads(min(threads, _processors()))
        try:
            model = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                model_kwargs={"dtype": getattr(torch, precision)},
            )
        except Exception as error:  # a damaged file fails as each of four libraries sees fit
            message = (
                f"the model in {folder} is damaged ({type(error).__name__}); "
                "remove the folder, and `make run` prepares it again"
            )
            raise ModelUnavailable(message) from error
        model.eval()
        asking = corrected(model, adapter) if adapter and fits(adapter, manifest.model) else None
        name = f"{manifest.model}/{manifest.digest[:12]}/{precision}"
        return cls(model, name, asking, Child(folder, precision) if aside else None)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, (n, d) float32, in the order of `texts`."""
        read = self._plain(texts)
        return np.stack(read) if read else np.empty((0, self.dimension), dtype=np.float32)

    def questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Vectors]]:
        """Return for each question its vector, (d,) float32, and its tokens', (t, d) float32."""
        self._is_asked = True
        return list(self._corrected(texts))

    def _read_plainly(self, texts: Sequence[str]) -> list[Vectors]:
        return list(self._encode(partial(self._batch, self._model.encode_query), texts, BATCH)[0])

    def _read_corrected(self, texts: Sequence[str]) -> list[tuple[Vectors, Vectors]]:
        def own(states: Vectors) -> Vectors:
            # Prompt and end mark are near everything alike; without them late interaction found
            # .02 more on average (decision 0003).
            return (
                states[self.prompt_length : -1] if len(states) > self.prompt_length + 1 else states
            )

        work = partial(self._batch, self._asking.encode_query, keep=own)
        vectors, tokens = self._encode(work, texts, BATCH)
        return list(zip(vectors, tokens, strict=True))

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return the vectors of texts to be found, (n, d) float32, in the order of `texts`.

        Args:
            texts: Any texts; what lies beyond 512 tokens does not count.
            progress: Told after each batch how many texts are done, and how many there are.
        """
        return self._read(texts, progress, with_tokens=False)[0]

    def passage_states(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[Vectors, list[Tokens]]:
        """Return the vectors of texts to be found, (n, d), and their token states, (t, d) int8.

        Args:
            texts: As in `passages`.
            progress: As in `passages`.
        """
        return self._read(texts, progress, with_tokens=True)

    def divided(self, tokens: Tokens, endings: Sequence[str]) -> list[Tokens]:
        """Return the token states of the parts, in order, that a text with `tokens` ends with.

        Args:
            tokens: As `passage_states` made them for the text.
            endings: The last parts of the text, up to its end; what was cut off has no states.
        """
        with self._tokenizing:
            read = self._model.tokenizer([normalise(part) for part in endings], **PLAIN)
        counts = [len(part) for part in read["input_ids"]]
        # The mark at the end stands after all of them.
        ends = len(tokens) - 1 - sum(counts) + np.cumsum([0, *counts])
        ends = np.clip(ends, 0, len(tokens))
        return [tokens[start:end] for start, end in pairwise(ends)]

    def read_documents(
        self, texts: Sequence[str], with_tokens: bool
    ) -> tuple[Vectors, list[Tokens]]:
        """Return the vectors of cleaned texts, (n, d), and if wanted their token states, int8."""
        return self._batch(self._model.encode_document, texts, as_tokens if with_tokens else None)

    def _read(
        self, texts: Sequence[str], progress: Progress | None, *, with_tokens: bool
    ) -> tuple[Vectors, list[Tokens]]:
        # Before the first question nobody is held up, and a first start is over sooner.
        work = self._documents.reader(len(texts) if self._is_asked else 0, with_tokens)
        return self._encode(work, texts, BATCH_OF_DOCUMENTS, progress)

    def _encode(
        self,
        work: Callable[[Sequence[str]], tuple[Vectors, list[Kept]]],
        texts: Sequence[str],
        batch: int,
        progress: Progress | None = None,
    ) -> tuple[Vectors, list[Kept]]:
        """Return what `work` makes of cleaned texts, some at a time, in the order of `texts`."""
        clean = [normalise(text) for text in texts]
        longest_first = sorted(range(len(clean)), key=lambda place: -len(clean[place]))
        vectors = np.zeros((len(clean), self.dimension), dtype=np.float32)
        kept: dict[int, Kept] = {}
        for start in range(0, len(clean), batch):
            places = longest_first[start : start + batch]
            vectors[places], states = work([clean[place] for place in places])
            kept.update(zip(places, states, strict=False))
            if progress is not None:
                progress(min(start + batch, len(clean)), len(clean))
        return vectors, [kept[place] for place in sorted(kept)]

    def _batch(
        self,
        encode: Callable[..., Any],
        texts: Sequence[str],
        keep: Callable[[Vectors], Kept] | None = None,
    ) -> tuple[Vectors, list[Kept]]:
        """Return the vectors of a few texts, and what is kept of the token states of each."""
        made = encode(texts, batch_size=len(texts), show_progress_bar=False, output_value=None)
        # In bfloat16 the model's own unit length is off by up to a hundredth.
        vectors = _unit(np.stack([one["sentence_embedding"].float().numpy() for one in made]))
        if keep is None:
            return vectors, []
        counts = [int(one["attention_mask"].sum()) for one in made]
        states = [
            one["token_embeddings"][:count].float().numpy()
            for one, count in zip(made, counts, strict=True)
        ]
        return vectors, [keep(_unit(own)) for own in states]


def _in_turn(work: Callable[..., Kept], lock: threading.Lock) -> Callable[..., Kept]:
    """Return `work`, done by one thread at a time."""

    def done(*args: Any, **options: Any) -> Kept:
        with lock:
            return work(*args, **options)

    return done


def _unit(rows: Vectors) -> Vectors:
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(min=1e-12)
    return unit


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
