"""Hears that a life may be in danger, by phrases that trainers keep."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.cues import SENTENCE_END, any_of, compile_cue, sentences

CLAUSE_END = re.compile(r"[,:;.!?…–]+(?:\s|$)")


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
        return any(self._alarms(sentence) for sentence in sentences(text))

    def is_calm(self, text: str) -> bool:
        """Return whether all of `text` speaks of rules, training, history or play."""
        said = sentences(text)
        return bool(said) and all(
            self.calm.search(one) and not self.now.search(one) for one in said
        )

    def shows_faith(self, text: str) -> bool:
        """Return whether `text` names an outward sign of faith, which by itself is no danger."""
        return any(self.signs.search(one) for one in sentences(text))

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
        compile_cue(phrase, content["words"][language])
        for language, phrases in content["phrases"].items()
        for phrase in phrases
    ]
    lists = {name: any_of(content[name]) for name in ("calm", "now", "signs")}
    return DangerPhrases(tuple(alarms), **lists)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of `text` as they were typed."""
    return [part.strip() for part in SENTENCE_END.split(text) if part.strip()]


def clauses_of(text: str) -> list[str]:
    """Return what stands between the commas and full stops of `text`."""
    return [part.strip() for part in CLAUSE_END.split(text) if part.strip()]
