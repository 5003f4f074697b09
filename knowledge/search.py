"""A question -> the passages that answer it best, with their quotations, or an honest no."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from knowledge.asking import Asked, Question, Rendering, read
from knowledge.gate import Evidence, Gate
from knowledge.index import LONGEST_QUOTE, Index, View, as_encoded
from knowledge.picking import pick
from knowledge.quotes import quote
from knowledge.ranking import (
    FIRST_WORDS,
    FULL,
    LOOKED_AT,
    Numbers,
    Recipe,
    Scores,
    best_first,
    first_of_each,
    mixed,
    shares,
    two_best,
)
from knowledge.refusals import refused_as
from knowledge.sentences import spans

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from knowledge.encoder import Encoder
    from knowledge.glossary import Glossary
    from knowledge.vectors import Vectors

# So many by meaning and by words are weighed against each other; the rest is out of reach.
CANDIDATES = 200
# The gate looks at as many passages as an answer shows, however many are asked for.
JUDGED = 3
# Beside the first passage it looks at the tenth: a question of ours stands out.
TENTH = 10
# Of so many hits the sentences that answer are picked out: nobody reads on from there.
READ_CLOSELY = 10
ANSWERED, ABSTAINED = "answered", "abstained"


@dataclass(frozen=True)
class Hit:
    """A passage that may answer, with all that a citation names.

    `quote` is a verbatim part of `passage`, which is the whole text as stored. `place` tells which
    passage of its version it is, counted from 1. `out_of_date` says that `valid_until` is over, and
    that its document is shown nevertheless. `sentences` are those of the quote that answer, in its
    order; the later hits of a long list have none.
    """

    document: str
    family: str
    title: str
    section: str
    page: int | None
    place: int
    version: int
    language: str
    kind: str
    audience: tuple[str, ...]
    review: str
    valid_from: date | None
    valid_until: date | None
    out_of_date: bool
    quote: str
    passage: str
    score: float
    script: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a search came to: answered, partly or abstained, and its hits, best first.

    `answerable` is true for answered and partly. `language` (sq, sr, en, or empty when there was
    no telling) is the one in which the question was read. `refused` is the kind of question that is
    never answered, whatever the documents say; mostly empty.
    """

    status: str
    answerable: bool
    hits: tuple[Hit, ...]
    language: str
    refused: str = ""


@dataclass(frozen=True)
class Searcher:
    """What a search works with, besides the index and the question.

    Attributes:
        encoder: The model that made the index.
        gate: Judges whether the passages answer; None lets everything pass.
        glossary: Puts the question word for word into the languages of other documents.
        recipe: How much each sign counts.
    """

    encoder: Encoder
    gate: Gate | None
    glossary: Glossary
    recipe: Recipe = FULL

    def search(
        self, index: Index, question: Question, limit: int, *, every_passage: bool = False
    ) -> Found:
        """Return the best passages for a question, at most `limit`.

        The same question over the same index gives the same hits in the same order.

        Args:
            index: What answers now.
            question: As `prepare` made it.
            limit: The most hits.
            every_passage: Whether a section may be hit by several of its passages.
        """
        view = index.view(question.language, question.script)
        if not question.text or not len(view.rows):
            return Found(ABSTAINED, answerable=False, hits=(), language=question.language)
        glossary = self.glossary if self.recipe.rendering else None
        asked = read(question, self.encoder, glossary, view.foreign)
        word_scores = view.words.scores(asked.own)
        for names in asked.foreign:
            word_scores = word_scores + view.words.scores_of_names(names)
        places, scores = self._rank(index, view, asked, word_scores)
        fitting = _of_one_language(index, view, places)
        sections = _first_of_each_section(index, view, fitting, max(limit, JUDGED))
        shown = fitting if every_passage else sections
        status = ANSWERED
        refused = "" if self.gate is None else refused_as(question.text, index.names)
        if refused:
            status = ABSTAINED
        elif self.gate is not None:
            judged = [index.passages[view.rows[place]].id for place in sections[:JUDGED]]
            covered = {word for passage in judged for word in index.lemmas_of[passage]}
            best = [float(scores[place]) for place in (places[0], places[:TENTH][-1])]
            status = self.gate.judge(_evidence(view, asked, covered, best))
        rows = [(int(view.rows[place]), float(scores[place])) for place in shown[:limit]]
        hits = [_hit(index, row, score, asked.vector) for row, score in rows]
        for place, (row, _) in enumerate(rows[:READ_CLOSELY]):
            sentences = self._answering(index, row, asked, hits[place].quote)
            hits[place] = replace(hits[place], sentences=sentences)
        return Found(status, status != ABSTAINED, tuple(hits), question.language, refused)

    def _answering(self, index: Index, row: int, asked: Asked, shown: str) -> tuple[str, ...]:
        """Return the sentences of a passage that answer, as far as they are shown."""
        passage = index.passages[row]
        sentences = [passage.text[start:end] for start, end in spans(passage.text)]
        read_as = [as_encoded(sentence, passage.language) for sentence in sentences]
        states = self.encoder.divided(index.tokens.of(row), read_as)
        chosen = [sentences[number] for number in pick(asked.tokens, states)]
        return tuple(sentence for sentence in chosen if sentence in shown)

    def _rank(
        self, index: Index, view: View, asked: Asked, word_scores: Scores
    ) -> tuple[list[int], Scores]:
        """Return the places of the candidates, best first, and the scores of all places."""
        recipe = self.recipe
        by_words = np.array(best_first(word_scores)[:CANDIDATES], dtype=np.int64)
        by_words = by_words[word_scores[by_words] > 0]
        candidates = np.union1d(view.nearest.nearest(asked.vector, CANDIDATES), by_words)
        for rendering in asked.renderings.values():
            by_rendering = view.nearest.nearest(rendering.vector, CANDIDATES)
            candidates = np.union1d(candidates, by_rendering)
        families = view.families[candidates]
        # What a document says in its other languages tells whether it is about this at all.
        voices = index.vectors[view.voices] @ asked.vector
        first, second = two_best(voices, view.voice_families, view.family_count)
        vectors = view.vectors[candidates]
        own = self._rendered(view, asked, candidates, lambda one: vectors @ one.vector)
        meaning = _shared(own, voices[first][families], voices[second][families], recipe.others)
        words = shares(word_scores[candidates], float(word_scores.max()))
        foreign = recipe.foreign * view.is_foreign[candidates]
        fused = recipe.meaning * meaning + recipe.words * words + foreign
        if recipe.tokens:
            first_stage = meaning + FIRST_WORDS * words + recipe.meaning * foreign
            seen = np.array(best_first(first_stage)[:LOOKED_AT])
            rows = view.rows[candidates[seen]]
            late = self._rendered(
                view, asked, candidates[seen], lambda one: index.tokens.nearness(one.tokens, rows)
            )
            # Each family once, in the order of its number.
            spoken, place = np.unique(families[seen], return_inverse=True)
            near = [
                index.tokens.nearness(asked.tokens, view.voices[one[spoken]])
                for one in (first, second)
            ]
            late = _shared(late, near[0][place], near[1][place], recipe.others)
            # What is not looked at stays behind what is.
            fused[seen] += np.float32(recipe.tokens) * (late + 1)
        scores = np.full(len(view.rows), -1.0, dtype=np.float32)
        scores[candidates] = fused
        return [int(candidates[place]) for place in best_first(fused)], scores

    def _rendered(
        self,
        view: View,
        asked: Asked,
        places: Numbers,
        nearness: Callable[[Asked | Rendering], Scores],
    ) -> Scores:
        """Return the nearness of `places`, mixed with that of the question in their language."""
        near = nearness(asked)
        for language, rendering in asked.renderings.items():
            where = view.foreign[language][places]
            near = mixed(near, nearness(rendering), where, self.recipe.rendering)
        return near


def _shared(own: Scores, first: Scores, second: Scores, share: float) -> Scores:
    shared: Scores = own * np.float32(1 - share) + (first + second) * np.float32(share / 2)
    return shared


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


def _evidence(view: View, asked: Asked, covered: set[str], best: list[float]) -> Evidence:
    nearest = view.vectors[view.nearest.nearest(asked.vector, 2)] @ asked.vector
    return Evidence(
        query_vector=asked.vector,
        best=float(nearest[0]),
        second=float(nearest[1]) if len(nearest) > 1 else 0.0,
        mean=float(view.mean @ asked.vector),
        fused=best[0],
        tenth=best[1],
        covered=sum(word in covered for word in asked.own) / max(len(asked.own), 1),
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
        place=passage.place,
        version=passage.version,
        language=passage.language,
        kind=passage.kind,
        audience=passage.audience,
        review=passage.review,
        valid_from=passage.valid_from,
        valid_until=passage.valid_until,
        out_of_date=passage.out_of_date,
        quote=quote(passage.text, LONGEST_QUOTE, similarities),
        passage=passage.text,
        score=round(score, 4),
        script=passage.script,
    )
