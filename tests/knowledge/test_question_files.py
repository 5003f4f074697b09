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


def places_of(gold, passages):
    """Return where one of the answers stands: a quote in a report, or a section of a guide."""
    own = [place for place, (document, _) in enumerate(passages) if document == gold["document"]]
    if "quote" in gold:
        return [p for p in own if plain(gold["quote"]) in plain(passages[p][1].text)]
    sections = list(dict.fromkeys(passages[place][1].section for place in own))
    return [p for p in own if passages[p][1].section == sections[gold["section"] - 1]]


def test_both_reports_are_long_and_marked_as_invented():
    words = [len(path.read_text(encoding="utf-8").split()) for path in REPORTS]
    assert len(words) >= 2
    # Forty pages of 450 words.
    assert sum(words) >= 18_000
    assert all("FICTIONAL" in path.read_text(encoding="utf-8")[:400] for path in REPORTS)


def test_every_question_is_asked_in_every_form_and_written_about_one_passage(passages):
    rows = read("reports.jsonl")
    assert len(rows) >= 200
    for row in rows:
        assert set(row["texts"]) == set(LANGUAGES)
        assert row["gold"][0]["document"].startswith("fictional-")
        assert len(places_of(row["gold"][0], passages)) == 1, row["id"]


def test_who_says_our_has_a_role_and_an_answer_meant_for_it(passages):
    audiences = {
        draft.facts.id: draft.facts.audience
        for draft in map(draft_of_file, sorted(FOLDER.rglob("*.en.md")))
    }
    rows = read("our.jsonl")
    assert Counter(row["half"] for row in rows) == {"tune": 24, "test": 24}
    for row in rows:
        assert set(row["texts"]) == set(LANGUAGES)
        for gold in row["gold"]:
            assert row["role"] in audiences[gold["document"]], row["id"]
            assert places_of(gold, passages), row["id"]


def test_whatever_else_answers_is_there(passages):
    judged = [
        (row["id"], gold)
        for name in ("reports.jsonl", "starter.jsonl")
        for row in read(name)
        for gold in row.get("gold", [])[1:]
    ]
    assert len(judged) > 70
    for question, gold in judged:
        assert places_of(gold, passages), question


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
        right = [place for gold in row["gold"] for place in places_of(gold, passages)]
        scores = index.scores(words)
        found.append(int((scores > scores[right].max()).sum()) < 5)
        heading = set(lemmas(passages[right[0]][1].section, "en"))
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
