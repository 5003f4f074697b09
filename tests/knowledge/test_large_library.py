"""A library beyond the threshold answers as a small one does, also while it changes."""

import numpy as np
import pytest

from knowledge import live_index
from knowledge.row_cache import RowCache
from tests.knowledge.conftest import ARTA, an_upload, approved

THINGS = ("plan", "visit", "letter", "absence", "meeting", "transfer", "illness", "parcel")
PLACES = ("school", "prison", "office", "clinic", "shelter", "court")
TEXTS = {f"{thing}-{place}": f"Report the {thing} to the {place} head." for thing in THINGS for place in PLACES}  # fmt: skip
FRONT = "---\nid: {name}\ntitle: {name}\nlanguage: en\n---\n{text}\n"


def a_document(name: str, text: str):
    return an_upload(FRONT.format(name=name, text=text), name="a.md", title=None, language=None)


@pytest.fixture
def filled(open_library):
    library = open_library()
    for name, text in TEXTS.items():
        approved(library, a_document(name, text))
    return library


@pytest.fixture
def large(filled, open_library, monkeypatch):
    # A change of one document is far below the share that starts a merge.
    library = open_library(exact_up_to=10)
    library.refresh()
    return library


def names(library, question: str, limit: int = 3) -> list[str]:
    return [hit.document for hit in library.search(question, language="en", limit=limit).hits]


def index_of(library):
    return library._index.current()


def test_clusters_give_the_first_hits_of_exact_search(filled, large):
    assert (index_of(filled).nearest.is_exact, index_of(large).nearest.is_exact) == (True, False)
    for text in TEXTS.values():
        assert names(large, text) == names(filled, text)


def test_an_added_document_is_found_at_the_next_question_without_a_new_index(large):
    before = index_of(large)
    approved(large, a_document("moon", "Moon dust goes to the observatory."))
    assert names(large, "moon dust observatory")[0] == "moon.en"
    after = index_of(large)
    assert after.nearest.settled == before.nearest.settled == len(TEXTS)
    assert (before.changes, after.changes) == (0, 1)
    assert len(index_of(large).passages) == len(TEXTS) + 1


def test_a_withdrawn_document_never_comes_back_and_a_restored_one_does(large):
    question = TEXTS["plan-school"]
    large.withdraw("plan-school.en", by=ARTA, reason="")
    assert "plan-school.en" not in names(large, question, limit=100)
    approved(large, a_document("moon", "Moon dust goes to the observatory."))
    assert "plan-school.en" not in names(large, question, limit=100)
    large.withdraw("moon.en", by=ARTA, reason="")
    assert "moon.en" not in names(large, "moon dust", limit=100)
    large.restore("plan-school.en", by=ARTA)
    assert names(large, question)[0] == "plan-school.en"


def test_a_new_version_takes_the_place_of_the_old_one(large):
    approved(large, a_document("plan-school", "Teachers look at the stars."))
    texts = [hit.passage for hit in large.search("stars", language="en", limit=100).hits]
    assert "Teachers look at the stars." in texts
    assert TEXTS["plan-school"] not in texts


def test_many_changes_are_merged_in_the_background_and_lose_nothing(large, monkeypatch):
    monkeypatch.setattr(live_index, "MOST_CHANGED", 0.0)
    large.withdraw("plan-school.en", by=ARTA, reason="")
    approved(large, a_document("moon", "Moon dust goes to the observatory."))
    assert names(large, "moon dust")[0] == "moon.en"
    large._index.merged()
    merged = index_of(large)
    assert (merged.changes, merged.nearest.settled, len(merged.passages)) == (
        0,
        len(TEXTS),
        len(TEXTS),
    )
    assert names(large, "moon dust")[0] == "moon.en"
    assert "plan-school.en" not in names(large, TEXTS["plan-school"], limit=100)


def test_what_changes_during_a_merge_is_kept(large, monkeypatch):
    approved(large, a_document("moon", "Moon dust goes to the observatory."))
    old = index_of(large)
    approved(large, a_document("star", "Star light goes to the observatory."))
    large.withdraw("moon.en", by=ARTA, reason="")
    index_of(large)
    large._index._merge(old)
    merged = index_of(large)
    assert merged.nearest.settled == len(TEXTS) + 1
    assert names(large, "star light")[0] == "star.en"
    assert "moon.en" not in names(large, "moon dust", limit=100)


def test_a_change_reads_nothing_that_is_known(large, monkeypatch):
    index_of(large)
    asked: list[int] = []
    real = RowCache.rows

    def counted(self, texts):
        asked.append(len(texts))
        return real(self, texts)

    monkeypatch.setattr(RowCache, "rows", counted)
    approved(large, a_document("moon", "Moon dust goes to the observatory."))
    index_of(large)
    assert max(asked) == 1


def test_a_library_that_shrinks_is_searched_exactly_again(large):
    for name in list(TEXTS)[9:]:
        large.withdraw(f"{name}.en", by=ARTA, reason="")
    assert index_of(large).nearest.is_exact
    assert len(index_of(large).passages) == 9
    assert np.all(index_of(large).answering)
