import numpy as np

from knowledge.vectors import NearestVectors


def test_the_nearest_come_first_and_no_more_than_there_are():
    index = NearestVectors(np.eye(3, dtype=np.float32))
    query = np.array([0.1, 0.9, 0.4], dtype=np.float32)
    assert index.nearest(query, 2).tolist() == [1, 2]
    assert index.nearest(query, 10).tolist() == [1, 2, 0]


def test_an_empty_index_finds_nothing():
    index = NearestVectors(np.empty((0, 3), dtype=np.float32))
    assert index.nearest(np.ones(3, dtype=np.float32), 5).tolist() == []
