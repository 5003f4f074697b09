"""The question files prove something: they are blind, hard for words alone, and about real text."""

import json
import statistics
from collections import Counter
from pathlib import Path

import pytest

from knowledge import readers
from knowledge.intake import Upload, draft_of
from knowledge.language import LANGUAGES, lemmas
from knowledge.starter_library import FOLDER, draft_of_file
from knowledge.words import WordIndex

QUESTIONS = Path("tests/questions")
REPORTS = sorted(Path("tests/reports").glob("fictional-*.md"))
# What keywords alone may find, and what a question may share with the heading it asks about.
MOST_FOUND_BY_WORDS = 0.75
MOST_SHARED_WITH_HEADING = 0.3


def read(name):
    return [json.loads(line) for line in (QUESTIONS / name).read_text("utf-8").splitlines()]


def plain(text):
    return " ".join(text.split())


@pytest.fixture(scope="module")
def passages():
    """Every passage of the English starter documents and of the reports, by document."""
    drafts = [draft_of_file(path) for path in sorted(FOLDER.rglob("*.en.md"))]
    for path in REPORTS:
        upload = Upload(path.name, path.read_bytes())
        source = readers.read(upload.name, upload.content, limit_bytes=readers.LIMIT_BYTES)
        drafts.append(draft_of(upload, source))
    return [(draft.facts.id, passage) for draft in drafts for passage in draft.passages]


def gold_of(row, passages):
    [gold] = row["gold"]
    return [
        place
        for place, (document, passage) in enumerate(passages)
        if document == gold["document"] and plain(gold["quote"]) in plain(passage.text)
    ]


def test_both_reports_are_long_and_marked_as_invented():
    words = [len(path.read_text(encoding="utf-8").split()) for path in REPORTS]
    assert len(words) >= 2
    # Forty pages of 450 words.
    assert sum(words) >= 18_000
    assert all("FICTIONAL" in path.read_text(encoding="utf-8")[:400] for path in REPORTS)


def test_every_question_is_asked_in_every_form_and_answered_by_one_passage(passages):
    rows = read("reports.jsonl")
    assert len(rows) >= 200
    for row in rows:
        assert set(row["texts"]) == set(LANGUAGES)
        assert len(gold_of(row, passages)) == 1, row["id"]


def test_the_halves_hold_different_questions_of_like_number():
    rows = read("reports.jsonl")
    halves = [sum(row["half"] == half for row in rows) for half in ("tune", "test")]
    assert sum(halves) == len({row["id"] for row in rows}) == len(rows)
    assert abs(halves[0] - halves[1]) <= 1


def test_words_alone_do_not_solve_the_questions(passages):
    index = WordIndex([lemmas(f"{one.section}\n{one.text}", "en") for _, one in passages])
    found, shared = [], []
    for row in read("reports.jsonl"):
        words = lemmas(row["texts"]["en"], "en")
        [gold] = gold_of(row, passages)
        scores = index.scores(words)
        found.append(int((scores > scores[gold]).sum()) < 5)
        heading = set(lemmas(passages[gold][1].section, "en"))
        shared.append(len(heading & set(words)) / max(len(set(words)), 1))
    assert statistics.mean(found) <= MOST_FOUND_BY_WORDS
    assert statistics.median(shared) <= MOST_SHARED_WITH_HEADING


def test_what_is_never_answered_is_asked_thirty_times_a_kind_in_every_form():
    rows = read("never_answered.jsonl")
    kinds = Counter(row["kind"] for row in rows)
    assert kinds.pop("near-miss") == 60
    assert set(kinds.values()) == {30}
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(set(row["texts"]) == set(LANGUAGES) for row in rows)
    assert Counter(row["half"] for row in rows) == {"tune": 90, "test": 90}
