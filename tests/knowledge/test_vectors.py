import numpy as np
import pytest

from knowledge import vectors as vectors_module
from knowledge.vectors import NearestVectors
from tests.fakes import stored_rows

ALL = np.ones(400, dtype=bool)


def some_vectors(count: int = 400) -> np.ndarray:
    vectors = np.random.default_rng(1).normal(size=(count, 16)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def an_index(vectors: np.ndarray, exact_up_to: int = 1000) -> NearestVectors:
    return NearestVectors(stored_rows(vectors[:, None]), exact_up_to=exact_up_to)


def test_the_nearest_come_first_and_no_more_than_there_are():
    index = an_index(np.eye(3, dtype=np.float32)).among(ALL[:3])
    query = np.array([0.1, 0.9, 0.4], dtype=np.float32)
    assert index.nearest(query, 2).tolist() == [1, 2]
    assert index.nearest(query, 10).tolist() == [1, 2, 0]


def test_only_what_is_shown_is_found():
    index = an_index(np.eye(3, dtype=np.float32)).among(np.array([True, False, True]))
    assert index.nearest(np.array([0.1, 0.9, 0.4], dtype=np.float32), 10).tolist() == [2, 0]


def test_an_empty_index_can_be_made():
    assert NearestVectors(stored_rows([np.empty((0, 3), np.float32)]).only(np.arange(0))).is_exact


@pytest.mark.parametrize("share", [1.0, 0.3])
def test_clusters_find_what_a_comparison_one_by_one_finds(share):
    vectors = some_vectors()
    shown = np.random.default_rng(2).random(400) < share
    exact = an_index(vectors).among(shown)
    clusters = an_index(vectors, exact_up_to=100)
    assert not clusters.is_exact
    for query in vectors[::40]:
        found = clusters.among(shown).nearest(query, 20)
        assert found.tolist() == exact.nearest(query, 20).tolist()


def test_what_is_far_is_found_where_all_that_is_near_is_hidden(monkeypatch):
    monkeypatch.setattr(vectors_module, "LOOKED_INTO", 1)
    vectors = some_vectors()
    query = vectors[0]
    shown = vectors @ query < np.median(vectors @ query)
    found = an_index(vectors, exact_up_to=100).among(shown).nearest(query, 200)
    assert found.tolist() == an_index(vectors).among(shown).nearest(query, 200).tolist()
    nothing = an_index(vectors, exact_up_to=100).among(~ALL).nearest(query, 5)
    assert nothing.tolist() == []


def test_what_came_later_is_found_beside_the_clusters():
    vectors = some_vectors()
    first = an_index(vectors[:390], exact_up_to=100)
    both = first.extended(stored_rows(vectors[:, None]))
    exact = an_index(vectors).among(ALL)
    assert (first.settled, both.settled) == (390, 390)
    for query in vectors[::13]:
        assert both.among(ALL).nearest(query, 5).tolist() == exact.nearest(query, 5).tolist()
    shown = ALL.copy()
    shown[395] = False
    assert 395 not in both.among(shown).nearest(vectors[395], 400)
