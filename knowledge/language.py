"""The languages we speak: their codes, and all that is done to text because of its language."""

from knowledge.characters import fold, normalise
from knowledge.detection import CYRILLIC, LATIN, Detected, detect
from knowledge.serbian import to_latin
from knowledge.word_forms import lemmas, restore_diacritics

__all__ = [
    "CYRILLIC",
    "LANGUAGES",
    "LATIN",
    "Detected",
    "UnknownLanguage",
    "detect",
    "fold",
    "join",
    "lemmas",
    "normalise",
    "restore_diacritics",
    "split",
    "to_latin",
    "warm_up",
]

# As written at every edge; inside, a language (sq, sr, en) and a script (Latn, Cyrl) travel apart.
LANGUAGES = ("sq", "sr-Latn", "sr-Cyrl", "en")


class UnknownLanguage(ValueError):
    """The code is none of sq, sr-Latn, sr-Cyrl, en."""


def split(code: str) -> tuple[str, str]:
    """Return language and script of a code: *sr-Cyrl* is sr, Cyrl; *sq* is sq, Latn.

    Raises:
        UnknownLanguage: `code` is none of `LANGUAGES`.
    """
    if code not in LANGUAGES:
        raise UnknownLanguage
    language, _, script = code.partition("-")
    return language, script or LATIN


def join(language: str, script: str) -> str:
    """Return the code of a language and a script; only Serbian has two scripts.

    Raises:
        UnknownLanguage: There is no such language or script.
    """
    code = f"{language}-{script}" if language == "sr" else language
    if code not in LANGUAGES:
        raise UnknownLanguage
    return code


def warm_up() -> None:
    """Load the dictionaries now (about a second), so that the first question need not wait."""
    detect("warm up")
    for language in ("sq", "sr", "en"):
        lemmas("warm", language)
        restore_diacritics("sec", language)
