"""A question made ready to be asked: cleaned, in a known language, with its vectors and words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge.glossary import INSIDE, Glossary, Piece, Term
from knowledge.language import (
    detect,
    fold,
    lemmas,
    normalise,
    restore_diacritics,
    split,
    to_latin,
)
from knowledge.ours import speaks_of_own

if TYPE_CHECKING:
    from knowledge.encoder import Encoder
    from knowledge.vectors import Vectors

# A question longer than a chat message is cut: what follows would only blur it.
LONGEST_QUESTION = 2000
# Words for words, a question names what it names first in the other language, and of a word with
# several meanings the first two.
MEANINGS = 2
# Of what a piece may mean in other languages, so many names are searched: the rest are rare.
NAMES = 4


@dataclass(frozen=True)
class Question:
    """A question made ready: cleaned, in a known language and script.

    `role` is that of who asks, where the answer depends on it; else empty.
    """

    text: str
    language: str
    script: str
    role: str = ""


@dataclass(frozen=True)
class Rendering:
    """A question put into another language word for word: (d,) and (t, d) float32."""

    vector: Vectors
    tokens: Vectors


@dataclass(frozen=True)
class Asked:
    """A question as the index is asked it.

    Attributes:
        vector: (d,) float32.
        tokens: (t, d) float32.
        own: Its lemmas.
        language: sq, sr, en, or empty.
        foreign: For each of its pieces, what others call it: several names, each as lemmas.
        renderings: By language, the question in it.
    """

    vector: Vectors
    tokens: Vectors
    own: list[str]
    language: str
    foreign: tuple[tuple[tuple[str, ...], ...], ...] = ()
    renderings: Mapping[str, Rendering] = field(default_factory=dict)


def prepare(text: str, language: str = "", script: str = "", role: str = "") -> Question:
    """Return the question cleaned and capped, with its language and script found if not given.

    Args:
        text: As typed.
        language: sq, sr-Latn, sr-Cyrl, en, or sr; empty to tell from the text.
        script: Latn or Cyrl; empty to tell from the text.
        role: Who asks; counts only where the text says our, we or my.

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
    return Question(clean, language, script, role if speaks_of_own(clean, language) else "")


def read(
    question: Question, encoder: Encoder, glossary: Glossary | None, others: Collection[str] = ()
) -> Asked:
    """Return the question with its vectors, its words, and what others call what it names.

    Args:
        question: As `prepare` made it.
        encoder: Makes the vectors.
        glossary: None leaves the other languages out.
        others: The other languages, of sq, sr and en, in which it is asked too.
    """
    language = question.language
    text = spelled(question.text, language)
    if not language:
        return Asked(*encoder.questions([text])[0], fold(text).split(), "")
    # Where every document speaks the asker's language there is nothing to render.
    pieces = glossary.pieces(text, language) if glossary is not None and others else ()
    rendered = {other: render(pieces, other) for other in others} if pieces else {}
    states = encoder.questions([text, *rendered.values()])
    return Asked(
        *states[0],
        own=lemmas(text, language),
        language=language,
        foreign=tuple(_names(piece, rendered) for piece in pieces if piece.terms),
        renderings={
            other: Rendering(*one) for other, one in zip(rendered, states[1:], strict=True)
        },
    )


def spelled(text: str, language: str) -> str:
    """Return a cleaned text as the model is given it: in Latin, with the diacritics left out."""
    return restore_diacritics(to_latin(text), language)


def render(pieces: Iterable[Piece], language: str) -> str:
    """Return pieces of a text word for word in another language; what has no term stays."""
    return " ".join(
        word
        for piece in pieces
        for word in _first_names(piece.terms, language)[:MEANINGS] or [piece.words]
    )


def _first_names(terms: Iterable[Term], language: str) -> list[str]:
    return list(dict.fromkeys(term.names(language)[0] for term in terms))


def _names(piece: Piece, languages: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return what a piece is called in `languages`, each name as its lemmas, each once."""
    names = [
        tuple(lemmas(name, language))
        for language in languages
        for name in _first_names(piece.terms, language)[:NAMES]
    ]
    return tuple(dict.fromkeys(name for name in names if name))
