import numpy as np
import pytest

from knowledge.ranking import RECIPES, best_first, first_of_each, shares, two_best


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_words_count_on_the_scale_of_the_best_match():
    np.testing.assert_allclose(shares(scores(6.0, 3.0, 0.0), 6.0), [1, 0.5, 0])


def test_without_shared_words_all_have_none():
    assert shares(scores(0.0, 0.0), 0.0).tolist() == [0, 0]


def test_each_baseline_is_one_part_alone():
    assert (RECIPES["bm25"].words, RECIPES["bm25"].meaning, RECIPES["bm25"].tokens) == (1, 0, 0)
    assert (RECIPES["dense"].words, RECIPES["dense"].meaning, RECIPES["dense"].tokens) == (0, 1, 0)


def test_equal_scores_keep_their_order():
    assert best_first(scores(0.5, 0.9, 0.5, 0.9)) == [1, 3, 0, 2]


@pytest.mark.parametrize("kinds", [1, 3, 5000])
@pytest.mark.parametrize("limit", [0, 1, 20, 156, 157, 4999, 5001])
def test_the_first_of_many_are_the_first_of_all_in_order(kinds, limit):
    many = np.random.default_rng(7).integers(kinds, size=5000).astype(np.float32)
    assert best_first(many, limit) == best_first(many)[:limit]


def test_one_place_of_each_group_up_to_the_limit():
    groups = ["a", "a", "b", "c", "b"]
    assert first_of_each([1, 0, 4, 2, 3], groups, limit=2) == [1, 4]
    assert first_of_each([1, 0, 4, 2, 3], groups, limit=9) == [1, 4, 3]
    assert first_of_each([], groups, limit=3) == []


def test_each_family_names_its_two_best_texts():
    cosines = np.array([0.9, 0.1, 0.5, 0.3, 0.7, 0.2], dtype=np.float32)
    families = np.array([1, 0, 1, 0, 2, 1])
    first, second = two_best(cosines, families, 3)
    assert (first.tolist(), second.tolist()) == ([3, 0, 4], [1, 2, 4])


def test_where_no_text_speaks_there_is_nothing_to_weigh():
    none = two_best(np.zeros(0, np.float32), np.zeros(0, np.int64), 0)
    assert [one.tolist() for one in none] == [[], []]
