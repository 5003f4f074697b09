"""A question made ready to be asked: cleaned, in a known language, with its vectors and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.glossary import INSIDE, Glossary
from knowledge.language import (
    detect,
    fold,
    lemmas,
    normalise,
    restore_diacritics,
    split,
    to_latin,
)

if TYPE_CHECKING:
    from knowledge.encoder import Encoder
    from knowledge.vectors import Vectors

# A question longer than a chat message is cut: what follows would only blur it.
LONGEST_QUESTION = 2000
# Of what a term is called in another language, so many names are searched: the rest are rare.
NAMES = 2


@dataclass(frozen=True)
class Question:
    """A question made ready: cleaned, in a known language and script."""

    text: str
    language: str
    script: str


@dataclass(frozen=True)
class Asked:
    """A question as the index is asked it.

    Attributes:
        vector: (d,) float32.
        tokens: (t, d) float32.
        own: Its lemmas.
        language: sq, sr, en, or empty.
        foreign: Lemmas of what its terms are called in the other languages.
    """

    vector: Vectors
    tokens: Vectors
    own: list[str]
    language: str
    foreign: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """Return what is searched by words."""
        return [*self.own, *self.foreign]


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


def read(question: Question, encoder: Encoder, glossary: Glossary | None) -> Asked:
    """Return the question with its vectors, its words, and what others call its terms.

    Args:
        question: As `prepare` made it.
        encoder: Makes the vectors.
        glossary: None leaves the other languages out.
    """
    spelled, language = to_latin(question.text), question.language
    if not language:
        return Asked(*encoder.question(spelled), fold(spelled).split(), "", ())
    spelled = restore_diacritics(spelled, language)
    own = lemmas(spelled, language)
    foreign = {
        word
        for term in (() if glossary is None else glossary.find(spelled, language))
        for other in INSIDE
        if other != language
        for name in term.names(other)[:NAMES]
        for word in lemmas(name, other)
    }
    # Sorted, so that the same question is always the same.
    return Asked(*encoder.question(spelled), own, language, tuple(sorted(foreign - set(own))))
