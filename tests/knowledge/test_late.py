import numpy as np
import pytest

from knowledge.late import as_tokens, nearness
from tests.fakes import stored_rows


def rows(*values: tuple[float, float]) -> np.ndarray:
    states = np.array(values, dtype=np.float32)
    return states / np.linalg.norm(states, axis=1, keepdims=True)


def test_each_token_of_the_question_counts_its_nearest_token():
    passages = stored_rows([as_tokens(rows((1, 0))), as_tokens(rows((1, 0), (0, 1), (1, 1)))])
    question = rows((1, 0), (0, 1))
    near = nearness(question, passages, np.array([1, 0]))
    assert near == pytest.approx([1.0, 0.5], abs=0.01)


def test_small_numbers_lose_a_thousandth_at_most():
    states = rows(*np.random.default_rng(1).normal(size=(200, 2)))
    exact = (states[:1] @ states[1:].T).max()
    near = nearness(states[:1], stored_rows([as_tokens(states[1:])]), np.array([0]))
    assert near[0] == pytest.approx(exact, abs=0.006)


def test_no_passages_are_near_nothing():
    tokens = stored_rows([as_tokens(rows((1, 0)))])
    assert nearness(rows((1, 0)), tokens, np.array([], dtype=np.int64)).shape == (0,)
