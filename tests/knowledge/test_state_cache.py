from pathlib import Path

import numpy as np
import pytest

from knowledge import state_cache
from knowledge.state_cache import TOKENS, VECTORS, StateCache
from tests.fakes import FakeEncoder

TEXTS = [["one text", "one", "text"], ["another text"], ["a third"]]
WHOLE = ["one text", "another text", "a third"]
EACH = ["one text", "another text", "a third", "one", "text"]


class Counting(FakeEncoder):
    """An encoder that remembers which texts it was given."""

    def __init__(self, name: str = "fake-words") -> None:
        self.name = name
        self.encoded: list[str] = []

    def passages(self, texts, progress=None):
        self.encoded += texts
        return super().passages(texts, progress)


@pytest.fixture
def encoder() -> Counting:
    return Counting()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def all_of(rows):
    return rows.take(np.arange(len(rows)))


def test_nothing_is_encoded_twice(folder, encoder):
    first = StateCache(folder, encoder)
    first.make(TEXTS)
    second = StateCache(folder, encoder)
    second.make([*TEXTS, ["new", "one"], TEXTS[0]])
    assert encoder.encoded == [*EACH, "new"]
    np.testing.assert_array_equal(all_of(first.vectors(EACH)), encoder.queries(EACH))
    np.testing.assert_array_equal(second.vectors(["new", "new"])[1], encoder.queries(["new"]))


def test_passages_have_token_states_and_sentences_have_none(folder, encoder):
    cache = StateCache(folder, encoder)
    cache.make(TEXTS)
    assert cache.tokens(WHOLE).counts.tolist() == [2, 2, 2]
    assert cache.tokens(WHOLE)[0].shape == (2, 64)
    assert cache.tokens(WHOLE)[0].dtype == np.int8
    with pytest.raises(KeyError):
        cache.tokens(["one"])


def test_a_sentence_that_becomes_a_passage_gets_its_tokens(folder, encoder):
    cache = StateCache(folder, encoder)
    cache.make(TEXTS)
    cache.make([["one"]])
    assert len(cache.tokens(["one"])) == 1


def test_another_encoder_shares_nothing(folder, encoder):
    other = Counting("other")
    StateCache(folder, encoder).make(TEXTS)
    StateCache(folder, other).make(TEXTS)
    assert encoder.encoded == other.encoded == EACH


@pytest.mark.parametrize("kind", [VECTORS, TOKENS])
def test_one_kind_that_is_lost_is_made_again(folder, encoder, kind):
    cache = StateCache(folder, encoder)
    cache.make(TEXTS)
    tokens = cache.tokens(WHOLE)
    for file in folder.glob(f"*{kind}"):
        file.unlink()
    cache = StateCache(folder, encoder)
    cache.make(TEXTS)
    assert len(encoder.encoded) > len(EACH)
    np.testing.assert_array_equal(all_of(cache.vectors(EACH)), encoder.queries(EACH))
    np.testing.assert_array_equal(cache.tokens(WHOLE)[2], tokens[2])


def test_many_passages_are_kept_some_at_a_time(folder, encoder, monkeypatch):
    monkeypatch.setattr(state_cache, "AT_ONCE", 2)
    told: list[tuple[int, int]] = []
    cache = StateCache(folder, encoder)
    cache.make(TEXTS, lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (3, 5), (5, 5)]
    assert len(list(folder.glob(f"*{TOKENS}"))) == 2
    np.testing.assert_array_equal(all_of(cache.vectors(EACH)), encoder.queries(EACH))


def test_no_texts_have_no_vectors(folder, encoder):
    cache = StateCache(folder, encoder)
    cache.make([])
    assert len(cache.vectors([])) == 0
    assert not folder.exists()


def test_progress_counts_new_texts_only(folder, encoder):
    told: list[tuple[int, int]] = []
    cache = StateCache(folder, encoder)
    cache.make(TEXTS[:1])
    cache.make([*TEXTS, ["fourth", "half"]], lambda done, total: told.append((done, total)))
    assert told == [(3, 4), (4, 4)]


def test_what_is_no_longer_wanted_is_dropped(folder, encoder):
    cache = StateCache(folder, encoder)
    cache.make(TEXTS)
    cache.compact(TEXTS[0])
    cache.make(TEXTS)
    assert encoder.encoded == [*EACH, *WHOLE[1:]]
