"""All that answers at one moment, held in memory: passages, their vectors, their words.

A picture taken from the database and never changed; whoever notices that the library moved on
takes a new one. Nothing here is kept on disk but vectors, which are slow to make.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge.given_names import bare_forms
from knowledge.language import lemmas, to_latin
from knowledge.late import TokenStates
from knowledge.sentences import spans
from knowledge.state_cache import StateCache
from knowledge.vectors import NearestVectors, Numbers, Vectors
from knowledge.words import WordIndex

# A quotation longer than this is no quotation; longer passages are quoted in part, and only their
# sentences are encoded. Sentence vectors in the ranking itself gained nothing in our trial: mean
# reciprocal rank .550 without them, .550 with a weight of .2, .536 with .3, .500 with .5 (tune half
# of tests/questions/starter.jsonl, 25 questions in four language forms, by meaning only).
LONGEST_QUOTE = 700


@dataclass(frozen=True)
class IndexedPassage:
    """A passage of an approved version, in date or flagged, with all that a citation names."""

    id: int
    document: str
    family: str
    title: str
    section: str
    page: int | None
    place: int
    version: int
    language: str
    script: str
    kind: str
    audience: tuple[str, ...]
    review: str
    valid_from: date | None
    valid_until: date | None
    out_of_date: bool
    text: str


@dataclass(frozen=True)
class View:
    """The passages that one asker may be shown: no text twice in two languages.

    `foreign` tells by language which of the passages shown are in it, and not in the asker's;
    `is_foreign` is 1 for all of these, and 0 for the others.
    `families` numbers its family. `voices` are the rows that speak for these
    families, `voice_families` says for which: the texts in other languages than the one shown, or
    those shown where a family has no other.
    """

    rows: Numbers
    is_foreign: NDArray[np.float32]
    foreign: Mapping[str, NDArray[np.bool_]]
    families: Numbers
    voices: Numbers
    voice_families: Numbers
    family_count: int
    vectors: Vectors
    nearest: NearestVectors
    words: WordIndex
    mean: Vectors


class Index:
    """The passages of one moment with their vectors and words."""

    def __init__(
        self,
        passages: Sequence[IndexedPassage],
        vectors: Vectors,
        tokens: TokenStates,
        sentence_vectors: Mapping[int, Vectors],
        lemmas_of: Mapping[int, Sequence[str]],
    ) -> None:
        """Take in the parts that `build` made.

        Args:
            passages: What answers now; a row number is a place in it.
            vectors: Their vectors, (n, d) float32.
            tokens: Their token states.
            sentence_vectors: Vectors of the sentences of long passages, by row.
            lemmas_of: Their lemmas, by passage id.
        """
        self.passages = tuple(passages)
        self.vectors = vectors
        self.tokens = tokens
        self.sentence_vectors = sentence_vectors
        self.lemmas_of = lemmas_of
        self._views: dict[tuple[str, str], View] = {}
        self._lock = threading.Lock()

    def names(self, word: str) -> bool:
        """Return whether a folded word stands in any passage, whatever the ending of a name."""
        return not self._bare_words.isdisjoint(bare_forms(word))

    @cached_property
    def _bare_words(self) -> frozenset[str]:
        known = {word for words in self.lemmas_of.values() for word in words}
        return frozenset(form for word in known for form in bare_forms(word))

    def view(self, language: str, script: str) -> View:
        """Return what an asker of this language and script may be shown; made once, then kept.

        Where a family has a text in the asker's language, its other texts are left out; where it
        has one in each script of that language, so is the one in the other script.
        """
        with self._lock:
            if (language, script) not in self._views:
                self._views[language, script] = self._make_view(language, script)
            return self._views[language, script]

    def _make_view(self, language: str, script: str) -> View:
        in_language = {p.family for p in self.passages if p.language == language}
        in_script = {
            p.family for p in self.passages if (p.language, p.script) == (language, script)
        }
        shown = [
            row
            for row, passage in enumerate(self.passages)
            if (passage.family not in in_language or passage.language == language)
            and (passage.family not in in_script or passage.script == script)
        ]
        rows = np.array(shown, dtype=np.int64)
        names = sorted({self.passages[row].family for row in shown})
        number = {name: place for place, name in enumerate(names)}
        voices = self._voices(shown)
        vectors = self.vectors[rows]
        words = WordIndex([self.lemmas_of[self.passages[row].id] for row in shown])
        mean = vectors.mean(axis=0) if shown else np.zeros(self.vectors.shape[1], np.float32)
        foreign = self._foreign(shown, language)
        return View(
            rows=rows,
            is_foreign=sum(foreign.values(), np.zeros(len(shown), bool)).astype(np.float32),
            foreign=foreign,
            families=np.array([number[self.passages[row].family] for row in shown], np.int64),
            voices=np.array(voices, dtype=np.int64),
            voice_families=np.array(
                [number[self.passages[row].family] for row in voices], np.int64
            ),
            family_count=len(names),
            vectors=vectors,
            nearest=NearestVectors(vectors),
            words=words,
            mean=mean,
        )

    def _foreign(self, shown: Sequence[int], language: str) -> dict[str, NDArray[np.bool_]]:
        spoken = np.array([self.passages[row].language for row in shown])
        others = sorted(set(spoken.tolist()) - {language, ""}) if language else []
        return {other: spoken == other for other in others}

    def _voices(self, shown: Sequence[int]) -> list[int]:
        seen = set(shown)
        families = {self.passages[row].family for row in shown}
        others = [
            row
            for row, passage in enumerate(self.passages)
            if row not in seen and passage.family in families
        ]
        spoken_for = {self.passages[row].family for row in others}
        return others + [row for row in shown if self.passages[row].family not in spoken_for]


def build(
    passages: Sequence[IndexedPassage],
    cache: StateCache,
    *,
    before: Index | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Index:
    """Return the index over `passages`, encoding only texts that the cache has not seen.

    Args:
        passages: What answers now, in a fixed order.
        cache: Vectors and token states made earlier; it makes those that are new.
        before: The index until now; what it knows of a passage's words is taken over.
        progress: Told how many new texts are encoded, and how many there are.
    """
    texts = [texts_to_encode(p.title, p.section, p.text, p.language) for p in passages]
    cache.make(texts, progress)
    vectors = cache.vectors([text for group in texts for text in group])
    starts = np.cumsum([0] + [len(group) for group in texts], dtype=np.int64)
    sentence_vectors = {
        row: vectors[starts[row] + 1 : starts[row + 1]]
        for row, group in enumerate(texts)
        if len(group) > 1
    }
    known = before.lemmas_of if before is not None else {}
    lemmas_of = {p.id: known.get(p.id) or _lemmas(p) for p in passages}
    tokens = TokenStates(cache.tokens([passage for passage, *_ in texts]))
    return Index(passages, vectors[starts[:-1]], tokens, sentence_vectors, lemmas_of)


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


def _lemmas(passage: IndexedPassage) -> list[str]:
    # Without the title: it returns in every passage of a document and tells none of them apart.
    return lemmas(f"{passage.section}\n{passage.text}", passage.language)
