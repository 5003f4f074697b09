import re
from urllib.parse import quote

import pytest

from assistant.web.library import DONE
from assistant.web.library_shelf import KINDS, STATES, Filters
from assistant.web.strings import Words
from knowledge.library import Upload
from tests.assistant.web.markup import mistakes_in, text_of
from tests.assistant.web.uploads import TEXT, upload

CODES = ("sq", "sr-Latn", "sr-Cyrl", "en")


@pytest.fixture
def trainer(sign_in):
    return sign_in("trainer")


@pytest.fixture
def colleague(sign_in):
    return sign_in("trainer", name="Second trainer")


def act(browser, path: str, step: str, **fields):
    return browser.post(f"{path}/{step}", data={"version": 1, **fields})


@pytest.fixture
def uploaded(trainer) -> str:
    """The address of a document that the trainer has just uploaded."""
    reply = upload(trainer)
    assert reply.status_code == 303
    return reply.headers["location"].split("?")[0]


def test_a_trainer_uploads_and_sees_what_the_chat_would_quote(trainer):
    reply = upload(trainer, audience=["teacher", "imam"], kind="protocol")
    page = text_of(trainer.get(reply.headers["location"]).text)
    words = Words("en")
    assert words("library.done_added") in page
    assert words("library.state.waiting") in page
    assert "Talk with the carer and name one contact person at school." in page
    assert "First week · version 1" in page
    assert f"{words('roles.teacher')}, {words('roles.imam')}" in page


def test_a_reader_of_latin_sees_titles_and_quotes_in_latin_on_every_page(sign_in, colleague):
    reader = sign_in("trainer", language="sr-Latn")
    text = "# Полазак\n\n## Документа\n\nШкола уписује дете одмах, а документа среди накнадно.\n"
    path = (
        upload(reader, text.encode(), "skola.md", title="Полазак", language="sr-Cyrl")
        .headers["location"]
        .split("?")[0]
    )
    act(colleague, path, "approve")
    question = {"question": "Школа уписује дете одмах", "language": "sr-Cyrl"}
    for page in (
        reader.get("/library"),
        reader.get(path),
        reader.post("/library/try", data=question),
    ):
        assert "Polazak" in page.text
        assert not re.search("Полазак<|Школа уписује дете одмах, а", page.text)
    # A new version is recognised by its title, which therefore stays as it is kept.
    assert f"add={quote('Полазак')}" in reader.get(path).text
    assert "Полазак<" in colleague.get("/library").text


def test_who_uploaded_may_not_approve_and_is_told_who_may(trainer, uploaded, app_parts):
    page = trainer.get(uploaded)
    assert Words("en")("library.own_upload") in text_of(page.text)
    assert f"{uploaded}/approve" not in page.text
    refused = act(trainer, uploaded, "approve")
    assert refused.status_code == 409
    assert Words("en")("library.own_upload") in text_of(refused.text)
    assert [one.state for one in app_parts.library.list()] == ["waiting"]


def test_a_second_trainer_approves_and_the_chat_would_find_it(trainer, colleague, uploaded):
    reply = act(colleague, uploaded, "approve")
    assert reply.status_code == 303
    page = text_of(colleague.get(reply.headers["location"]).text)
    assert Words("en")("library.done_approved") in page
    assert "Version 1 approved by Second trainer" in page
    question = {"question": "one contact person at school", "language": "en"}
    found = trainer.post("/library/try", data=question)
    assert "Talk with the carer" in text_of(found.text)
    assert mistakes_in(found.text) == []


def test_a_second_click_on_a_step_changes_nothing(colleague, uploaded, app_parts):
    replies = [act(colleague, uploaded, "approve") for _ in range(2)]
    assert [reply.status_code for reply in replies] == [303, 303]
    document = uploaded.removeprefix("/library/")
    steps = [entry.state for entry in app_parts.library.history(document)]
    assert steps == ["waiting", "approved"]


def test_a_version_that_came_meanwhile_is_not_approved_unseen(trainer, colleague, uploaded):
    upload(trainer, TEXT + b"\nA new sentence that the colleague has not read.\n")
    page = act(colleague, uploaded, "approve")
    assert page.status_code == 409
    assert "has changed meanwhile" in text_of(page.text)
    assert act(colleague, uploaded, "approve", version=2).status_code == 303


def test_rejecting_needs_a_reason_that_the_uploader_reads(trainer, colleague, uploaded):
    refused = act(colleague, uploaded, "reject", reason="  ")
    assert refused.status_code == 422
    assert Words("en")("library.reason_missing") in text_of(refused.text)
    long = act(colleague, uploaded, "reject", reason="too long " * 60)
    assert long.status_code == 422
    assert ("too long " * 60).strip() in long.text
    reply = act(colleague, uploaded, "reject", reason="The second step is missing.")
    assert reply.status_code == 303
    page = text_of(trainer.get(uploaded).text)
    assert "The second step is missing." in page
    assert Words("en")("library.state_help.rejected") in page


def test_withdrawing_can_be_undone_at_once(trainer, colleague, uploaded, app_parts):
    act(colleague, uploaded, "approve")
    reply = act(trainer, uploaded, "withdraw", reason="A wrong number.")
    page = trainer.get(reply.headers["location"]).text
    assert Words("en")("library.done_withdrawn") in text_of(page)
    assert f'action="{uploaded}/restore"' in page
    back = act(trainer, uploaded, "restore")
    told = text_of(trainer.get(back.headers["location"]).text)
    assert Words("en")("library.done_restored") in told
    assert "Version 1 brought back by Test trainer" in told
    assert [one.state for one in app_parts.library.list()] == ["approved"]


def test_the_same_title_becomes_a_new_version_and_the_old_one_stays_readable(
    trainer, colleague, uploaded
):
    act(colleague, uploaded, "approve")
    upload(trainer, TEXT.replace(b"carer", b"grandmother"))
    assert "grandmother" in colleague.get(uploaded).text
    act(colleague, uploaded, "approve", version=2)
    old = colleague.get(f"{uploaded}?version=1").text
    assert "Talk with the carer" in old
    note = Words("en")("library.older_version", version=1, newest=2)
    assert note in text_of(old)
    assert mistakes_in(old) == []


OVER = b"""---
id: bus
valid_until: 2026-11-01
---

# Bus

## Who asks

The family asks for the school bus at the office of education.
"""
FLAG = "Valid until 1 November 2026: check whether there is a newer text."


@pytest.fixture
def out_of_date(trainer, colleague) -> str:
    path = upload(trainer, OVER, "bus.md", title="Bus").headers["location"].split("?")[0]
    act(colleague, path, "approve")
    return path


def tried(browser) -> str:
    question = {"question": "who asks for the school bus", "language": "en"}
    return browser.post("/library/try", data=question).text


def test_what_is_out_of_date_is_not_shown_until_a_trainer_chooses_so(trainer, out_of_date):
    page = trainer.get(out_of_date).text
    assert Words("en")("library.state_help.expired") in text_of(page)
    assert mistakes_in(page) == []
    assert "school bus at the office" not in tried(trainer)
    reply = trainer.post(f"{out_of_date}/when-out-of-date", data={"version": 1, "choice": "flag"})
    assert reply.status_code == 303
    page = trainer.get(reply.headers["location"]).text
    told = text_of(page)
    assert mistakes_in(page) == []
    assert Words("en")("library.done_chosen") in told
    assert Words("en")("library.state_help.flagged") in told
    assert FLAG in told
    found = tried(trainer)
    assert "school bus at the office" in text_of(found)
    assert FLAG in text_of(found)
    assert mistakes_in(found) == []
    source = text_of(trainer.get("/sources/bus.en").text)
    assert FLAG in source
    assert Words("en")("sources.outdated") not in source


def test_a_choice_that_is_none_or_by_who_may_not_changes_nothing(
    sign_in, trainer, out_of_date, app_parts
):
    path = f"{out_of_date}/when-out-of-date"
    assert trainer.post(path, data={"version": 1, "choice": "maybe"}).status_code == 422
    assert trainer.post(path, data={"version": 7, "choice": "flag"}).status_code == 404
    fields = {"version": 1, "choice": "flag"}
    assert sign_in("dprrp").post(path, data=fields).status_code == 403
    assert [one.when_out_of_date for one in app_parts.library.list()] == ["hide"]


def test_the_upload_form_says_what_becomes_of_it_after_its_validity(trainer, app_parts):
    upload(trainer, OVER, "bus.md", title="Bus", when_out_of_date="flag")
    assert [one.when_out_of_date for one in app_parts.library.list()] == ["flag"]
    refused = upload(trainer, b"", "bus.md", when_out_of_date="flag").text
    assert re.search(r'name="when_out_of_date" value="flag" checked', refused)


def test_the_list_counts_states_and_is_narrowed(trainer, colleague, uploaded, app_parts):
    act(colleague, uploaded, "approve")
    sq = Upload("udhezues.md", "# Hapat\n\nFlisni me përkujdesësin.\n".encode(), language="sq")
    app_parts.library.add(sq, by="operator")

    def titles(query: str) -> list[str]:
        page = trainer.get(f"/library?{query}").text
        return re.findall(r'class="row-title" lang="[^"]*">([^<]*)<', page)

    assert titles("") == ["Hapat", "Guide for class teachers"]
    assert titles("state=approved") == ["Guide for class teachers"]
    assert titles("language=sq") == ["Hapat"]
    assert titles("text=GUIDE") == ["Guide for class teachers"]
    assert titles("kind=protocol") == []
    tabs = text_of(trainer.get("/library").text)
    assert "All 2 Waiting for approval 1 Approved 1" in tabs
    assert Words("en")("library.none_fit_title") in text_of(trainer.get("/library?text=zzz").text)


def test_empty_lists_teach(trainer):
    assert Words("en")("library.empty_title") in text_of(trainer.get("/library").text)
    waiting = text_of(trainer.get("/library?state=waiting").text)
    assert Words("en")("library.none_waiting_title") in waiting


def test_officers_read_and_do_nothing_else(sign_in, uploaded):
    officer = sign_in("dprrp")
    page = officer.get(uploaded)
    assert page.status_code == 200
    assert re.findall(r'action="(/library/[^"]+)"', page.text) == []
    assert act(officer, uploaded, "approve").status_code == 403
    assert upload(officer).status_code == 403
    assert Words("en")("library.add_title") not in text_of(officer.get("/library").text)


def test_staff_do_not_see_the_library(sign_in, uploaded):
    teacher = sign_in("teacher")
    for path in ("/library", "/library/try", "/unanswered", uploaded):
        assert teacher.get(path).status_code == 403


def test_a_document_that_is_not_there_is_not_found(trainer):
    assert trainer.get("/library/nothing-here").status_code == 404
    assert act(trainer, "/library/nothing-here", "withdraw").status_code == 404
    assert trainer.get("/library/try").status_code == 200


def test_a_question_without_words_is_asked_for_again(trainer):
    page = trainer.post("/library/try", data={"question": " ", "language": "xx"})
    assert page.status_code == 422
    assert Words("en")("library.question_missing") in text_of(page.text)


def test_unanswered_questions_are_listed_and_taken_off(trainer, app_parts):
    library = app_parts.library
    for _ in range(3):
        library.note_unanswered("Ко плаћа превоз ученика?", language="sr", role="teacher")
    library.note_unanswered("who pays for the bus", language="en", role="ngo")
    page = trainer.get("/unanswered").text
    text = text_of(page)
    assert text.index("Ко плаћа превоз ученика?") < text.index("who pays for the bus")
    assert "asked 3 times" in text
    assert "Српски" in text
    assert mistakes_in(page) == []
    first = re.search(r'action="(/unanswered/\d+/done)"', page)[1]
    for _ in range(2):
        assert trainer.post(first).status_code == 303
    left = text_of(trainer.get("/unanswered?done=yes").text)
    assert Words("en")("unanswered.done_notice") in left
    assert "Ко плаћа" not in left


def test_a_question_whose_number_no_database_holds_is_not_found(trainer):
    assert trainer.post(f"/unanswered/{10**30}/done").status_code == 404
    assert trainer.post(f"/unanswered/{2**31 - 1}/done").status_code == 303


@pytest.mark.parametrize("code", CODES)
def test_pages_are_whole_in_every_language(sign_in, uploaded, code):
    own = sign_in("trainer", language=code, name=f"Trainer {code}")
    path = uploaded
    for step in ("", "approve", "withdraw", "restore"):
        if step:
            assert act(own, path, step).status_code == 303, step
        page = own.get(path).text
        assert f'<html lang="{code}">' in page
        assert mistakes_in(page) == [], step
    upload(own, TEXT.replace(b"carer", b"grandmother"))
    for query in ("", "?version=1", "?done=added"):
        assert mistakes_in(own.get(path + query).text) == []
    for page in ("/library", "/library?state=waiting&text=x", "/library?add=yes", "/library/try"):
        assert mistakes_in(own.get(page).text) == []
    assert mistakes_in(own.get("/unanswered").text) == []


def test_words_exist_for_every_state_kind_and_step():
    for words in map(Words, CODES):
        for state in STATES:
            assert words(f"library.state.{state}")
            assert words(f"library.state_help.{state}")
            assert words(f"library.event.{state}", version=1, who="x", when="y")
        assert all(words(f"library.kind.{kind}") for kind in KINDS)
        assert all(words(f"library.done_{done}") for done in DONE)


def test_filters_become_an_address_and_back():
    chosen = Filters(state="waiting", text="a & b")
    assert chosen.query == "state=waiting&text=a+%26+b"
    assert chosen.narrow
    assert not chosen.only_waiting
    assert Filters(state="waiting").only_waiting
