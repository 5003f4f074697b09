"""Passages -> their index, made anew, or from the one before where that is large."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np

from knowledge.index import Encoded, Index, IndexedPassage
from knowledge.language import lemmas, to_latin
from knowledge.row_files import Numbers
from knowledge.sentences import spans
from knowledge.state_cache import StateCache
from knowledge.vectors import EXACT_UP_TO, NearestVectors
from knowledge.words import WordIndex

# A quotation longer than this is no quotation; longer passages are quoted in part, and only their
# sentences are encoded. Sentence vectors in the ranking itself gained nothing in our trial: mean
# reciprocal rank .550 without them, .550 with a weight of .2, .536 with .3, .500 with .5 (tune half
# of tests/questions/starter.jsonl, 25 questions in four language forms, by meaning only).
LONGEST_QUOTE = 700

Progress = Callable[[int, int], None]


def build(
    passages: Sequence[IndexedPassage],
    cache: StateCache,
    *,
    before: Index | None = None,
    progress: Progress | None = None,
    exact_up_to: int = EXACT_UP_TO,
) -> Index:
    """Return the index over `passages`, encoding only texts that the cache has not seen.

    Args:
        passages: What answers now, in a fixed order.
        cache: Vectors and token states made earlier; it makes those that are new.
        before: The index until now; what it knows of a passage's words is taken over.
        progress: Told how many new texts are encoded, and how many there are.
        exact_up_to: More passages than this are searched by clusters, and share their words.
    """
    encoded = _encode(passages, cache, progress)
    known: dict[int, Sequence[str]] = {}
    if before is not None:
        ids = (passage.id for passage in before.passages)
        known = dict(zip(ids, before.lemmas, strict=True))
    words = [known.get(passage.id) or _lemmas(passage) for passage in passages]
    nearest = NearestVectors(encoded.vectors, exact_up_to=exact_up_to)
    return Index(passages, words, encoded, nearest, None if nearest.is_exact else WordIndex(words))


def change(
    before: Index,
    passages: Sequence[IndexedPassage],
    cache: StateCache,
    progress: Progress | None = None,
) -> Index:
    """Return an index by clusters changed so that `passages` answer, and nothing else.

    Only what is new is encoded and looked at; it stands behind what was there. What no longer
    answers stays in its place and is not shown.

    Args:
        before: The index until now; it is not exact.
        passages: What answers now.
        cache: As for `build`.
        progress: As for `build`.
    """
    known, now = _names(before.passages), _names(passages)
    new = [passages[int(place)] for place in np.flatnonzero(~np.isin(now, known))]
    encoded = before.encoded.joined(_encode(new, cache, progress))
    words = [*before.lemmas, *map(_lemmas, new)]
    settled = before.nearest.settled
    return Index(
        [*before.passages, *new],
        words,
        encoded,
        before.nearest.extended(encoded.vectors),
        before.words and before.words.extended(words[settled:]),
        np.isin(np.concatenate([known, _names(new)]), now),
    )


def texts_to_encode(title: str, section: str, text: str, language: str) -> list[str]:
    """Return what the encoder is given for a passage: itself, then its sentences if it is long.

    Title and heading trail go in front, in the document's own language: mean reciprocal rank .508
    with the text alone, .516 with the trail, .550 with both. Serbian is folded to Latin: .516
    against .464 in its own script (same questions as above, by meaning only).
    """
    heading = " › ".join(part for part in (title, section) if part)
    whole = as_encoded(f"{heading}\n{text}", language)
    if len(text) <= LONGEST_QUOTE:
        return [whole]
    return [whole, *(as_encoded(text[start:end], language) for start, end in spans(text))]


def as_encoded(text: str, language: str) -> str:
    """Return a text as the encoder is given it: Serbian in Latin, the rest as it stands."""
    return to_latin(text) if language == "sr" else text


def _names(passages: Sequence[IndexedPassage]) -> Numbers:
    # What goes out of date is another passage from then on: it is shown with a mark.
    named = [-passage.id if passage.out_of_date else passage.id for passage in passages]
    return np.array(named, dtype=np.int64)


def _encode(
    passages: Sequence[IndexedPassage], cache: StateCache, progress: Progress | None
) -> Encoded:
    texts = [texts_to_encode(p.title, p.section, p.text, p.language) for p in passages]
    cache.make(texts, progress)
    whole = [text for text, *_ in texts]
    return Encoded(
        vectors=cache.vectors(whole),
        tokens=cache.tokens(whole),
        sentences=cache.vectors([sentence for _, *some in texts for sentence in some]),
        ends=np.cumsum([len(group) - 1 for group in texts], dtype=np.int64),
    )


def _lemmas(passage: IndexedPassage) -> list[str]:
    # Without the title: it returns in every passage of a document and tells none of them apart.
    # Each word is held in memory once, however many passages have it.
    return [*map(sys.intern, lemmas(f"{passage.section}\n{passage.text}", passage.language))]
