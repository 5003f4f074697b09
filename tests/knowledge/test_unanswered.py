import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import text

from knowledge.language import fold
from knowledge.unanswered import QuestionNotFound, UnansweredQuestions, mask


@pytest.fixture
def questions(engine, clock) -> UnansweredQuestions:
    return UnansweredQuestions(engine, clock)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("call me on +383 44 123-456 today", "call me on ••• today"),
        ("thirrni 044123456", "thirrni •••"),
        ("e-posta arta.b@shkolla.net, pls", "e-posta •••, pls"),
        ("IBAN XK051212012345678906", "IBAN •••"),
        ("makina 01-123-AB te rr. Iliria 7", "makina ••• te •••"),
        ("see https://example.org/case/7 now", "see ••• now"),
        ("personal number 1234567890", "personal number •••"),
        ("born 3.11.2014, class 5", "born •••, class 5"),
        ("Regulation 21/2013 and U1 in 24 hours", "Regulation 21/2013 and U1 in 24 hours"),
        ("strategy 2023-2028", "strategy 2023-2028"),
    ],
)
def test_what_could_lead_to_a_person_is_masked(typed, kept):
    assert mask(typed) == kept


def test_the_same_question_counts_up_however_it_is_typed(questions, clock):
    questions.note("Ku është  zyra e DPRRP-së?", language="sq", role="teacher")
    clock.move(timedelta(hours=1))
    questions.note("ku eshte zyra e dprrp-se?", language="sq", role="imam")
    [entry] = questions.open(10)
    assert (entry.count, entry.question, entry.role) == (2, "Ku është zyra e DPRRP-së?", "imam")
    assert entry.last_at == clock()


def test_numbers_that_differ_are_one_question(questions):
    questions.note("call 044 111 222 for the child", language="en", role="ngo")
    questions.note("call 044 333 444 for the child", language="en", role="ngo")
    assert [entry.count for entry in questions.open(10)] == [2]


def test_those_asked_most_come_first(questions, clock):
    for question in ("rare", "often", "often", "late"):
        clock.move(timedelta(minutes=1))
        questions.note(question, language="en", role="ngo")
    assert [entry.question for entry in questions.open(10)] == ["often", "late", "rare"]
    assert len(questions.open(2)) == 2


def test_a_closed_question_is_deleted_and_returns_when_it_comes_again(questions, engine):
    questions.note("Where?", language="en", role="ngo")
    [entry] = questions.open(10)
    questions.close(entry.id)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from unanswered_questions")) == 0
    with pytest.raises(QuestionNotFound):
        questions.close(entry.id)
    questions.note("where?", language="en", role="ngo")
    assert [entry.count for entry in questions.open(10)] == [1]


def test_an_empty_question_is_not_kept(questions):
    questions.note(" \u200b ", language="en", role="ngo")
    assert questions.open(10) == []


def test_the_database_sees_no_question_in_clear(questions, engine):
    questions.note("a word to look for", language="en", role="ngo")
    with engine.connect() as connection:
        row = connection.exec_driver_sql("select * from unanswered_questions").one()
    assert "word to look for" not in str(tuple(row))


def test_what_nobody_asks_any_more_is_deleted(questions, clock):
    questions.note("old one", language="en", role="ngo")
    clock.move(timedelta(days=10))
    questions.note("new one", language="en", role="ngo")
    assert questions.forget(clock() - timedelta(days=5)) == 1
    assert [entry.question for entry in questions.open(10)] == ["new one"]


def test_who_has_the_database_alone_cannot_try_guesses(questions, engine):
    questions.note("Who is Arben?", language="en", role="ngo")
    with engine.connect() as connection:
        kept = connection.scalar(text("select fingerprint from unanswered_questions"))
    assert kept != hashlib.sha256(fold("Who is Arben?").encode()).hexdigest()
    assert len(kept) == 64
