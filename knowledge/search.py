"""A question -> the passages that answer it best, with their quotations, or an honest no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from knowledge.gate import Evidence, Gate
from knowledge.index import LONGEST_QUOTE, Index, View
from knowledge.language import (
    detect,
    fold,
    lemmas,
    normalise,
    restore_diacritics,
    split,
    to_latin,
)
from knowledge.quotes import quote
from knowledge.ranking import Scores, best_first, first_of_each, fuse, support

if TYPE_CHECKING:
    from datetime import date

    from knowledge.encoder import Encoder
    from knowledge.vectors import Vectors

# A question longer than a chat message is cut: what follows would only blur it.
LONGEST_QUESTION = 2000
# So many by meaning and by words are weighed against each other; the rest is out of reach.
CANDIDATES = 200
# The gate looks at as many passages as an answer shows, however many are asked for.
JUDGED = 3
INSIDE = ("sq", "sr", "en")

ANSWERED, ABSTAINED = "answered", "abstained"


@dataclass(frozen=True)
class Hit:
    """A passage that may answer, with all that a citation names.

    `quote` is a verbatim part of `passage`, which is the whole text as stored.
    """

    document: str
    family: str
    title: str
    section: str
    page: int | None
    version: int
    language: str
    kind: str
    audience: tuple[str, ...]
    review: str
    valid_from: date | None
    quote: str
    passage: str
    score: float
    script: str


@dataclass(frozen=True)
class Found:
    """What a search came to: answered, partly or abstained, and its hits, best first.

    `answerable` is true for answered and partly. `language` (sq, sr, en, or empty when there was
    no telling) is the one in which the question was read.
    """

    status: str
    answerable: bool
    hits: tuple[Hit, ...]
    language: str


@dataclass(frozen=True)
class Question:
    """A question made ready: cleaned, in a known language and script."""

    text: str
    language: str
    script: str


def prepare(text: str, language: str = "", script: str = "") -> Question:
    """Return the question cleaned and capped, with its language and script found if not given.

    Args:
        text: As typed.
        language: sq, sr-Latn, sr-Cyrl, en, or sr; empty to tell from the text.
        script: Latn or Cyrl; empty to tell from the text.

    Raises:
        UnknownLanguage: There is no such language.
    """
    clean = normalise(text[: 2 * LONGEST_QUESTION])[:LONGEST_QUESTION]
    if language and language not in INSIDE:
        language, script = split(language)
    if not language or not script:
        detected = detect(clean)
        # A guess is not enough: it would hide the texts in the asker's true language.
        language = language or (detected.language if detected.certain else None) or ""
        script = script or detected.script
    return Question(clean, language, script)


def search(
    index: Index,
    encoder: Encoder,
    gate: Gate | None,
    question: Question,
    limit: int,
    *,
    every_passage: bool = False,
) -> Found:
    """Return the best passages for a question, at most `limit`.

    The same question over the same index gives the same hits in the same order.

    Args:
        index: What answers now.
        encoder: The model that made the index.
        gate: Judges whether the passages answer; None lets everything pass.
        question: As `prepare` made it.
        limit: The most hits.
        every_passage: Whether a section may be hit by several of its passages.
    """
    view = index.view(question.language, question.script)
    if not question.text or not len(view.rows):
        return Found(ABSTAINED, answerable=False, hits=(), language=question.language)
    spelled = to_latin(question.text)
    if question.language:
        spelled = restore_diacritics(spelled, question.language)
    vector = encoder.queries([spelled])[0]
    words = lemmas(spelled, question.language) if question.language else fold(spelled).split()
    word_scores = view.words.scores(words)
    places, scores = _rank(index, view, vector, word_scores)
    fitting = _of_one_language(index, view, places)
    sections = _first_of_each_section(index, view, fitting, max(limit, JUDGED))
    shown = fitting if every_passage else sections
    status = ANSWERED
    if gate is not None:
        judged = [index.passages[view.rows[place]].id for place in sections[:JUDGED]]
        covered = {word for passage in judged for word in index.lemmas_of[passage]}
        evidence = _evidence(view, vector, words, covered, float(max(word_scores)))
        status = gate.judge(evidence)
    rows = [(int(view.rows[place]), float(scores[place])) for place in shown[:limit]]
    hits = tuple(_hit(index, row, score, vector) for row, score in rows)
    return Found(status, status != ABSTAINED, hits, question.language)


def _rank(
    index: Index, view: View, vector: Vectors, word_scores: Scores
) -> tuple[list[int], Scores]:
    """Return the places of the candidates in `view`, best first, and the scores of all places."""
    by_words = np.array(best_first(word_scores)[:CANDIDATES], dtype=np.int64)
    by_words = by_words[word_scores[by_words] > 0]
    candidates = np.union1d(view.nearest.nearest(vector, CANDIDATES), by_words)
    own = view.vectors[candidates] @ vector
    # What a document says in its other languages tells whether it is about this at all: half of
    # the score, measured with the word weight.
    near = support(index.vectors[view.voices] @ vector, view.voice_families, view.family_count)
    meaning: Scores = (own + near[view.families[candidates]]) / np.float32(2)
    fused = fuse(meaning, word_scores[candidates], float(word_scores.max()))
    scores = np.full(len(view.rows), -1.0, dtype=np.float32)
    scores[candidates] = fused
    return [int(candidates[place]) for place in best_first(fused)], scores


def _of_one_language(index: Index, view: View, places: list[int]) -> list[int]:
    """Return `places` without what a family says in a second document, order kept."""
    spoken: dict[str, str] = {}
    fitting: list[int] = []
    for place in places:
        passage = index.passages[view.rows[place]]
        # Matters where the asker's language is unknown, or a family lacks it but has two others.
        if spoken.setdefault(passage.family, passage.document) == passage.document:
            fitting.append(place)
    return fitting


def _first_of_each_section(index: Index, view: View, places: list[int], limit: int) -> list[int]:
    passages = [index.passages[view.rows[place]] for place in places]
    sections = [(passage.document, passage.section) for passage in passages]
    return [places[i] for i in first_of_each(range(len(places)), sections, limit)]


def _evidence(
    view: View, vector: Vectors, words: list[str], covered: set[str], word_score: float
) -> Evidence:
    nearest = view.vectors[view.nearest.nearest(vector, 2)] @ vector
    return Evidence(
        query_vector=vector,
        best=float(nearest[0]),
        second=float(nearest[1]) if len(nearest) > 1 else 0.0,
        mean=float(view.mean @ vector),
        word_score=word_score,
        covered=sum(word in covered for word in words) / max(len(words), 1),
        words=len(words),
    )


def _hit(index: Index, row: int, score: float, vector: Vectors) -> Hit:
    passage = index.passages[row]
    sentences = index.sentence_vectors.get(row)
    similarities = [] if sentences is None else [float(value) for value in sentences @ vector]
    return Hit(
        document=passage.document,
        family=passage.family,
        title=passage.title,
        section=passage.section,
        page=passage.page,
        version=passage.version,
        language=passage.language,
        kind=passage.kind,
        audience=passage.audience,
        review=passage.review,
        valid_from=passage.valid_from,
        quote=quote(passage.text, LONGEST_QUOTE, similarities),
        passage=passage.text,
        score=round(score, 4),
        script=passage.script,
    )
