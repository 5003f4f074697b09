"""The gate between an answer, half an answer and an honest no."""

import dataclasses
import json

import numpy as np
import pytest

from knowledge.gate import SCORES, WEIGHTS, Evidence, Gate, Side, scores_of


def evidence(**changes) -> Evidence:
    usual = Evidence(
        query_vector=np.zeros(3, dtype=np.float32),
        best=0.86,
        second=0.85,
        mean=0.80,
        fused=1.05,
        tenth=1.01,
        covered=0.5,
    )
    return dataclasses.replace(usual, **changes)


@pytest.fixture
def gate() -> Gate:
    full = Side((0.8, *[0] * 5), (0.1, *[1] * 5), (1, *[0] * 5), 0.0, 0.5, 0.7)
    words = Side((0,), (1,), (4,), -2.0, 0.3, 0.6)
    return Gate(full, words, np.array([1, 0, 0], dtype=np.float32))


def test_scores_come_in_the_order_of_the_weights():
    assert scores_of(evidence(), SCORES) == pytest.approx([0.86, 0.01, 0.06, 1.05, 0.04, 0.5])


@pytest.mark.parametrize(
    ("best", "verdict"), [(0.70, "abstained"), (0.85, "partly"), (0.95, "answered")]
)
def test_the_chance_decides_between_three_verdicts(gate, best, verdict):
    assert gate.judge(evidence(best=best)) == verdict


def test_the_questions_own_vector_counts(gate):
    towards = np.array([1, 0, 0], dtype=np.float32)
    assert gate.chance(evidence(query_vector=towards)) > gate.chance(evidence())
    assert gate.chance(evidence(query_vector=-towards)) < gate.chance(evidence())


@pytest.mark.parametrize(
    ("covered", "verdict"), [(0.0, "abstained"), (0.4, "partly"), (1, "answered")]
)
def test_vectors_of_another_model_leave_the_verdict_to_the_words(gate, covered, verdict):
    other = np.ones(64, dtype=np.float32)
    assert gate.judge(evidence(query_vector=other, covered=covered)) == verdict


def test_extreme_numbers_are_survived(gate):
    assert gate.judge(evidence(best=1e9)) == "answered"
    assert gate.judge(evidence(best=-1e9)) == "abstained"


def test_the_shipped_weights_load_and_fit_the_shipped_model():
    gate = Gate.load()
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert stored["model"].startswith("intfloat/multilingual-e5-small")
    assert len(stored["direction"]) == 384
    unit = np.zeros(384, dtype=np.float32)
    assert 0 < gate.chance(evidence(query_vector=unit)) < 1


def test_better_evidence_never_lowers_the_chance_in_the_shipped_gate():
    gate = Gate.load()
    for vector in (np.zeros(384, np.float32), np.zeros(8, np.float32)):
        usual = gate.chance(evidence(query_vector=vector))
        assert gate.chance(evidence(query_vector=vector, covered=0.9)) >= usual
        assert gate.chance(evidence(query_vector=vector, best=0.9, second=0.89)) >= usual
