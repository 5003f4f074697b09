"""Trainers read whether answers helped, below the questions that none answered."""

import re
from datetime import timedelta

import pytest

from assistant.dialogue.records import Kept, Said
from assistant.web.feedback import Cited, Count
from assistant.web.strings import Words
from knowledge.library import Upload
from tests.assistant.web.markup import mistakes_in, text_of

CODES = ("sq", "sr-Latn", "sr-Cyrl", "en")
REASONS = ("wrong", "outdated", "not_for_my_role", "unclear", "language")
QUESTION = "What about the boy from Testi street?"
TEXT = """# {title}

## First week

Talk with the carer and name one contact person at school, before anything else is decided there.
"""


@pytest.fixture
def add(app_parts):
    """`add("Bullying")` puts an approved document on the shelf and returns its id."""

    def document(title: str) -> str:
        content = TEXT.format(title=title).encode()
        upload = Upload(f"{title}.md", content, language="en", kind="protocol")
        added = app_parts.library.add(upload, by="one trainer")
        app_parts.library.approve(added.document, by="another trainer")
        return added.document

    return document


@pytest.fixture
def judge(app_parts):
    """`judge(helpful, documents)` keeps what a person says of an answer from `documents`."""
    records = app_parts.records

    def kept(helpful: bool, documents=(), *, reason: str = "", role: str = "imam") -> None:
        cited = [{"document": one} for one in documents]
        card = {"custom": {"data": {"kind": "answer", "citations": cited}}}
        talk = Kept("talk-1", "secret-person", "sq", "Latn", {})
        turn = records.save(talk, Said(QUESTION, [{"text": "secret reply"}, card]))
        records.note_feedback(turn, role=role, helpful=helpful, reason=reason)

    return kept


@pytest.fixture
def trainer(sign_in):
    return sign_in("trainer")


def section_of(html: str) -> str:
    return html.partition('<section class="stack feedback"')[2].partition("</section>")[0]


def test_a_trainer_sees_how_often_each_document_helped_the_worst_first(trainer, add, judge):
    good, bad = add("Enrolment"), add("Bullying")
    judge(True, [good, bad])
    judge(True, [good])
    judge(False, [bad], reason="outdated")
    page = trainer.get("/unanswered").text
    section = section_of(page)
    text = text_of(section)
    assert "Helped: 2 Did not help: 1 By document" in text
    assert "Bullying Helped: 1 Did not help: 1" in text
    assert "Enrolment Helped: 2 Did not help: 0" in text
    assert text.index("Bullying") < text.index("Enrolment")
    assert re.findall(r'width="(\d+)%"', section) == ["50", "50", "100"]
    assert mistakes_in(page) == []


def test_what_did_not_help_stands_with_reason_role_day_and_a_way_to_the_text(
    sign_in, add, judge, clock
):
    document = add("Bullying")
    judge(False, [document], reason="outdated")
    clock.move(timedelta(days=1))
    judge(False, [document], reason="unclear", role="teacher")
    trainer, words = sign_in("trainer"), Words("en")
    section = section_of(trainer.get("/unanswered").text)
    text = text_of(section)
    latest = f"{words('widget.reason_unclear')} {words('roles.teacher')} Shqip 3 November 2026"
    earlier = f"{words('widget.reason_outdated')} {words('roles.imam')} Shqip 2 November 2026"
    assert 0 < text.find(latest) < text.find(earlier)
    address = re.search(r'href="(/sources/[^"]+)"', section)[1]
    assert trainer.get(address).status_code == 200


def test_neither_the_person_nor_the_question_nor_the_reply_is_shown(trainer, add, judge):
    judge(False, [add("Bullying")], reason="wrong")
    page = trainer.get("/unanswered").text
    for secret in (QUESTION, "secret", "talk-1"):
        assert secret not in page


def test_without_feedback_the_page_says_what_will_be_here(trainer):
    page = trainer.get("/unanswered").text
    assert Words("en")("feedback.empty") in text_of(page)
    assert "<svg" not in section_of(page)


def test_where_everything_helped_there_is_nothing_to_complain_of(trainer, add, judge):
    judge(True, [add("Bullying")])
    text = text_of(section_of(trainer.get("/unanswered").text))
    assert Words("en")("feedback.all_helped") in text


def test_a_document_that_is_gone_or_waits_is_named_without_a_link(trainer, app_parts, judge):
    upload = Upload("new.md", TEXT.format(title="New").encode(), language="en", kind="protocol")
    waiting = app_parts.library.add(upload, by="one trainer").document
    judge(False, [waiting, "long-gone.en"], reason="no-such-reason")
    judge(False)
    section = section_of(trainer.get("/unanswered").text)
    text = text_of(section)
    assert "/sources/" not in section
    assert "long-gone.en" in text
    assert Words("en")("feedback.reason_none") in text
    assert Words("en")("feedback.cited_none") in text


def test_a_title_that_holds_markup_is_text(trainer, add, judge):
    judge(False, [add("<script>alert(1)</script>")])
    assert "<script>alert" not in trainer.get("/unanswered").text


@pytest.mark.parametrize("role", ["teacher", "ngo", "admin"])
def test_who_may_not_read_it_sees_the_same_with_and_without_feedback(sign_in, judge, role):
    outsider = sign_in(role)
    before = outsider.get("/unanswered")
    judge(False, ["bullying.en"], reason="wrong")
    after = outsider.get("/unanswered")
    assert before.status_code == after.status_code == 403
    words = Words("en")
    for page in (after.text, outsider.get("/settings").text):
        assert words("feedback.title") not in page


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_the_section_is_whole_in_every_language(sign_in, add, judge, code):
    own = sign_in("dprrp", language=code, name=f"Officer {code}")
    assert mistakes_in(own.get("/unanswered").text) == []
    judge(True, [add("Bullying")])
    for reason in (*REASONS, ""):
        judge(False, [add("Bullying")], reason=reason)
    page = own.get("/unanswered").text
    words = Words(code)
    assert mistakes_in(page) == []
    assert all(words(f"widget.reason_{reason}") in text_of(page) for reason in REASONS)


@pytest.mark.parametrize(
    ("helped", "not_helped", "share"),
    [(3, 1, 75), (0, 4, 0), (4, 0, 100), (999, 1, 98), (1, 999, 2)],
)
def test_a_small_part_can_still_be_seen(helped, not_helped, share):
    assert Count(Cited("x", "en", ""), helped, not_helped).share == share
