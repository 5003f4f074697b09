import numpy as np
import pytest

from knowledge.ranking import WORD_WEIGHT, best_first, first_of_each, fuse, support


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_words_add_their_weight_on_the_scale_of_the_best_match():
    fused = fuse(scores(0.8, 0.81), scores(6.0, 3.0), most_words=6.0)
    np.testing.assert_allclose(fused, [0.8 + WORD_WEIGHT, 0.81 + WORD_WEIGHT / 2], rtol=1e-6)


def test_without_shared_words_meaning_decides():
    meaning = scores(0.8, 0.9)
    assert fuse(meaning, scores(0.0, 0.0), most_words=0.0) is meaning


def test_equal_scores_keep_their_order():
    assert best_first(scores(0.5, 0.9, 0.5, 0.9)) == [1, 3, 0, 2]


def test_one_place_of_each_group_up_to_the_limit():
    groups = ["a", "a", "b", "c", "b"]
    assert first_of_each([1, 0, 4, 2, 3], groups, limit=2) == [1, 4]
    assert first_of_each([1, 0, 4, 2, 3], groups, limit=9) == [1, 4, 3]
    assert first_of_each([], groups, limit=3) == []


def test_a_family_is_as_near_as_the_mean_of_its_two_best_texts():
    cosines = np.array([0.9, 0.1, 0.5, 0.3, 0.7], dtype=np.float32)
    families = np.array([1, 0, 1, 0, 2])
    near = support(cosines, families, 3)
    assert near.tolist() == pytest.approx([0.2, 0.7, 0.7])


def test_where_no_text_speaks_there_is_nothing_to_weigh():
    assert support(np.zeros(0, np.float32), np.zeros(0, np.int64), 0).tolist() == []
