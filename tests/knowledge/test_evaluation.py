"""Measuring answers on question files."""

from dataclasses import dataclass

import pytest

from knowledge.evaluation import Outcome, WatchedGate, ask, figures_of, judged
from knowledge.gate import Evidence
from knowledge.measures import behind, estimate, report, scores_of, share
from knowledge.questions import Gold, Question

EVIDENCE = Evidence(None, 0.9, 0.8, 0.7, 0.9, 0.8, 1.0)  # type: ignore[arg-type]


@dataclass(frozen=True)
class FoundHit:
    family: str
    passage: str = "words"
    section: str = "first"
    version: int = 1

    @property
    def document(self) -> str:
        return f"{self.family}.en"


@dataclass(frozen=True)
class Answer:
    status: str
    hits: tuple[FoundHit, ...]


@dataclass(frozen=True)
class Passage:
    section: str


class ShelfOf:
    """Answers from a table instead of documents; judges as the library does, in the search."""

    def __init__(self, watch: WatchedGate, answers: dict[str, tuple[FoundHit, ...]]) -> None:
        self.watch = watch
        self.answers = answers

    def search(self, question, *, language, role, limit, every_passage):
        hits = self.answers[question]
        return Answer(self.watch.judge(EVIDENCE) if hits else "abstained", hits)

    def passages(self, document, version):
        return [Passage("first"), Passage("first"), Passage("second")]


def outcome(found: float | None, *, refused=False, chance=0.9, form="sq", name="s1"):
    gold = () if found is None else (Gold("a"),)
    figures = dict.fromkeys(("recall@1", "recall@5", "ndcg@10", "mrr"), found) if gold else {}
    return Outcome(Question(name, form, "si", "kind", gold), figures, refused, chance, "a.sq")


def place_of(_hit) -> int:
    return 1


def test_a_question_about_a_document_counts_documents():
    hits = [FoundHit("a", "1"), FoundHit("a", "2"), FoundHit("b", "3")]
    assert judged([Gold("b")], hits, place_of) == (["a", "b"], {"b"})
    assert judged([Gold("z")], hits, place_of)[1] == {"missed 0"}


def test_a_question_about_a_sentence_counts_passages():
    hits = [FoundHit("a", "one  two\nthree"), FoundHit("a", "four"), FoundHit("b", "one two")]
    gold = [Gold("a", quote="two three")]
    units, relevant = judged(gold, hits, place_of)
    assert len(units) == 3
    assert relevant == {units[0]}


def test_a_second_passage_for_the_same_gold_is_no_second_success():
    hits = [FoundHit("a", "x"), FoundHit("a", "y")]
    units, relevant = judged([Gold("a", section=1)], hits, place_of)
    assert (len(units), relevant) == (2, {units[0]})


@pytest.mark.slow
def test_the_figures_of_one_question():
    assert figures_of(["x", "y"], {"x"}) == {
        "recall@1": 1,
        "recall@5": 1,
        "ndcg@10": 1,
        "mrr": 1,
    }
    third = figures_of(["x", "y", "z"], {"z"})
    assert (third["recall@1"], third["recall@5"], third["ndcg@10"]) == (0, 1, 0.5)
    assert third["mrr"] == pytest.approx(1 / 3)
    assert figures_of(list("abcdefghijk"), {"k"})["ndcg@10"] == 0
    assert set(figures_of([], {"z"}).values()) == {0}


@pytest.mark.slow
def test_what_was_asked_is_found_in_the_right_section_or_refused():
    watch = WatchedGate()
    library = ShelfOf(
        watch, {"q": (FoundHit("a"), FoundHit("b", section="second")), "none": (), "odd": ()}
    )
    asked = [
        Question("1", "sq", "q", gold=(Gold("b", section=2),)),
        Question("2", "sq", "q", gold=(Gold("b", section=1),)),
        Question("3", "sq", "none", gold=(Gold("a"),)),
        Question("4", "sq", "odd"),
    ]
    outcomes = ask(library, watch, asked)  # type: ignore[arg-type]
    assert [one.figures.get("recall@5") for one in outcomes] == [1, 0, 0, None]
    assert [one.refused for one in outcomes] == [False, False, True, True]
    assert [one.chance for one in outcomes] == [1.0, 1.0, 0.0, 0.0]
    assert outcomes[0].first == "a.en › first"


def test_scores_count_places_and_refusals():
    scores = scores_of(
        [
            outcome(1.0),
            outcome(0.5, refused=True, chance=0.2),
            outcome(0.0),
            outcome(0.5),
            outcome(None, refused=True, chance=0.1),
            outcome(None, chance=0.5),
        ]
    )
    assert scores.asked == 6
    assert scores.figures["ndcg@10"].mean == 0.5
    assert scores.figures["ndcg@10"].low < 0.5 < scores.figures["ndcg@10"].high
    assert (scores.kept, scores.refused) == (0.75, 0.5)
    assert scores.auroc == pytest.approx(7 / 8)


def test_what_no_question_tells_stays_open():
    outside = scores_of([outcome(None, refused=True)])
    assert (outside.figures, outside.kept, outside.auroc) == ({}, None, None)
    assert scores_of([outcome(1.0)]).refused is None
    assert share([]) is None


def test_a_report_has_forms_kinds_and_how_far_they_are_behind_english():
    asked = [outcome(0.5), outcome(1.0, form="en"), outcome(0.0, name="s2"), outcome(None)]
    shown = report([*asked, outcome(0.5, form="en", name="s2")])
    assert list(shown.forms) == ["sq", "en"]
    assert shown.kinds["kind"].asked == shown.whole.asked == 5
    assert shown.behind["sq"].mean == 0.5


def test_only_the_same_questions_are_compared():
    asked = [outcome(0.5), outcome(1.0, form="en"), outcome(0.0, form="en", name="other")]
    assert behind(asked, "sq", "en", "mrr").mean == 0.5


def test_equal_values_have_no_width_and_the_same_values_the_same_interval():
    assert (estimate([1.0, 1.0]).low, estimate([1.0, 1.0]).high) == (1, 1)
    assert estimate([0.0, 0.5, 1.0]) == estimate([0.0, 0.5, 1.0])


def test_a_watched_gate_remembers_what_it_judged():
    watch = WatchedGate()
    assert watch.judge(EVIDENCE) == "answered"
    assert watch.last is EVIDENCE
