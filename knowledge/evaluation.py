"""Measures how well a library answers questions: recall, rank and refusals, one by one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.gate import Evidence, Gate, Verdict
from knowledge.library import Hit, Library
from knowledge.questions import Gold, Question

# So many hits are asked for that ten documents are seen even when one leads with many passages.
HITS = 40
RANKED = 10
FIGURES = ("recall@1", "recall@5", "ndcg@10", "mrr")


@dataclass(frozen=True)
class Outcome:
    """What came of one question.

    Attributes:
        question: What was asked.
        figures: By name of `FIGURES`, 0 to 1; empty where nothing should answer.
        refused: Whether the gate refused.
        chance: The gate's chance that the question is answered, 0 to 1.
        first: Document and section that came first; empty when nothing was found.
    """

    question: Question
    figures: dict[str, float]
    refused: bool
    chance: float
    first: str


class WatchedGate(Gate):
    """A gate that remembers the evidence it judged last, for measuring and fitting."""

    def __init__(self, gate: Gate | None = None) -> None:
        """Judge as `gate` does; without one, let everything pass."""
        self._gate = gate
        self.last: Evidence | None = None

    def judge(self, evidence: Evidence) -> Verdict:
        """Return the verdict and remember what it rests on."""
        self.last = evidence
        return "answered" if self._gate is None else self._gate.judge(evidence)

    def chance(self, evidence: Evidence) -> float:
        """Return the chance that the question is answered."""
        return 1.0 if self._gate is None else self._gate.chance(evidence)


def ask(
    library: Library,
    watch: WatchedGate,
    questions: Sequence[Question],
    progress: Callable[[int, int], None] | None = None,
) -> list[Outcome]:
    """Return what came of each question, in order.

    Args:
        library: Searched in the language of each question's form; its gate must be `watch`.
        watch: The gate of the library.
        questions: What to ask.
        progress: Told after each question how many were asked, and how many there are.
    """
    outcomes = []
    sections = _Sections(library)
    for question in questions:
        watch.last = None
        found = library.search(
            question.text,
            language=question.form,
            role=question.role,
            limit=HITS,
            every_passage=True,
        )
        chance = 0.0 if watch.last is None else watch.chance(watch.last)
        figures = {}
        if question.answerable:
            figures = figures_of(*judged(question.gold, found.hits, sections.number))
        first = f"{found.hits[0].document} › {found.hits[0].section}" if found.hits else ""
        outcomes.append(Outcome(question, figures, found.status == "abstained", chance, first))
        if progress is not None:
            progress(len(outcomes), len(questions))
    return outcomes


def figures_of(units: Sequence[str], relevant: set[str]) -> dict[str, float]:
    """Return the figures of one question.

    Args:
        units: What was found, best first, each once.
        relevant: What should be found; not empty.
    """
    from sentence_transformers.sentence_transformer.evaluation import (  # noqa: PLC0415 - slow to load
        InformationRetrievalEvaluator,
    )

    # The evaluator sorts by score and knows no other order.
    hits = [{"corpus_id": unit, "score": -place} for place, unit in enumerate(units)]
    evaluator = InformationRetrievalEvaluator(
        queries={"asked": ""},
        corpus={},
        relevant_docs={"asked": relevant},
        mrr_at_k=[RANKED],
        ndcg_at_k=[RANKED],
        accuracy_at_k=[1, 5],
        precision_recall_at_k=[1],
        map_at_k=[1],
    )
    scores = evaluator.compute_metrics([hits])
    # With several passages that answer, one of them among the first is what an asker needs.
    return {
        "recall@1": float(scores["accuracy@k"][1]),
        "recall@5": float(scores["accuracy@k"][5]),
        "ndcg@10": float(scores["ndcg@k"][RANKED]),
        "mrr": float(scores["mrr@k"][RANKED]),
    }


def judged(
    gold: Sequence[Gold], hits: Sequence[Hit], number: Callable[[Hit], int]
) -> tuple[list[str], set[str]]:
    """Return what was found, best first and each once, and what should have been found.

    A question that only names documents is judged by documents, every other by passages.

    Args:
        gold: What answers.
        hits: The hits, best first.
        number: Gives the place of a hit's section in its document.
    """
    by_document = all(one.section is None and not one.quote for one in gold)
    units: dict[str, None] = {}
    met: set[int] = set()
    relevant: set[str] = set()
    for hit in hits:
        unit = hit.family if by_document else f"{hit.document}\n{hit.passage}"
        matched = {place for place, one in enumerate(gold) if _matches(one, hit, number)}
        units.setdefault(unit)
        # A second passage for what one already answered is neither right nor wrong: it counts as
        # found only if it is the first.
        if matched - met:
            relevant.add(unit)
            met |= matched
    missed = {f"missed {place}" for place in range(len(gold)) if place not in met}
    return list(units), relevant | missed


class _Sections:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[str, int], dict[str, int]] = {}

    def number(self, hit: Hit) -> int:
        version = hit.document, hit.version
        if version not in self._known:
            passages = self._library.passages(*version)
            sections = dict.fromkeys(passage.section for passage in passages)
            self._known[version] = {name: place for place, name in enumerate(sections, start=1)}
        return self._known[version][hit.section]


def _matches(gold: Gold, hit: Hit, number: Callable[[Hit], int]) -> bool:
    if hit.family != gold.document:
        return False
    if gold.quote:
        return " ".join(gold.quote.split()) in " ".join(hit.passage.split())
    return gold.section is None or number(hit) == gold.section
