"""Phrases as people keep them in YAML: words in order with few others between, in any spelling.

Speaks no language: sentences are folded, so scripts, capitals and diacritics do not matter.
"""

import re
from collections.abc import Mapping, Sequence

from knowledge.characters import fold

# Other words that may stand between two words of a phrase.
MOST_BETWEEN = 3
SENTENCE_END = re.compile(r"[.!?;…]+(?:\s|$)")
NOT_A_WORD = re.compile(r"[^\w]+")


def compile_cue(
    phrase: str, lists: Mapping[str, Sequence[str]], most_between: int = MOST_BETWEEN
) -> re.Pattern[str]:
    """Return an expression that finds `phrase` in a folded sentence.

    Args:
        phrase: Words in order; `word*` takes any ending, `a|b` either, `<name>` any of a list.
        lists: The word lists that the phrase may name.
        most_between: So many other words may stand between two words of the phrase.

    Raises:
        ValueError: The phrase names a list that is not there.
    """
    parts = []
    for part in str(phrase).split():
        if part == "*":
            continue
        alternatives: list[str] = []
        for word in part.split("|"):
            if word.startswith("<"):
                name = word.strip("<>")
                if name not in lists:
                    message = f"phrase {phrase!r}: no word list {name!r}"
                    raise ValueError(message)
                alternatives.extend(lists[name])
            else:
                alternatives.append(word)
        parts.append("(?:" + "|".join(_word(word) for word in alternatives) + ")")
    gap = rf"(?:\s+\S+){{0,{most_between}}}?\s+"
    return re.compile(r"(?:(?<=\s)|^)" + gap.join(parts) + r"(?=\s|$)")


def any_of(
    phrases: Mapping[str, Sequence[str]], most_between: int = MOST_BETWEEN
) -> re.Pattern[str]:
    """Return an expression that finds any of the phrases of all languages.

    Args:
        phrases: By language, as `compile_cue` takes them, without lists.
        most_between: As there.
    """
    every = [
        compile_cue(phrase, {}, most_between).pattern for of in phrases.values() for phrase in of
    ]
    return re.compile("|".join(every))


def sentences(text: str) -> list[str]:
    """Return the sentences of `text` as folded words with single blanks between."""
    spaced = [NOT_A_WORD.sub(" ", fold(part)).strip() for part in SENTENCE_END.split(text)]
    return [sentence for sentence in spaced if sentence]


def _word(word: str) -> str:
    folded = NOT_A_WORD.sub(" ", fold(word.replace("*", "").replace("#", ""))).strip()
    pattern = r"\s+".join(re.escape(piece) for piece in folded.split())
    return pattern + (r"\d" * word.count("#")) + (r"\w*" if word.endswith("*") else "")
