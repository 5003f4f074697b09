"""Floors under the quality of answers, on questions nobody tuned anything to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.database import Base, open_database
from knowledge.evaluation import Score, WatchedGate, ask, read_questions, scores_by_form
from knowledge.gate import Gate
from knowledge.gate_fitting import ADDED, ANSWERED, UNANSWERED, uploads
from knowledge.library import Library

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
def scores(library, watch) -> dict[str, Score]:
    questions = [
        question
        for file in (ANSWERED, UNANSWERED)
        for question in read_questions(QUESTIONS / file, "test")
    ]
    return scores_by_form(ask(library, watch, questions))


@pytest.mark.model
@pytest.mark.parametrize("form", FORMS)
def test_the_right_document_is_among_the_first(scores, form):
    assert scores[form].among_three >= 0.55
    assert scores[form].among_five >= 0.6
    assert scores[form].ndcg >= 0.55


@pytest.mark.model
@pytest.mark.parametrize("form", FORMS)
def test_the_gate_tells_questions_apart_in_every_language(scores, form):
    assert scores[form].auroc >= 0.92
    assert scores[form].wrongly_refused <= 0.1
    assert scores[form].rightly_refused >= 0.6


@pytest.mark.model
def test_a_document_that_a_trainer_adds_answers_at_once(library, watch):
    questions = read_questions(QUESTIONS / ADDED, "test")
    titles = {}
    for upload in uploads(QUESTIONS / ADDED, "test"):
        added = library.add(upload, by="trainer")
        library.approve(added.document, by="trainer")
        titles[upload.name.split(".")[0], upload.language] = upload.title
    for question in questions:
        found = library.search(question.text, language=question.form)
        assert found.answerable, question
        assert found.hits[0].title == titles[question.id, question.form[:2]], question
