"""Answers in the words of approved documents."""

from datetime import date

import pytest

from knowledge.library import Found
from tests.actions.conftest import a_hit


def ask(talk, text="how do I enrol a child"):
    talk.run("action_answer_question", text=text)
    return talk.said[0]


def test_an_answer_is_one_text_with_its_source_and_one_item_with_all_citations(talk, library):
    library.found = Found("answered", True, (a_hit(), a_hit(page=3, review="")), "sq")
    talk.slots |= {"language": "sq"}
    said = ask(talk)
    assert said["response"] == "utter_answer"
    assert said["quote"] == "Regjistrojeni fëmijën menjëherë."
    assert said["source"] == (
        "Regjistrimi në shkollë, Hapat e parë, versioni 2, "
        "tekst fillestar, duhet ta konfirmojë DPRPR-ja"
    )
    [answer] = talk.data
    assert (answer["kind"], answer["status"], answer["language"]) == ("answer", "answered", "sq")
    assert [one["page"] for one in answer["citations"]] == [None, 3]
    assert set(answer["citations"][0]) == {
        *("document", "title", "section", "page", "place", "version", "language", "quote"),
        *("sentences", "review", "valid_until", "out_of_date"),
    }
    assert (answer["citations"][0]["valid_until"], answer["citations"][0]["out_of_date"]) == (
        None,
        False,
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "valid until 31 December 2025: check whether there is a newer text"),
        ("sq", "vlente deri më 31 dhjetor 2025: shihni nëse ka tekst më të ri"),
        ("sr", "važilo do 31. decembra 2025. – proverite ima li novijeg teksta"),
    ],
)
def test_what_is_out_of_date_says_so_in_the_text_and_in_the_data(talk, library, language, told):
    over = a_hit(valid_until=date(2025, 12, 31), out_of_date=True, language=language)
    library.found = Found("answered", True, (over,), language)
    talk.slots |= {"language": language}
    assert ask(talk)["source"].endswith(told)
    citation = talk.data[0]["citations"][0]
    assert (citation["valid_until"], citation["out_of_date"]) == ("2025-12-31", True)


def test_a_citation_says_which_passage_of_the_document_it_quotes(talk, library):
    library.found = Found("answered", True, (a_hit(place=2), a_hit(place=5)), "sq")
    ask(talk)
    assert [one["place"] for one in talk.data[0]["citations"]] == [2, 5]


def test_the_library_is_asked_in_the_voice_of_the_conversation(talk, library):
    talk.slots |= {"language": "sr", "script": "Latn"}
    ask(talk, "kako upisati dete")
    assert library.asked == [("kako upisati dete", "sr", "Latn", "", 3)]


def test_the_library_is_told_the_role_of_who_asks(talk, library):
    talk.slots["role"] = "imam"
    ask(talk, "what are our duties")
    assert library.asked == [("what are our duties", "en", "Latn", "imam", 3)]


@pytest.mark.parametrize("text", ["👍👍", "?!", "12 34", ""])
def test_what_asks_nothing_is_not_searched_and_no_trainer_is_told(talk, library, text):
    assert ask(talk, text)["response"] == "utter_default"
    assert (library.asked, library.unanswered) == ([], [])


def test_a_partial_answer_says_so(talk, library):
    library.found = Found("partly", True, (a_hit(),), "sq")
    assert ask(talk)["response"] == "utter_answer_partly"
    assert talk.data[0]["status"] == "partly"


def test_a_text_in_another_language_says_so(talk):
    assert ask(talk)["response"] == "utter_answer_other_language"


def test_the_bubble_is_in_the_reader_s_script_and_the_quote_as_it_is_stored(talk, library):
    hit = a_hit(language="sr", quote="Упишите дете.", title="Упис", section="", script="Cyrl")
    library.found = Found("answered", True, (hit,), "sr")
    talk.slots |= {"language": "sr", "script": "Latn"}
    said = ask(talk)
    assert said["response"] == "utter_answer"
    assert said["quote"] == "Upišite dete."
    assert said["source"].startswith("Upis, verzija 2, početni tekst")
    citation = talk.data[0]["citations"][0]
    assert (citation["quote"], citation["language"]) == ("Упишите дете.", "sr-Cyrl")


def test_a_page_is_named_where_there_is_one(talk, library):
    library.found = Found("answered", True, (a_hit(page=7, review="dprrp"),), "sq")
    assert ask(talk)["source"] == "Regjistrimi në shkollë, Hapat e parë, page 7, version 2"


@pytest.mark.parametrize("hits", [(), (a_hit(),)])
def test_without_an_answer_nothing_is_quoted_and_trainers_hear_of_it(talk, library, hits):
    library.found = Found("abstained", False, hits, "en")
    talk.slots["role"] = "teacher"
    assert ask(talk, "who will win")["response"] == "utter_no_answer"
    assert talk.data == [
        {"kind": "answer", "status": "abstained", "language": "en", "citations": []}
    ]
    assert library.unanswered == [("who will win", "en", "teacher")]


def test_a_failing_library_is_not_hidden(talk, library, monkeypatch):
    def fails(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(library, "search", fails)
    with pytest.raises(RuntimeError):
        ask(talk)


def test_danger_that_nothing_answers_is_no_question_for_trainers(talk, library):
    library.found = Found("abstained", False, (), "en")
    talk.run("action_answer_question", text="she will take her life", danger=True)
    assert talk.said[0]["response"] == "utter_no_answer"
    assert library.unanswered == []
