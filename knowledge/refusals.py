"""What is never answered from documents: certain people, doses, breaking the law, the machine."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.characters import normalise
from knowledge.cues import compile_cue, sentences
from knowledge.names import hide_names

# "How do I read a pupil's phone without him knowing": more words between than in a cry for help.
MOST_BETWEEN = 8
# Stands in phrases for what looks like a person's name.
NAME = "somename"
RULES = Path(__file__).with_name("refusals.yml")


def refused_as(question: str) -> str:
    """Return the kind of question that is never answered, or "" when it may be.

    The kinds are individuals, dosage, law_breaking and injection. These are explicit rules beside
    the fitted gate, because no likeness to documents may outweigh them.

    Args:
        question: As typed, in any language and script.
    """
    said = sentences(hide_names(normalise(question), f" {NAME} "))
    for kind, phrases in _rules().items():
        if any(phrase.search(one) for phrase in phrases for one in said):
            return kind
    return ""


def compile_rules(content: Mapping[str, Any]) -> dict[str, tuple[re.Pattern[str], ...]]:
    """Return the phrases of each kind in `content`, the form of `refusals.yml`.

    Raises:
        ValueError: A phrase names a word list that its language does not have.
    """
    return {
        kind: tuple(
            compile_cue(phrase, content["words"][language], MOST_BETWEEN)
            for language, phrases in by_language.items()
            for phrase in phrases
        )
        for kind, by_language in content["phrases"].items()
    }


@cache
def _rules() -> dict[str, tuple[re.Pattern[str], ...]]:
    return compile_rules(yaml.safe_load(RULES.read_text(encoding="utf-8")))
