"""Writes Serbian Cyrillic in Latin letters, the direction in which nothing is lost."""

import itertools

SINGLE = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
DOUBLE = {"љ": "lj", "њ": "nj", "џ": "dž"}

_LOWER = str.maketrans(SINGLE | DOUBLE)
_UPPER = str.maketrans({cyrillic.upper(): latin.upper() for cyrillic, latin in SINGLE.items()})
_UPPER_DOUBLE = {cyrillic.upper(): latin for cyrillic, latin in DOUBLE.items()}


def to_latin(text: str) -> str:
    """Return `text` with every Serbian Cyrillic letter in Latin; all else stays as it is.

    A capital Љ, Њ or Џ becomes Lj or LJ as its neighbours do: *Љубав* is Ljubav, *ЉУБАВ* LJUBAV.
    """
    if not any("\u0400" <= letter <= "\u04ff" for letter in text):
        return text
    for capital, latin in _UPPER_DOUBLE.items():
        if capital in text:
            text = _replace_capital(text, capital, latin)
    return text.translate(_LOWER).translate(_UPPER)


def _replace_capital(text: str, capital: str, latin: str) -> str:
    parts = text.split(capital)
    written = parts[0]
    for before, after in itertools.pairwise(parts):
        # The next letter decides; at the end of a word, the one before does.
        neighbour = after[:1] if after[:1].isalpha() else before[-1:] or written[-1:]
        written += (latin.upper() if neighbour.isupper() else latin.capitalize()) + after
    return written
