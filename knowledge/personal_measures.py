"""How well personal data is found: recall by kind and language form, and false alarms."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.floors import BadFloors, Floors
from knowledge.personal_data import KINDS, Found, find_personal

NAME = "name"
# What is told of all kinds but names, by which a message is sure to lead to somebody.
NUMBERS = "numbers and addresses"
# Of the letters of what was to be found so many may be left standing, and no digit.
MOST_LEFT = 0.2


class BadSentences(ValueError):
    """The file holds no sentences; the message says in which line what is wrong."""


@dataclass(frozen=True)
class Sentence:
    """One sentence, and what stands in it that identifies somebody."""

    text: str
    spans: tuple[Found, ...]


@dataclass(frozen=True)
class Figures:
    """Of one language form: what was found of how much.

    Attributes:
        found: By kind, how many were found and how many there are; `NUMBERS` sums up.
        alarms: In how many sentences without anything personal a number or an address was found.
        name_alarms: In how many of them a name was.
        harmless: How many of these sentences there are.
    """

    found: Mapping[str, tuple[int, int]]
    alarms: int
    name_alarms: int
    harmless: int

    @property
    def recall(self) -> float:
        """The share of numbers and addresses that was found."""
        hit, there = self.found[NUMBERS]
        return hit / there if there else 1.0

    @property
    def false_alarms(self) -> float:
        """The share of harmless sentences in which a number or an address was found."""
        return self.alarms / self.harmless if self.harmless else 0.0


def read_sentences(path: Path, half: str = "") -> list[Sentence]:
    """Return the sentences of a file, or of one half of it.

    Args:
        path: Lines of `{"half", "text", "spans": [{"kind", "start", "end"}]}`.
        half: tune, test, or empty for both.

    Raises:
        BadSentences: A line is no such sentence.
    """
    sentences = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            spans = [Found(one["kind"], one["start"], one["end"]) for one in row["spans"]]
            wrong = [one for one in spans if not _stands_in(one, row["text"])]
            if wrong:
                raise ValueError(wrong[0])
            if half in ("", row["half"]):
                sentences.append(Sentence(row["text"], tuple(spans)))
        except (ValueError, TypeError, KeyError) as reason:
            message = f"{path.name}, line {number}: no sentence ({reason})"
            raise BadSentences(message) from None
    return sentences


def measure(sentences: Iterable[Sentence]) -> Figures:
    """Return what `find_personal` finds in sentences, knowing no document of the library."""
    found = dict.fromkeys((*KINDS, NUMBERS), (0, 0))
    alarms = name_alarms = harmless = 0
    for sentence in sentences:
        seen = find_personal(sentence.text, lambda _: False)
        for span in sentence.spans:
            hit = _is_hidden(sentence.text, span, seen)
            for kind in (span.kind, *([NUMBERS] if span.kind != NAME else [])):
                found[kind] = (found[kind][0] + hit, found[kind][1] + 1)
        if not sentence.spans:
            harmless += 1
            alarms += any(one.kind != NAME for one in seen)
            name_alarms += any(one.kind == NAME for one in seen)
    return Figures(found, alarms, name_alarms, harmless)


def together(figures: Sequence[Figures]) -> Figures:
    """Return the figures of several language forms as one."""
    kinds = figures[0].found
    return Figures(
        {
            kind: (sum(f.found[kind][0] for f in figures), sum(f.found[kind][1] for f in figures))
            for kind in kinds
        },
        sum(one.alarms for one in figures),
        sum(one.name_alarms for one in figures),
        sum(one.harmless for one in figures),
    )


def below(figures: Mapping[str, Figures], floors: Floors) -> list[str]:
    """Return in a line each which floors are missed: `recall` at least, `false_alarms` at most.

    Raises:
        BadFloors: A floor is for something that was not measured.
    """
    lines = []
    for group, held in floors.items():
        if group not in figures or held.keys() != {"recall", "false_alarms"}:
            message = f"{group} has no floor for recall and false_alarms, or was not measured"
            raise BadFloors(message)
        seen, least, most = figures[group], held["recall"], held["false_alarms"]
        if seen.recall < least:
            lines.append(f"{group} recall is {seen.recall:.3f}, and the floor {least}")
        if seen.false_alarms > most:
            lines.append(f"{group} false alarms are {seen.false_alarms:.3f}, and at most {most}")
    return lines


def _stands_in(span: Found, text: str) -> bool:
    return span.kind in KINDS and 0 <= span.start < span.end <= len(text)


def _is_hidden(text: str, span: Found, seen: Sequence[Found]) -> bool:
    """Return whether a mask in the places `seen` leaves next to nothing of what is at `span`."""
    places = [at for at in range(span.start, span.end) if text[at].isalnum()]
    left = [text[at] for at in places if not any(one.start <= at < one.end for one in seen)]
    return not any(map(str.isdigit, left)) and len(left) <= MOST_LEFT * len(places)
