"""Makes the list of spellings this package ships; never needed by a running service."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from config import files
from knowledge.characters import fold
from knowledge.language import to_latin
from knowledge.word_forms import MEANT, SPELLINGS, spelled_by_dictionary

STARTER = Path(__file__).with_name("starter")

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2,}")

SPELLINGS_HEAD = """\
# How words are spelled that the dictionary of forms gets wrong when their diacritics are missing.
# chosen: set by hand, and stronger. seen: counted in the starter documents and interface words by
# `python -m knowledge fit-spellings`, which rewrites this file and keeps what is chosen.
"""


def fit_spellings(path: Path = SPELLINGS) -> dict[str, int]:
    """Rewrite the list of spellings from the product's own texts; return words kept per language.

    The commonest spelling wins for each word in plain letters, and is listed only where the
    dictionary would have spelled it otherwise.
    """
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    for language in MEANT:
        chosen = lists[language]["chosen"]
        by_hand = {fold(word) for word in chosen}
        seen = sorted(
            form
            for plain, form in _commonest(language).items()
            if plain not in by_hand and spelled_by_dictionary(plain, language) != form
        )
        lists[language] = {"chosen": chosen, "seen": seen}
    text = yaml.safe_dump(lists, allow_unicode=True, default_flow_style=None, width=100)
    path.write_text(SPELLINGS_HEAD + text, encoding="utf-8")
    return {language: len(lists[language]["seen"]) for language in MEANT}


def _commonest(language: str) -> dict[str, str]:
    counted: dict[str, Counter[str]] = {}
    for text in _own_texts(language):
        for word in _WORD.findall(to_latin(text)):
            # Abbreviations and names are not words of the language.
            if not word.isupper():
                counted.setdefault(fold(word), Counter())[word.lower()] += 1
    return {plain: forms.most_common(1)[0][0] for plain, forms in counted.items()}


def _own_texts(language: str) -> list[str]:
    documents = [
        _FRONT_MATTER.sub("", path.read_text(encoding="utf-8"))
        for path in sorted(STARTER.rglob(f"*.{language}.md"))
    ]
    return documents + _in_language(files.load_folder("interface"), language)


def _in_language(words: Any, language: str) -> list[str]:
    if not isinstance(words, dict):
        return []
    own = [words[language]] if isinstance(words.get(language), str) else []
    return own + [text for value in words.values() for text in _in_language(value, language)]
