"""What is never answered from documents: certain people, doses, breaking the law, the machine."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from knowledge.characters import normalise
from knowledge.cues import compile_cue, sentences
from knowledge.names import hide_names

# "How do I read a pupil's phone without him knowing": more words between than in a cry for help.
MOST_BETWEEN = 8
# "What do I do", "kujt me ia referu": said in one breath.
UNLESS_BETWEEN = 1
# Stands in phrases for what looks like a person's name.
NAME = "somename"
INDIVIDUALS = "individuals"
RULES = Path(__file__).with_name("refusals.yml")


class Rule(NamedTuple):
    """How a kind is known: by any of its phrases, unless it is asked how to handle a case."""

    phrases: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


def refused_as(question: str, public: Callable[[str], bool] | None = None) -> str:
    """Return the kind of question that is never answered, or "" when it may be.

    The kinds are individuals, dosage, law_breaking and injection. These are explicit rules beside
    the fitted gate, because no likeness to documents may outweigh them.

    Args:
        question: As typed, in any language and script.
        public: Tells whether the library's own texts know a word: of whom they name it may be
            asked. None takes every name as that of a private person.
    """
    clean = normalise(question)
    named = sentences(hide_names(clean, f" {NAME} ", public or _nobody))
    # The name of a medicine with a capital would pass for a person's.
    typed = sentences(clean)
    for kind, rule in _rules().items():
        said = named if kind == INDIVIDUALS else typed
        if _is_said(rule.phrases, said) and not _is_said(rule.unless, said):
            return kind
    return ""


def _nobody(_: str) -> bool:
    return False


def _is_said(phrases: Iterable[re.Pattern[str]], said: list[str]) -> bool:
    return any(phrase.search(one) for phrase in phrases for one in said)


def compile_rules(content: Mapping[str, Any]) -> dict[str, Rule]:
    """Return the rule of each kind in `content`, the form of `refusals.yml`.

    Raises:
        ValueError: A phrase names a word list that its language does not have.
    """

    def compiled(by_language: Mapping[str, list[str]], between: int) -> tuple[re.Pattern[str], ...]:
        return tuple(
            compile_cue(phrase, content["words"][language], between)
            for language, phrases in by_language.items()
            for phrase in phrases
        )

    unless = content.get("unless", {})
    return {
        kind: Rule(compiled(phrases, MOST_BETWEEN), compiled(unless.get(kind, {}), UNLESS_BETWEEN))
        for kind, phrases in content["phrases"].items()
    }


@cache
def _rules() -> dict[str, Rule]:
    return compile_rules(yaml.safe_load(RULES.read_text(encoding="utf-8")))
