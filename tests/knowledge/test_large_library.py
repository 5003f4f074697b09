"""A library beyond the threshold answers as a small one does, also while it changes."""

from datetime import timedelta

import pytest

from knowledge import live_index
from knowledge.row_cache import RowCache
from tests.knowledge.conftest import ARTA, an_upload, approved

THINGS = ("plan", "visit", "letter", "absence", "meeting", "transfer", "illness", "parcel")
PLACES = ("school", "prison", "office", "clinic", "shelter", "court")
TEXTS = [f"Report the {thing} to the {place} head." for thing in THINGS for place in PLACES]
SMALL = 10
FRONT = "---\nid: {name}\ntitle: {name}\nlanguage: en\n---\n{text}\n"
MOON, STAR = "Moon dust goes to the observatory.", "Star light goes to the observatory."


def a_document(name: str, text: str):
    return an_upload(FRONT.format(name=name, text=text), name="a.md", title=None, language=None)


@pytest.fixture
def exact(library):
    sections = "\n".join(f"## Step {place}\n{text}" for place, text in enumerate(TEXTS))
    approved(library, a_document("handbook", sections))
    approved(library, a_document("moon", MOON))
    return library


@pytest.fixture
def large(exact, open_library):
    library = open_library(exact_up_to=SMALL)
    library.refresh()
    return library


def passages(library, question: str, limit: int = 3) -> list[str]:
    return [hit.passage for hit in library.search(question, language="en", limit=limit).hits]


def index_of(library):
    return library._index.current()


def test_clusters_give_the_first_hits_of_exact_search(exact, large):
    assert (index_of(exact).nearest.is_exact, index_of(large).nearest.is_exact) == (True, False)
    for text in TEXTS:
        assert passages(large, text) == passages(exact, text)


def test_an_added_document_is_found_at_the_next_question_without_a_new_index(large):
    before = index_of(large)
    approved(large, a_document("star", STAR))
    assert passages(large, "star light")[0] == STAR
    after = index_of(large)
    assert after.nearest.settled == before.nearest.settled == len(TEXTS) + 1
    assert (before.changes, after.changes) == (0, 1)


def test_what_is_withdrawn_never_comes_back_until_it_is_restored(large):
    large.withdraw("moon.en", by=ARTA, reason="")
    assert MOON not in passages(large, MOON, limit=100)
    approved(large, a_document("star", STAR))
    assert MOON not in passages(large, MOON, limit=100)
    large.withdraw("star.en", by=ARTA, reason="")
    assert STAR not in passages(large, STAR, limit=100)
    large.restore("moon.en", by=ARTA)
    assert passages(large, MOON)[0] == MOON


def test_a_new_version_takes_the_place_of_the_old_one(large):
    approved(large, a_document("moon", STAR))
    found = passages(large, "observatory", limit=100)
    assert (STAR in found, MOON in found) == (True, False)


def test_what_goes_out_of_date_is_marked_or_gone_the_next_day(large, clock):
    until = f"title: star\nlanguage: en\nvalid_until: {clock().date()}\n"
    for choice in ("flag", "hide"):
        text = f"---\nid: {choice}\n{until}when_out_of_date: {choice}\n---\n{STAR}\n"
        approved(large, an_upload(text, name="a.md", title=None, language=None))
    assert marks(large) == {"flag.en": False, "hide.en": False}
    clock.move(timedelta(days=1))
    assert marks(large) == {"flag.en": True}
    assert not index_of(large).nearest.is_exact


def marks(library) -> dict[str, bool]:
    found = library.search(STAR, language="en", limit=100).hits
    return {hit.document: hit.out_of_date for hit in found if hit.passage == STAR}


def test_many_changes_are_merged_in_the_background_and_lose_nothing(large, monkeypatch):
    monkeypatch.setattr(live_index, "MOST_CHANGED", 0.0)
    large.withdraw("moon.en", by=ARTA, reason="")
    approved(large, a_document("star", STAR))
    assert passages(large, "star light")[0] == STAR
    large._index.merged()
    merged = index_of(large)
    assert (merged.changes, merged.nearest.settled) == (0, len(TEXTS) + 1)
    assert passages(large, "star light")[0] == STAR
    assert MOON not in passages(large, MOON, limit=100)


def test_what_changes_during_a_merge_is_kept(large):
    old = index_of(large)
    approved(large, a_document("star", STAR))
    large.withdraw("moon.en", by=ARTA, reason="")
    index_of(large)
    large._index._merge(old)
    assert index_of(large).changes == 2
    assert passages(large, "star light")[0] == STAR
    assert MOON not in passages(large, MOON, limit=100)


def test_a_change_looks_up_nothing_that_is_known(large, monkeypatch):
    asked: list[int] = []
    real = RowCache.rows

    def counted(self, texts):
        asked.append(len(texts))
        return real(self, texts)

    monkeypatch.setattr(RowCache, "rows", counted)
    approved(large, a_document("star", STAR))
    index_of(large)
    assert max(asked) == 1


def test_a_merge_that_ends_in_a_small_library_is_left(large):
    old = index_of(large)
    large.withdraw("handbook.en", by=ARTA, reason="")
    now = index_of(large)
    large._index._merge(old)
    assert index_of(large) is now


def test_a_library_that_shrinks_is_searched_exactly_again(large):
    large.withdraw("handbook.en", by=ARTA, reason="")
    assert index_of(large).nearest.is_exact
    assert passages(large, TEXTS[0], limit=100) == [MOON]
