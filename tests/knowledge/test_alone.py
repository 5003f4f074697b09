from pathlib import Path

from knowledge.quality import Trial, each_alone
from knowledge.questions import Gold, Question

REPORT = Path("fictional-a.md")
HERE, ELSEWHERE = Gold("fictional-a", quote="here"), Gold("bullying", section=2)


def a_question(name: str, *gold: Gold) -> Question:
    return Question(name, "en", name, gold=gold)


def test_a_question_is_asked_where_it_was_written_and_of_what_is_there():
    about_report = a_question("about the report", HERE, ELSEWHERE)
    about_starter = a_question("about a guide", ELSEWHERE, HERE)
    about_nothing = a_question("about nothing")
    trials = each_alone([about_report, about_starter, about_nothing], [REPORT])
    assert trials == [
        Trial([a_question("about the report", HERE)], [REPORT], starter=False),
        Trial([a_question("about a guide", ELSEWHERE), about_nothing], [], starter=True),
    ]
