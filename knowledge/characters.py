"""Cleans typed text and folds it for comparison; knows letters, not words."""

import re
import unicodedata

from knowledge.serbian import to_latin

# Cs: half of a surrogate pair, which no encoder takes. Cf: zero-width and direction marks, with
# which one text can be made to look like another. Cc: control characters.
DROPPED = ("Cs", "Cf", "Cc")

_BLANKS = re.compile(r"\s+")
# đ has no decomposition; people without the key write dj.
_STROKE = str.maketrans({"đ": "dj", "ð": "dj", "ø": "o", "ł": "l", "ı": "i"})


def normalise(text: str) -> str:
    """Return `text` in NFKC on one line, with single blanks and nothing invisible.

    Line ends count as blanks. Decomposed letters must not reach the model: *e* with a separate
    diaeresis has cosine .88 with *ë*.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    spaced = _BLANKS.sub(" ", text)
    kept = "".join(
        character for character in spaced if unicodedata.category(character) not in DROPPED
    )
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", kept)).strip()


def fold(text: str) -> str:
    """Return `text` for comparison: Latin, lower case, no diacritics, *đ* as *dj*.

    Folded forms are never shown. *Đorđe*, *Djordje* and *Ђорђе* fold alike; *Dorde* does not.
    """
    lowered = to_latin(normalise(text)).casefold().translate(_STROKE)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFD", lowered)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
