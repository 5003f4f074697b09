"""Measuring answers on question files."""

import json
from dataclasses import dataclass

import pytest

from knowledge.evaluation import (
    Outcome,
    Question,
    WatchedGate,
    area,
    ask,
    read_questions,
    score,
    scores_by_form,
)
from knowledge.gate import Evidence


@dataclass(frozen=True)
class FoundHit:
    family: str


@dataclass(frozen=True)
class Answer:
    status: str
    hits: tuple[FoundHit, ...]


class ShelfOf:
    """Answers from a table instead of documents; judges as the library does, in the search."""

    def __init__(self, watch: WatchedGate, answers: dict[str, tuple[str, ...]]) -> None:
        self.watch = watch
        self.answers = answers

    def search(self, question: str, *, language: str, limit: int) -> Answer:
        families = self.answers[question]
        status = self.watch.judge(EVIDENCE) if families else "abstained"
        return Answer(status, tuple(FoundHit(family) for family in families))


EVIDENCE = Evidence(None, 0.9, 0.8, 0.7, 1.0, 1.0, 1)  # type: ignore[arg-type]


def outcome(document: str | None, place: int, *, refused: bool = False, chance: float = 0.9):
    return Outcome(Question("s1", "sq", "si", document), place, refused, chance)


def test_a_line_gives_one_question_for_each_form(tmp_path):
    path = tmp_path / "questions.jsonl"
    rows = [
        {"id": "s1", "document": "dprrp", "half": "tune", "texts": {"sq": "kush", "en": "who"}},
        {"id": "o1", "kind": "weather", "half": "test", "texts": {"en": "rain"}},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert read_questions(path) == [
        Question("s1", "sq", "kush", "dprrp"),
        Question("s1", "en", "who", "dprrp"),
        Question("o1", "en", "rain", None),
    ]
    assert [question.id for question in read_questions(path, "test")] == ["o1"]


def test_the_place_of_a_document_is_counted_in_documents():
    watch = WatchedGate()
    library = ShelfOf(watch, {"q": ("a", "a", "b", "a"), "none": ()})
    outcomes = ask(
        library,  # type: ignore[arg-type]
        watch,
        [
            Question("1", "sq", "q", "b"),
            Question("2", "sq", "q", "z"),
            Question("3", "sq", "none", "a"),
        ],
    )
    assert [outcome.place for outcome in outcomes] == [2, 0, 0]
    assert [outcome.refused for outcome in outcomes] == [False, False, True]
    assert [outcome.chance for outcome in outcomes] == [1.0, 1.0, 0.0]


def test_scores_count_places_and_refusals():
    result = score(
        [
            outcome("a", 1),
            outcome("a", 3, refused=True, chance=0.2),
            outcome("a", 0),
            outcome("a", 5),
            outcome(None, 0, refused=True, chance=0.1),
            outcome(None, 0, chance=0.5),
        ]
    )
    assert result.asked == 6
    assert (result.first, result.among_three, result.among_five) == (0.25, 0.5, 0.75)
    assert result.ndcg == pytest.approx((1 + 0.5 + 0 + 0.38685) / 4, abs=1e-4)
    assert (result.wrongly_refused, result.rightly_refused) == (0.25, 0.5)
    assert result.auroc == pytest.approx(7 / 8)


def test_what_no_question_tells_stays_open():
    only_outside = score([outcome(None, 0, refused=True)])
    assert only_outside.first is None
    assert only_outside.auroc is None
    assert score([outcome("a", 1)]).rightly_refused is None


def test_forms_are_scored_apart_and_together():
    other = Outcome(Question("s1", "en", "how", "a"), 0, refused=False, chance=0.9)
    scores = scores_by_form([outcome("a", 1), other])
    assert list(scores) == ["sq", "en", "all"]
    assert [scores[form].first for form in scores] == [1.0, 0.0, 0.5]


def test_ties_count_half_of_a_right_order():
    assert area([0.5], [0.5]) == 0.5
    assert area([0.9, 0.8], [0.1]) == 1.0
    assert area([], [0.1]) is None


def test_a_watched_gate_remembers_what_it_judged():
    watch = WatchedGate()
    assert watch.judge(EVIDENCE) == "answered"
    assert watch.last is EVIDENCE
