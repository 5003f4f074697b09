"""Floors under the quality of answers, on questions nobody tuned anything to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.database import Base, open_database
from knowledge.evaluation import WatchedGate, ask
from knowledge.gate import Gate
from knowledge.gate_fitting import ADDED, ANSWERED, UNANSWERED, uploads
from knowledge.library import Library
from knowledge.measures import Report, report
from knowledge.questions import read_questions

QUESTIONS = Path("tests/questions")
FORMS = ("sq", "sr-Latn", "sr-Cyrl", "en")


@pytest.fixture(scope="module")
def watch() -> WatchedGate:
    return WatchedGate(Gate.load())


@pytest.fixture(scope="module")
def library(encoder, watch, tmp_path_factory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("quality")
    engine = open_database(f"sqlite:///{folder / 'ura.sqlite3'}")
    Base.metadata.create_all(engine)
    library = Library(engine, encoder, folder / "index", gate=watch, second_person=False)
    library.load_starter()
    yield library
    engine.dispose()


@pytest.fixture(scope="module")
def measured(library, watch) -> Report:
    questions = [
        question
        for file in (ANSWERED, UNANSWERED)
        for question in read_questions(QUESTIONS / file, "test")
    ]
    return report(ask(library, watch, questions))


@pytest.mark.model
@pytest.mark.parametrize("form", FORMS)
def test_the_right_document_is_among_the_first(measured, form):
    figures = measured.forms[form].figures
    assert figures["recall@5"].mean >= 0.7
    assert figures["ndcg@10"].mean >= 0.6


@pytest.mark.model
@pytest.mark.parametrize("form", ["sq", "sr-Latn", "sr-Cyrl"])
def test_no_language_is_far_behind_english(measured, form):
    assert measured.behind[form].mean <= 0.1


@pytest.mark.model
@pytest.mark.parametrize("form", FORMS)
def test_the_gate_tells_questions_apart_in_every_language(measured, form):
    scores = measured.forms[form]
    assert scores.auroc >= 0.95
    assert scores.kept >= 0.9
    assert scores.refused >= 0.8


@pytest.mark.model
def test_a_document_that_a_trainer_adds_answers_at_once(library, watch):
    questions = read_questions(QUESTIONS / ADDED, "test")
    titles: dict[str, dict[str, str]] = {}
    for upload in uploads(QUESTIONS / ADDED, "test"):
        added = library.add(upload, by="trainer")
        library.approve(added.document, by="trainer")
        titles.setdefault(upload.name.split(".")[0], {})[upload.language] = upload.title
    for question in questions:
        found = library.search(question.text, language=question.form)
        assert found.answerable, question
        # Added apart from one another, its translations do not know that they are one document: any
        # of them may lead, and the asker's own is shown.
        assert found.hits[0].title in titles[question.id].values(), question
        own = titles[question.id][question.form[:2]]
        assert own in [hit.title for hit in found.hits], question
