"""The part of a passage to show: all of it, or the whole sentences that answer best."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.sentences import spans


def quote(text: str, limit: int, similarities: Sequence[float] | NDArray[np.float32]) -> str:
    """Return the best verbatim part of `text` of at most `limit` characters.

    A text within the limit is returned whole. From a longer one the sentence most like the
    question is taken, and the better of its neighbours again and again while there is room.

    Args:
        text: The passage as stored.
        limit: The most characters to return.
        similarities: How like the question each sentence of `text` is, in order.
    """
    if len(text) <= limit:
        return text
    places = spans(text)
    first = last = int(np.argmax(similarities[: len(places)]))
    while True:
        sides = []
        if first > 0 and places[last][1] - places[first - 1][0] <= limit:
            sides.append((similarities[first - 1], first - 1, last))
        if last + 1 < len(places) and places[last + 1][1] - places[first][0] <= limit:
            sides.append((similarities[last + 1], first, last + 1))
        if not sides:
            break
        _, first, last = max(sides)
    return text[places[first][0] : places[last][1]][:limit]


def pieces(text: str, sentences: Sequence[str]) -> list[tuple[str, bool]]:
    """Return `text` in pieces, in order, each with whether it is one of `sentences`.

    Args:
        text: A quotation.
        sentences: Some of its sentences, in its order.
    """
    found: list[tuple[str, bool]] = []
    start = 0
    for sentence in sentences:
        at = text.find(sentence, start)
        if at < 0:
            continue
        found += [(text[start:at], False), (sentence, True)]
        start = at + len(sentence)
    return [piece for piece in (*found, (text[start:], False)) if piece[0]]
