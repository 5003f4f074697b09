"""What is asked back when a message names a topic only."""

import pytest

from knowledge.library import Found
from tests.actions.conftest import a_hit

NEAR = (a_hit(), a_hit(title="Bullizmi në shkollë"), a_hit(), a_hit(title="School", language="en"))


def test_the_titles_nearest_to_a_topic_are_offered_and_no_trainer_is_told(talk, library):
    library.found = Found("abstained", False, NEAR, "sq")
    talk.slots |= {"language": "sq"}
    talk.run("action_answer_question", text="fëmijë")
    asked, _ = talk.said
    assert asked["response"] == "utter_clarify_topics"
    titles = ["Regjistrimi në shkollë", "Bullizmi në shkollë"]
    assert asked["buttons"] == [{"title": one, "payload": one} for one in titles]
    assert [(one["status"], one["citations"]) for one in talk.data] == [("clarify", [])]
    assert library.unanswered == []


def test_what_answers_a_topic_in_part_only_is_not_guessed_at(talk, library):
    library.found = Found("partly", True, NEAR, "sq")
    talk.slots |= {"language": "sq"}
    talk.run("action_answer_question", text="fëmijë")
    assert talk.said[0]["response"] == "utter_clarify_topics"
    assert [(one["status"], one["citations"]) for one in talk.data] == [("clarify", [])]


def test_without_a_title_in_the_language_a_sentence_is_asked_for(talk, library):
    library.found = Found("abstained", False, (a_hit(),), "sq")
    talk.run("action_answer_question", text="passport")
    assert talk.said[0]["response"] == "utter_clarify"
    assert "buttons" not in talk.said[0] or not talk.said[0]["buttons"]


@pytest.mark.parametrize(
    ("text", "found", "danger", "status"),
    [
        ("DPRRP", Found("answered", True, NEAR, "sq"), False, "answered"),
        ("how is a child enrolled", Found("abstained", False, NEAR, "sq"), False, "abstained"),
        ("bomb", Found("abstained", False, NEAR, "sq"), True, "abstained"),
        ("Arta Testi", Found("abstained", False, (), "sq", "individuals"), False, "abstained"),
    ],
)
def test_all_else_is_answered_or_refused(talk, library, text, found, danger, status):
    library.found = found
    talk.run("action_answer_question", text=text, danger=danger)
    assert [one["status"] for one in talk.data] == [status]


def test_a_call_for_advice_is_asked_back(talk, library):
    talk.run("action_clarify", text="what should I do")
    assert talk.said[0]["response"] == "utter_clarify"
    assert talk.data == [{"kind": "answer", "status": "clarify", "language": "en", "citations": []}]
    assert library.asked == []
