from datetime import timedelta

import pytest

from knowledge.library import (
    OPERATOR,
    DocumentNotFound,
    NoEncoder,
    SamePersonApproves,
    UnknownLanguage,
    UnreadableFile,
    Upload,
    WrongState,
)
from tests.fakes import FakeEncoder
from tests.knowledge.conftest import ARTA, BLERIM, an_upload, approved
from tests.knowledge.files import GUIDE, a_docx, a_pdf

QUESTION = "who to call when a child is bullied at school"


def documents(found) -> list[str]:
    return [hit.document for hit in found.hits]


def test_an_added_document_waits_and_answers_nothing(library):
    added = library.add(an_upload(), by=ARTA)
    assert (added.document, added.version, added.state, added.passages) == (
        "bullying",
        1,
        "waiting",
        1,
    )
    assert documents(library.search(QUESTION, language="en")) == []


def test_an_approved_document_answers_at_the_next_question(library):
    document = library.add(an_upload(), by=ARTA).document
    library.search(QUESTION, language="en")
    library.approve(document, by=BLERIM)
    found = library.search(QUESTION, language="en")
    assert documents(found) == ["bullying"]
    assert (found.status, found.answerable, found.language) == ("answered", True, "en")


def test_another_process_notices_every_change(open_library):
    server, trainer = open_library(), open_library()
    document = approved(trainer, an_upload())
    assert documents(server.search(QUESTION, language="en")) == [document]
    trainer.withdraw(document, by=ARTA, reason="outdated")
    assert documents(server.search(QUESTION, language="en")) == []
    trainer.restore(document, by=ARTA)
    assert documents(server.search(QUESTION, language="en")) == [document]


def test_approving_needs_no_encoder_and_encodes_nothing_later(open_library):
    class Once(FakeEncoder):
        def passages(self, texts, progress=None):
            raise AssertionError(texts)

    document = open_library().add(an_upload(), by=ARTA).document
    open_library(encoder=None).approve(document, by=BLERIM)
    assert documents(open_library(encoder=Once()).search(QUESTION, language="en")) == [document]


def test_adding_and_searching_without_an_encoder_are_refused(open_library):
    with pytest.raises(NoEncoder):
        open_library(encoder=None).add(an_upload(), by=ARTA)
    with pytest.raises(NoEncoder):
        open_library(encoder=None).search(QUESTION)


def test_whoever_added_a_document_may_not_approve_it(library):
    document = library.add(an_upload(), by=ARTA).document
    with pytest.raises(SamePersonApproves):
        library.approve(document, by=ARTA)
    assert documents(library.search(QUESTION, language="en")) == []


def test_one_person_is_enough_where_the_setting_says_so(open_library):
    library = open_library(second_person=False)
    document = library.add(an_upload(), by=ARTA).document
    library.approve(document, by=ARTA)
    assert documents(library.search(QUESTION, language="en")) == [document]


def test_the_operator_may_add_and_approve(library):
    document = library.add(an_upload(), by=OPERATOR).document
    library.approve(document, by=OPERATOR)
    assert documents(library.search(QUESTION, language="en")) == [document]


def test_a_new_version_answers_in_place_of_the_old_one(library):
    document = approved(library, an_upload())
    again = library.add(an_upload("Call the police when a child is bullied at school."), by=ARTA)
    assert (again.document, again.version) == (document, 2)
    assert library.search(QUESTION, language="en").hits[0].version == 1
    library.approve(document, by=BLERIM)
    [hit] = library.search(QUESTION, language="en").hits
    assert (hit.version, hit.quote) == (2, "Call the police when a child is bullied at school.")


def test_a_rejected_version_changes_nothing(library):
    document = approved(library, an_upload())
    library.add(an_upload("Other words"), by=ARTA)
    library.reject(document, by=BLERIM, reason="wrong number")
    assert library.search(QUESTION, language="en").hits[0].version == 1
    with pytest.raises(WrongState):
        library.approve(document, by=BLERIM)


def test_only_the_newest_upload_waits(library):
    library.add(an_upload(), by=ARTA)
    library.add(an_upload("Newer words stand here."), by=ARTA)
    library.approve("bullying", by=BLERIM)
    assert [(one.version, one.state) for one in library.list()] == [(2, "approved")]


def test_a_withdrawn_version_cannot_return_over_a_newer_one(library):
    document = approved(library, an_upload())
    library.withdraw(document, by=ARTA, reason="")
    approved(library, an_upload("Newer words stand here."))
    with pytest.raises(WrongState):
        library.restore(document, by=ARTA)


@pytest.mark.parametrize(
    "step",
    [
        lambda library, name: library.approve(name, by=BLERIM),
        lambda library, name: library.reject(name, by=BLERIM, reason=""),
        lambda library, name: library.withdraw(name, by=BLERIM, reason=""),
        lambda library, name: library.restore(name, by=BLERIM),
    ],
)
def test_a_step_from_the_wrong_state_or_for_no_document_is_refused(library, step):
    with pytest.raises(DocumentNotFound):
        step(library, "nothing")
    document = library.add(an_upload(), by=ARTA).document
    library.reject(document, by=BLERIM, reason="")
    with pytest.raises(WrongState):
        step(library, document)


def test_a_document_answers_only_while_it_is_in_date(library, clock):
    text = GUIDE.replace("2026-11-01", "2026-11-10\nvalid_until: 2026-11-20")
    approved(library, an_upload(text, name="guide.md", title=None))
    asked = {"question": "stop the behaviour calmly", "language": "en"}
    seen = []
    for _ in range(4):
        seen.append(bool(library.search(**asked).hits))
        clock.move(timedelta(days=8))
    assert seen == [False, True, True, False]


OVERNIGHT = GUIDE.replace("2026-11-01", "2026-11-01\nvalid_until: 2026-11-02")


def flags_of(library) -> list[bool]:
    found = library.search("stop the behaviour calmly", language="en", limit=1)
    return [hit.out_of_date for hit in found.hits]


@pytest.mark.parametrize(
    ("choice", "front", "after"),
    [
        (None, "", []),
        (None, "when_out_of_date: hide\n", []),
        (None, "when_out_of_date: flag\n", [True]),
        ("flag", "when_out_of_date: hide\n", [True]),
        ("hide", "when_out_of_date: flag\n", []),
    ],
)
def test_overnight_a_document_is_hidden_or_flagged_as_was_chosen(
    library, clock, choice, front, after
):
    text = OVERNIGHT.replace("review:", f"{front}review:")
    approved(library, an_upload(text, name="guide.md", title=None, when_out_of_date=choice))
    assert flags_of(library) == [False]
    clock.move(timedelta(days=1))
    assert flags_of(library) == after


def test_the_choice_may_be_changed_later_and_goes_on_to_the_next_version(open_library, clock):
    server, trainer = open_library(), open_library()
    upload = an_upload(OVERNIGHT, name="guide.md", title=None)
    document = approved(trainer, upload)
    clock.move(timedelta(days=1))
    seen = []
    for choice in ("flag", "hide", "flag"):
        trainer.choose_when_out_of_date(document, choice, version=1)
        seen.append(flags_of(server))
    assert seen == [[True], [], [True]]
    approved(trainer, upload)
    assert [one.when_out_of_date for one in server.list()] == ["flag"]
    assert flags_of(server) == [True]
    with pytest.raises(DocumentNotFound):
        trainer.choose_when_out_of_date(document, "hide", version=9)


def test_a_waiting_version_changes_nothing_for_the_one_that_answers(library, clock):
    document = approved(library, an_upload(OVERNIGHT, name="guide.md", title=None))
    library.add(an_upload(OVERNIGHT, name="guide.md", title=None, when_out_of_date="flag"), by=ARTA)
    clock.move(timedelta(days=1))
    assert flags_of(library) == []
    library.approve(document, by=BLERIM)
    assert flags_of(library) == [True]


def test_of_two_that_are_equally_near_the_one_in_date_comes_first(library, clock):
    # By name the old one would come first.
    for name in ("a-old", "b-new"):
        until = "valid_until: 2026-11-02\nwhen_out_of_date: flag\n" if name == "a-old" else ""
        text = GUIDE.replace("id: guide", f"id: {name}").replace("review:", f"{until}review:")
        approved(library, an_upload(text, name="guide.md", title=None))
    before = library.search("stop the behaviour calmly", language="en")
    clock.move(timedelta(days=1))
    after = library.search("stop the behaviour calmly", language="en")
    assert [documents(before)[0], documents(after)[0]] == ["a-old.en", "b-new.en"]
    scores = {hit.document: hit.score for hit in after.hits[:2]}
    assert scores["a-old.en"] == scores["b-new.en"]


def test_facts_are_found_in_the_front_matter(library):
    document = approved(library, an_upload(GUIDE, name="guide.md", title=None))
    assert document == "guide.en"
    hit = library.search("stop the behaviour calmly", language="en").hits[0]
    assert (hit.family, hit.title, hit.section) == ("guide", "Bullying at school", "The same day")
    assert (hit.kind, hit.review, hit.audience) == (
        "protocol",
        "starter",
        ("teacher", "social_worker"),
    )
    assert hit.quote in hit.passage


def test_what_is_said_at_upload_goes_before_the_front_matter(library):
    library.add(
        an_upload(GUIDE, name="guide.md", title="Mine", kind="training", audience=("imam",)),
        by=ARTA,
    )
    [listed] = library.list()
    assert (listed.title, listed.kind, listed.audience) == ("Mine", "training", ("imam",))


def test_the_title_comes_from_the_heading_else_from_the_file_name(library):
    library.add(Upload("a.docx", a_docx(), language="sq"), by=ARTA)
    library.add(an_upload(title=None, name="Field notes.txt"), by=ARTA)
    assert {one.title for one in library.list()} == {"Prishja e qetësisë", "Field notes"}


def test_a_citation_names_the_page(library):
    pages = [
        [("On schools", 20), ("This page speaks of schools.", 11)],
        [("On prisons", 20), ("This page speaks of prisons.", 11)],
    ]
    approved(library, Upload("a.pdf", a_pdf(pages), title="Pages", language="en"))
    hit = library.search("prisons", language="en").hits[0]
    assert (hit.section, hit.page) == ("On prisons", 2)
    assert [view.page for view in library.passages("pages")] == [1, 2]


def test_a_hit_says_which_passage_of_its_version_it_is(library):
    text = "# Guide\n\n## One\n\nCall the carer first.\n\n## Two\n\nWrite down what you saw.\n"
    added = library.add(Upload("guide.md", text.encode(), language="en"), by="a")
    library.approve(added.document, by="b")
    passages = library.passages(added.document)
    for question in ("who calls the carer", "what do I write down"):
        hit = library.search(question, language="en").hits[0]
        assert passages[hit.place - 1].text == hit.passage


def test_equal_titles_of_other_texts_get_other_names(library):
    names = [
        library.add(an_upload(title="Për shkollën"), by=ARTA).document,
        library.add(an_upload(title="Per shkollen"), by=ARTA).document,
        library.add(an_upload(title="Për shkollën", language="sq"), by=ARTA).document,
        library.add(an_upload(title="Per shkollen"), by=ARTA).document,
        library.add(an_upload(title="日本"), by=ARTA).document,
    ]
    assert names == [
        "per-shkollen",
        "per-shkollen-2",
        "per-shkollen-3",
        "per-shkollen-2",
        "document",
    ]


def test_a_title_does_not_hide_behind_a_page(library):
    names = [
        library.add(an_upload(title=title), by=ARTA).document
        for title in ("Try", "try!", "Upload", "Try", "Trying")
    ]
    assert names == ["try-2", "try-3", "upload-2", "try-2", "trying"]


def test_a_title_cannot_slip_into_a_family(library):
    library.add(an_upload(GUIDE, name="guide.md"), by=ARTA)
    assert library.add(an_upload(title="Guide"), by=ARTA).document == "guide-2"


def test_a_broken_file_leaves_nothing_behind(library):
    with pytest.raises(UnreadableFile, match="empty"):
        library.add(an_upload(""), by=ARTA)
    assert library.list() == []


def test_an_unknown_language_is_refused(library):
    with pytest.raises(UnknownLanguage):
        library.add(an_upload(language="de"), by=ARTA)
    with pytest.raises(UnknownLanguage):
        library.add(an_upload("4711 0815 x", language=None), by=ARTA)
    with pytest.raises(UnknownLanguage):
        library.search(QUESTION, language="de")


def test_the_size_limit_is_that_of_the_installation(open_library):
    with pytest.raises(UnreadableFile, match="too_large"):
        open_library(limit_bytes=10).add(an_upload(), by=ARTA)


def test_the_list_shows_what_answers_and_what_waits(library, clock):
    document = approved(library, an_upload())
    clock.move(timedelta(hours=1))
    library.add(an_upload("Newer words."), by=BLERIM)
    answers, waits = library.list()
    assert (answers.version, answers.state, answers.added_by) == (1, "approved", ARTA)
    assert (waits.version, waits.state, waits.added_by) == (2, "waiting", BLERIM)
    assert waits.added_at == clock()
    assert {answers.document, waits.document} == {document}


def test_passages_are_those_of_the_version_that_answers_unless_another_is_asked_for(library):
    document = approved(library, an_upload())
    library.add(an_upload("Newer words."), by=ARTA)
    assert "principal" in library.passages(document)[0].text
    assert library.passages(document, 2)[0].text == "Newer words."
    for missing in [("nothing", None), (document, 9)]:
        with pytest.raises(DocumentNotFound):
            library.passages(*missing)


def test_the_history_tells_who_did_what_and_why(library):
    document = approved(library, an_upload())
    library.withdraw(document, by=ARTA, reason="outdated")
    library.restore(document, by=BLERIM)
    library.add(an_upload("Newer words."), by=ARTA)
    library.approve(document, by=BLERIM)
    assert [(e.version, e.state, e.by, e.reason) for e in library.history(document)] == [
        (1, "waiting", ARTA, ""),
        (1, "approved", BLERIM, ""),
        (1, "withdrawn", ARTA, "outdated"),
        (1, "approved", BLERIM, ""),
        (2, "waiting", ARTA, ""),
        (1, "superseded", BLERIM, ""),
        (2, "approved", BLERIM, ""),
    ]
    with pytest.raises(DocumentNotFound):
        library.history("nothing")


def test_the_library_is_ready_once_its_index_is_loaded(library):
    assert not library.ready
    library.refresh()
    assert library.ready


def test_reindexing_encodes_only_what_lost_its_vectors(open_library, tmp_path):
    library = open_library()
    approved(library, an_upload())
    library.add(an_upload("Newer words."), by=ARTA)
    told = []
    assert library.reindex(lambda _done, total: told.append(total)) == 1
    assert told == []
    for file in (tmp_path / "index").iterdir():
        file.unlink()
    library.reindex(lambda _done, total: told.append(total))
    assert told == [2]


@pytest.mark.parametrize("step", ["approve", "reject"])
def test_a_version_that_came_meanwhile_is_not_decided_unseen(library, step):
    seen = library.add(an_upload(), by=ARTA)
    library.add(an_upload("Words that nobody has read."), by=ARTA)
    with pytest.raises(WrongState):
        getattr(library, step)(seen.document, by=BLERIM, version=seen.version)
    assert [one.state for one in library.list()] == ["waiting"]


def test_unanswered_questions_reach_the_list(library):
    library.note_unanswered("Where is the moon?", language="en", role="teacher")
    [open_question] = library.unanswered(10)
    library.close_unanswered(open_question.id)
    assert library.unanswered(10) == []
