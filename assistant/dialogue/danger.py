"""Hears that a life may be in danger: phrases that trainers keep, and likeness to examples.

Speaks no language: sentences are folded, so scripts, capitals and diacritics do not matter.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.language import fold

# Other words that may stand between two words of a phrase.
MOST_BETWEEN = 3
SENTENCE_END = re.compile(r"[.!?;…]+(?:\s|$)")
GAP = rf"(?:\s+\S+){{0,{MOST_BETWEEN}}}?\s+"
NOT_A_WORD = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class DangerPhrases:
    """The compiled phrases of all languages."""

    alarms: tuple[re.Pattern[str], ...]
    calm: re.Pattern[str]
    now: re.Pattern[str]
    signs: re.Pattern[str]

    def hears(self, text: str) -> bool:
        """Return whether a sentence of `text` speaks of danger now.

        A sentence about training, rules, history or play is no alarm, unless it also says that
        it is happening now.
        """
        return any(self._alarms(sentence) for sentence in _sentences(text))

    def is_calm(self, text: str) -> bool:
        """Return whether all of `text` speaks of rules, training, history or play."""
        sentences = _sentences(text)
        return bool(sentences) and all(
            self.calm.search(one) and not self.now.search(one) for one in sentences
        )

    def shows_faith(self, text: str) -> bool:
        """Return whether `text` names an outward sign of faith, which by itself is no danger."""
        return any(self.signs.search(one) for one in _sentences(text))

    def _alarms(self, sentence: str) -> bool:
        if not any(alarm.search(sentence) for alarm in self.alarms):
            return False
        return not self.calm.search(sentence) or bool(self.now.search(sentence))


def compile_phrases(content: Mapping[str, Any]) -> DangerPhrases:
    """Return the phrases in `content`, the form of `config/data/danger.yml`.

    Raises:
        ValueError: A phrase names a word list that its language does not have.
    """
    alarms = [
        _compile(phrase, content["words"][language])
        for language, phrases in content["phrases"].items()
        for phrase in phrases
    ]
    lists = {name: _any_of(content[name]) for name in ("calm", "now", "signs")}
    return DangerPhrases(tuple(alarms), **lists)


def _any_of(phrases: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    every = [_compile(phrase, {}).pattern for of in phrases.values() for phrase in of]
    return re.compile("|".join(every))


def _compile(phrase: str, lists: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Turn a phrase into an expression over a folded sentence: words in order, few between."""
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
    return re.compile(r"(?:(?<=\s)|^)" + GAP.join(parts) + r"(?=\s|$)")


def _word(word: str) -> str:
    folded = NOT_A_WORD.sub(" ", fold(word.replace("*", "").replace("#", ""))).strip()
    pattern = r"\s+".join(re.escape(piece) for piece in folded.split())
    return pattern + (r"\d" * word.count("#")) + (r"\w*" if word.endswith("*") else "")


def _sentences(text: str) -> list[str]:
    """Return the sentences of `text` as folded words with single blanks between."""
    spaced = [NOT_A_WORD.sub(" ", fold(part)).strip() for part in SENTENCE_END.split(text)]
    return [sentence for sentence in spaced if sentence]
