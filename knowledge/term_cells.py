"""Three typed cells -> a term, or what is wrong with them."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from knowledge.characters import fold, normalise
from knowledge.glossary import INSIDE, LONGEST_NAME, Glossary, Term, names_in, words_in
from knowledge.serbian import to_latin

# The longest cell of the shipped glossary has 192 characters.
LONGEST_CELL = 300
# What stands, after mending, for what no database can hold.
MENDED = "\ufffd"
# Not the fault of one cell.
WHOLE = "term"


class TermRefused(ValueError):
    """The term is not taken.

    Attributes:
        codes: What is wrong, by cell (en, sq, sr), or under `WHOLE`: empty, too_long, unprintable,
            form_too_long, not_found; duplicate, already_known.
    """

    def __init__(self, codes: Mapping[str, str]) -> None:
        """Say what is wrong."""
        super().__init__(", ".join(f"{cell}: {code}" for cell, code in codes.items()))
        self.codes = dict(codes)


def term_of(cells: Mapping[str, str]) -> Term:
    """Return the term that the cells en, sq and sr hold, cleaned, Serbian in Latin.

    Raises:
        TermRefused: Something is wrong with a cell.
    """
    typed = {language: cells.get(language) or "" for language in INSIDE}
    wrong = {language: _wrong(cell, language) for language, cell in typed.items()}
    if any(wrong.values()):
        raise TermRefused({language: code for language, code in wrong.items() if code})
    return Term(
        en=names_in(normalise(typed["en"])),
        sq=names_in(normalise(typed["sq"])),
        sr=names_in(to_latin(normalise(typed["sr"]))),
    )


def refuse_known(term: Term, own: Iterable[Term]) -> None:
    """Do nothing for a term that says something new.

    Raises:
        TermRefused: One of the `own` terms has the same first names, or a shipped term has all of
            its names.
    """
    if any(_first_names(one) == _first_names(term) for one in own):
        raise TermRefused({WHOLE: "duplicate"})
    folded = _folded(term)
    for known in _shipped().get(fold(term.en[0]), ()):
        if all(ours <= theirs for ours, theirs in zip(folded, known, strict=True)):
            raise TermRefused({WHOLE: "already_known"})


def _wrong(cell: str, language: str) -> str:
    """Return the code of what is wrong with a cell, or nothing."""
    if any(_is_unprintable(character) for character in cell):
        return "unprintable"
    names = names_in(normalise(cell))
    if not names:
        return "empty"
    if len(normalise(cell)) > LONGEST_CELL:
        return "too_long"
    if any(len(words_in(name, language)) > LONGEST_NAME for name in names):
        return "form_too_long"
    alone = Glossary([Term(names, names, names)])
    found = (piece.terms for name in names for piece in alone.pieces(name, language))
    # A single letter, a word such as "and", or signs: no question would ever name it.
    return "" if any(found) else "not_found"


def _is_unprintable(character: str) -> bool:
    hidden = unicodedata.category(character).startswith("C") and not character.isspace()
    return hidden or character == MENDED


def _first_names(term: Term) -> tuple[str, ...]:
    return tuple(fold(term.names(language)[0]) for language in INSIDE)


def _folded(term: Term) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(map(fold, term.names(language))) for language in INSIDE)


@cache
def _shipped() -> Mapping[str, list[tuple[frozenset[str], ...]]]:
    """Return the folded names of the shipped terms, by each English one."""
    by_english: dict[str, list[tuple[frozenset[str], ...]]] = defaultdict(list)
    for folded in map(_folded, Glossary.shipped().terms):
        for name in folded[INSIDE.index("en")]:
            by_english[name].append(folded)
    return dict(by_english)
