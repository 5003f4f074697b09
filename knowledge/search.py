"""A question -> the passages that answer it best, with their quotations, or an honest no."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from knowledge.asking import Asked, Question, Rendering, read
from knowledge.gate import Evidence, Gate
from knowledge.index import Index
from knowledge.indexing import LONGEST_QUOTE, as_encoded
from knowledge.late import nearness
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
)
from knowledge.refusals import refused_as
from knowledge.sentences import spans
from knowledge.voices import Voices, voices_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from knowledge.encoder import Encoder
    from knowledge.glossary import Glossary
    from knowledge.vectors import Vectors
    from knowledge.views import View

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

        The same question over the same index, asked alone, gives the same hits in the same order.

        Args:
            index: What answers now.
            question: As `prepare` made it.
            limit: The most hits.
            every_passage: Whether a section may be hit by several of its passages.
        """
        if not question.text or not index.answering.any():
            return Found(ABSTAINED, answerable=False, hits=(), language=question.language)
        view = index.view(question.language, question.script)
        glossary = self.glossary if self.recipe.rendering or self.recipe.names else None
        asked = read(question, self.encoder, glossary, view.foreign)
        scores, plain, nearest = self._rank(index, view, asked, question.role)
        fitting = _of_one_language(index, scores)
        sections = _first_of_each_section(index, fitting, max(limit, JUDGED))
        shown = fitting if every_passage else sections
        status = ANSWERED
        refused = "" if self.gate is None else refused_as(question.text, index.names)
        if refused:
            status = ABSTAINED
        elif self.gate is not None:
            covered = {word for row in sections[:JUDGED] for word in index.lemmas[row]}
            near = index.vectors(nearest[:2]) @ asked.vector
            status = self.gate.judge(_evidence(view, asked, covered, plain, near))
        hits = [_hit(index, row, scores[row], asked.vector) for row in shown[:limit]]
        for place, row in enumerate(shown[:limit][:READ_CLOSELY]):
            sentences = self._answering(index, row, asked, hits[place].quote)
            hits[place] = replace(hits[place], sentences=sentences)
        return Found(status, status != ABSTAINED, tuple(hits), question.language, refused)

    def _answering(self, index: Index, row: int, asked: Asked, shown: str) -> tuple[str, ...]:
        """Return the sentences of a passage that answer, as far as they are shown."""
        passage = index.passages[row]
        sentences = [passage.text[start:end] for start, end in spans(passage.text)]
        read_as = [as_encoded(sentence, passage.language) for sentence in sentences]
        states = self.encoder.divided(index.encoded.tokens[row], read_as)
        chosen = [sentences[number] for number in pick(asked.tokens, states)]
        return tuple(sentence for sentence in chosen if sentence in shown)

    def _rank(
        self, index: Index, view: View, asked: Asked, role: str
    ) -> tuple[dict[int, float], list[float], Numbers]:
        """Return the scores, those for just anybody, and the nearest rows; all best first."""
        recipe = self.recipe
        word_scores = view.word_scores(asked.own, asked.foreign if recipe.names else ())
        sharing = np.flatnonzero(word_scores)
        by_words = sharing[best_first(word_scores[sharing], CANDIDATES)]
        nearest = view.nearest.nearest(asked.vector, CANDIDATES)
        candidates = np.union1d(nearest, by_words)
        for rendering in asked.renderings.values():
            by_rendering = view.nearest.nearest(rendering.vector, CANDIDATES)
            candidates = np.union1d(candidates, by_rendering)
        # What a document says in its other languages tells whether it is about this at all.
        voices = voices_of(index, view, asked.vector, candidates)
        vectors = index.vectors(candidates)
        own = self._rendered(view, asked, candidates, lambda one: vectors @ one.vector)
        meaning = voices.mixed_into(
            own, lambda rows: index.vectors(rows) @ asked.vector, recipe.others
        )
        words = shares(word_scores[candidates], float(word_scores.max()))
        fused = recipe.meaning * meaning + recipe.words * words
        if recipe.tokens:
            first_stage = meaning + FIRST_WORDS * words
            seen = np.array(best_first(first_stage, LOOKED_AT))
            late = self._late(index, view, asked, candidates[seen], voices.only(seen))
            # What is not looked at stays behind what is.
            fused[seen] += np.float32(recipe.tokens) * (late + 1)
        order = best_first(fused)
        # What is meant for a role does not answer any better for that.
        plain = fused[order].tolist()
        if role:
            fused += np.float32(recipe.role) * index.meant_for(role, candidates)
            order = best_first(fused)
        return {int(candidates[place]): float(fused[place]) for place in order}, plain, nearest

    def _late(
        self,
        index: Index,
        view: View,
        asked: Asked,
        rows: Numbers,
        voices: Voices,
    ) -> Scores:
        """Return the nearness of `rows` token by token, with that of what speaks for them."""
        tokens = index.encoded.tokens
        own = self._rendered(view, asked, rows, lambda one: nearness(one.tokens, tokens, rows))

        def near(spoken: Numbers) -> Scores:
            # Many passages of a family are spoken for by the same one.
            once, place = np.unique(spoken, return_inverse=True)
            return nearness(asked.tokens, tokens, once)[place]

        return voices.mixed_into(own, near, self.recipe.others)

    def _rendered(
        self,
        view: View,
        asked: Asked,
        rows: Numbers,
        near_to: Callable[[Asked | Rendering], Scores],
    ) -> Scores:
        """Return the nearness of `rows`, mixed with that of the question in their language."""
        near = near_to(asked)
        for language, rendering in asked.renderings.items():
            where = view.foreign[language][rows]
            near = mixed(near, near_to(rendering), where, self.recipe.rendering)
        return near


def _of_one_language(index: Index, rows: Iterable[int]) -> list[int]:
    """Return `rows` without what a family says in a second document, order kept."""
    spoken: dict[str, str] = {}
    fitting: list[int] = []
    for row in rows:
        passage = index.passages[row]
        # Matters where the asker's language is unknown, or a family lacks it but has two others.
        if spoken.setdefault(passage.family, passage.document) == passage.document:
            fitting.append(row)
    return fitting


def _first_of_each_section(index: Index, rows: list[int], limit: int) -> list[int]:
    passages = [index.passages[row] for row in rows]
    sections = [(passage.document, passage.section) for passage in passages]
    return [rows[i] for i in first_of_each(range(len(rows)), sections, limit)]


def _evidence(
    view: View, asked: Asked, covered: set[str], best: list[float], near: Scores
) -> Evidence:
    return Evidence(
        query_vector=asked.vector,
        best=float(near[0]),
        second=float(near[1]) if len(near) > 1 else 0.0,
        mean=float(view.mean @ asked.vector),
        fused=best[0],
        tenth=best[:TENTH][-1],
        covered=sum(word in covered for word in asked.own) / max(len(asked.own), 1),
    )


def _hit(index: Index, row: int, score: float, vector: Vectors) -> Hit:
    passage = index.passages[row]
    sentences = index.sentence_vectors(row)
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
