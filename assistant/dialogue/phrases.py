"""Reads short commands, question cues and named things off the words of a message."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.dialogue.script import Example
from knowledge.language import detect, fold

# Shortest message in which a slip of the finger is forgiven, and how much of it must be right:
# one letter in eight.
FORGIVEN_LENGTH = 5
FORGIVEN_LIKENESS = 0.87
MOST_FORGIVEN_WORDS = 4
# From this length on, a name is also known by its other case endings: opština, opštinu, opštini.
INFLECTED_LENGTH = 6
# One sentence with fewer words than this is a word with a question mark, not a question.
FEWEST_QUESTION_WORDS = 3
# What a message can be beside a command.
NO_COMMANDS = frozenset({"ask_question", "emergency", "inform"})
SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")


def words_of(text: str) -> str:
    """Return the folded words of `text` with single blanks, without any sign between."""
    return " ".join(re.findall(r"\w+", fold(text)))


class Phrases:
    """Knows the examples word for word, and what is named in them."""

    def __init__(
        self,
        examples: Iterable[Example],
        cues: Mapping[str, Any],
        patterns: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Index `examples`; `cues` is config/data/cues.yml, `patterns` are (entity, regex)."""
        self._questions = {one: _words_in([words]) for one, words in cues["question"].items()}
        self._refer = _words_in(cues["refer"].values())
        self._courtesies = _words_in(cues["courtesy"].values())
        self._never_forgiven = _words_in([cues["never_forgiven"]])
        self._exact: dict[str, str] = {}
        self._named: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        for example in examples:
            self._exact.setdefault(self._plain(words_of(example.text)), example.intent)
            for entity, text, value in example.entities:
                self._named[example.intent][entity][words_of(text)] = value
        self._commands = [text for text, intent in self._exact.items() if intent not in NO_COMMANDS]
        self._patterns = [(entity, re.compile(pattern)) for entity, pattern in patterns]

    def intent_of(self, text: str, *, forgive: bool = True) -> str:
        """Return the intent whose example `text` is word for word, "" when it is none.

        Args:
            text: A message.
            forgive: Also take a short command with a letter wrong.
        """
        words = self._plain(words_of(text))
        intent = self._exact.get(words, "")
        if intent or not forgive or len(words) < FORGIVEN_LENGTH:
            return intent
        if len(words.split()) > MOST_FORGIVEN_WORDS:
            return ""
        if words in self._never_forgiven:
            return ""
        near = [one for one in self._commands if abs(len(one) - len(words)) <= 1]
        found = difflib.get_close_matches(words, near, n=1, cutoff=FORGIVEN_LIKENESS)
        return self._exact[found[0]] if found else ""

    def is_question(self, text: str) -> bool:
        """Return whether `text` is one sentence that asks: by its mark or by its first word."""
        if self.is_short(text) or self._sentences(text) > 1:
            return False
        return text.rstrip().endswith("?") or self.begins_as_question(text)

    def is_short(self, text: str) -> bool:
        """Return whether `text` has too few words to be a question."""
        return len(words_of(text).split()) < FEWEST_QUESTION_WORDS

    def begins_as_question(self, text: str) -> bool:
        """Return whether the first word of `text` begins questions in the language it is in.

        "A" asks in Albanian and counts in English: only the likelier language's words are heard.
        """
        words = words_of(text) + " "
        return any(words.startswith(one + " ") for one in self._asking(text))

    def wants_to_refer(self, text: str) -> bool:
        """Return whether `text` begins as people do who refer somebody, and asks nothing."""
        words = words_of(text) + " "
        begins = any(words.startswith(one + " ") for one in self._refer)
        return begins and not text.rstrip().endswith("?")

    def before_question(self, text: str) -> str:
        """Return the folded words of `text` before a word, not the first, that begins a question.

        "He has a gun how do I report it" tells first and then asks; empty where nothing is told.
        """
        words = words_of(text)
        asking = (one for one in self._asking(text) if len(one) > 1)
        places = [found for one in asking if (found := words.find(f" {one} ")) > 0]
        return words[: min(places)] if places else ""

    def _asking(self, text: str) -> Sequence[str]:
        """Return the words that begin questions in the language `text` is most likely in."""
        return self._questions.get(detect(text).language or "", ())

    def entities(self, text: str, intent: str) -> list[dict[str, str]]:
        """Return what is named in `text`: Rasa's {"entity", "value"}, one for each kind.

        Of several names of one kind the most precise counts (Serbian Cyrillic before Serbian),
        then the last.
        """
        found = {entity: match[0] for entity, one in self._patterns if (match := one.search(text))}
        words = words_of(text)
        for entity, names in self._named.get(intent, {}).items():
            values = _named_in(words, names)
            precise = [one for one in values if not any(o.startswith(one + "-") for o in values)]
            if precise:
                found[entity] = precise[-1]
        return [{"entity": entity, "value": value} for entity, value in found.items()]

    def _plain(self, words: str) -> str:
        for courtesy in self._courtesies:
            words = words.removeprefix(courtesy + " ").removesuffix(" " + courtesy)
        return words

    @staticmethod
    def _sentences(text: str) -> int:
        return len([part for part in SENTENCE_END.split(text) if part.strip()])


def _named_in(words: str, names: Mapping[str, str]) -> list[str]:
    """Return the values of the names that occur in `words`, in order of appearance."""
    places = []
    for name, value in names.items():
        stem = name[:-1] if len(name) >= INFLECTED_LENGTH else name
        ending = r"\w{0,3}" if len(name) >= INFLECTED_LENGTH else ""
        match = re.search(rf"(?<!\w){re.escape(stem)}{ending}(?!\w)", words)
        if match:
            places.append((match.start(), value))
    return [value for _, value in sorted(places)]


def _words_in(lists: Iterable[Sequence[str]]) -> list[str]:
    """Return the folded words of all the lists, longest first."""
    every = {words_of(word) for words in lists for word in words}
    return sorted(every, key=len, reverse=True)
