"""In what order the correction of questions is taught its examples: batches of two lessons."""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from knowledge.adapter_examples import STARTERS, Ask, Examples, Pair

BATCH = 32
# So many batches are sorted by length among one another.
SORTED = 16

Example = TypeVar("Example", Pair, Ask)
Batch = Sequence[Pair] | Sequence[Ask]


def first(examples: Examples, epochs: int) -> list[Batch]:
    """Return all examples, shuffled anew for each of some epochs; uses the state of `random`."""
    lesson: list[Batch] = []
    for _ in range(epochs):
        batches = list(_batches(examples))
        lesson += random.sample(batches, len(batches))
    return lesson


def last(examples: Examples) -> list[Batch]:
    """Return all questions about starter documents, and as many batches of others, shuffled.

    In the first lesson these are few, and their passages stand wrong far more often than right.
    """
    own: list[Batch] = []
    others: list[Batch] = []
    for batch in _batches_of_asks(examples):
        (own if batch[0].pool in STARTERS else others).append(batch)
    lesson = own + random.sample(others, min(len(own), len(others)))
    return random.sample(lesson, len(lesson))


def _batches(examples: Examples) -> Iterator[Batch]:
    """Yield all examples once, those of like length together."""
    yield from _by_length(examples.pairs, lambda pair: len(pair[1]))
    yield from _batches_of_asks(examples)


def _batches_of_asks(examples: Examples) -> Iterator[Sequence[Ask]]:
    """Yield all questions once: each pool and language apart, and what is rendered into English."""
    groups: dict[tuple[str, str, bool], list[Ask]] = {}
    for ask in examples.asks:
        groups.setdefault((ask.pool, ask.language, bool(ask.english)), []).append(ask)
    for asks in groups.values():
        yield from _by_length(asks, lambda ask: len(ask.text))


def _by_length(
    examples: Sequence[Example], length: Callable[[Example], int]
) -> Iterator[Sequence[Example]]:
    shuffled = random.sample(examples, len(examples))
    for start in range(0, len(shuffled), BATCH * SORTED):
        part = sorted(shuffled[start : start + BATCH * SORTED], key=length)
        yield from (part[place : place + BATCH] for place in range(0, len(part), BATCH))
