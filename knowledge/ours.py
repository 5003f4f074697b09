"""Tells whether the answer to a question depends on who asks it: whether it says our, we or my."""

from pathlib import Path

import yaml

from knowledge.cues import any_of, sentences

_WORDS = yaml.safe_load(Path(__file__).with_name("ours.yml").read_text(encoding="utf-8"))
# Nothing may stand between two words: Albanian "te ne" is "at ours", and "te ... ne" is everywhere.
OURS = {language: any_of({language: words}, 0) for language, words in _WORDS.items()}


def speaks_of_own(question: str, language: str) -> bool:
    """Return whether a question speaks of what belongs to the asker.

    Args:
        question: As typed.
        language: sq, sr or en; in another, or in none, nothing is heard.
    """
    words = OURS.get(language)
    return words is not None and any(words.search(sentence) for sentence in sentences(question))
