"""The page of the trainers' terms: nothing typed is lost, everything can be undone."""

import re
from html import escape

import pytest

from assistant.web.strings import Words
from assistant.web.terms import DONE, PATH
from knowledge.term_cells import LONGEST_CELL
from tests.assistant.web.markup import mistakes_in, text_of

CODES = ("sq", "sr-Latn", "sr-Cyrl", "en")
CLUB = {"sq": "klubi bagrem / bagremi", "sr": "клуб Багрем", "en": "bagrem club"}
say = Words("en")


@pytest.fixture
def trainer(sign_in):
    return sign_in("trainer")


@pytest.fixture
def kept(app_parts):
    """What the database holds."""
    return app_parts.library.terms.kept


def test_a_term_is_added_and_listed_with_who_and_when(trainer, kept):
    reply = trainer.post(PATH, data=CLUB)
    assert (reply.status_code, reply.headers["location"]) == (303, f"{PATH}?done=added")
    page = trainer.get(reply.headers["location"]).text
    told = text_of(page)
    assert say("terms.done_added") in told
    assert "klub Bagrem" in told
    assert "added by Test trainer, 2 November 2026" in told
    assert mistakes_in(page) == []
    assert [one.added_by for one in kept()] != [""]


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"sq": ""}, {"sq": "empty"}),
        ({"sr": "реч " * 6}, {"sr": "form_too_long"}),
        (
            {"en": "bagrem / " * LONGEST_CELL, "sq": "<b>\0"},
            {"en": "too_long", "sq": "unprintable"},
        ),
        ({"en": "and"}, {"en": "not_found"}),
    ],
)
def test_what_is_wrong_is_said_at_its_cell_and_nothing_typed_is_lost(trainer, kept, cells, codes):
    given = CLUB | cells
    reply = trainer.post(PATH, data=given)
    assert reply.status_code == 422
    assert mistakes_in(reply.text) == []
    for cell, code in codes.items():
        message = say(f"terms.refused.{code}", limit=LONGEST_CELL, words=5)
        [error] = re.findall(rf'id="error-{cell}" role="alert">([^<]*)<', reply.text)
        assert error == escape(message)
    for cell, typed in given.items():
        assert f'name="{cell}" value="{escape(typed)}"'.replace("\0", "�") in reply.text
    assert kept() == []


def test_a_double_and_what_ura_knows_already_are_refused(trainer, kept):
    trainer.post(PATH, data=CLUB)
    double = trainer.post(PATH, data=CLUB | {"en": "BAGREM club / other"})
    assert double.status_code == 422
    assert say("terms.refused.duplicate") in text_of(double.text)
    assert "BAGREM club / other" in double.text
    known = trainer.post(PATH, data={"sq": "shkollë", "sr": "škola", "en": "school"})
    assert known.status_code == 422
    assert say("terms.refused.already_known") in text_of(known.text)
    assert len(kept()) == 1


def test_a_term_is_changed_and_a_refused_change_keeps_what_was_typed(sign_in, trainer, kept):
    trainer.post(PATH, data=CLUB)
    [term] = kept()
    other = sign_in("trainer", name="Second trainer")
    address = f"{PATH}/{term.id}"
    form = other.get(address).text
    assert 'value="klubi bagrem / bagremi"' in form
    assert mistakes_in(form) == []
    refused = other.post(address, data=CLUB | {"en": ""})
    assert refused.status_code == 422
    assert say("terms.refused.empty") in text_of(refused.text)
    assert mistakes_in(refused.text) == []
    done = other.post(address, data=CLUB | {"en": "acacia house"})
    page = text_of(other.get(done.headers["location"]).text)
    assert say("terms.done_changed") in page
    assert "acacia house" in page
    assert "changed by Second trainer, 2 November 2026" in page


def test_removing_can_be_undone_at_once_and_a_second_click_does_no_harm(trainer, kept):
    trainer.post(PATH, data=CLUB)
    [term] = kept()
    replies = [trainer.post(f"{PATH}/{term.id}/remove") for _ in range(2)]
    assert [reply.status_code for reply in replies] == [303, 303]
    page = trainer.get(replies[0].headers["location"]).text
    assert say("terms.done_removed") in text_of(page)
    assert say("terms.empty_title") in text_of(page)
    assert kept() == []
    [undo] = re.findall(rf'action="({PATH}/\d+/restore)"', page)
    for _ in range(2):
        back = trainer.post(undo)
        assert back.headers["location"] == f"{PATH}?done=restored"
    assert [one.id for one in kept()] == [term.id]


def test_undoing_beside_a_double_says_why_not(trainer, kept):
    trainer.post(PATH, data=CLUB)
    [term] = kept()
    trainer.post(f"{PATH}/{term.id}/remove")
    trainer.post(PATH, data=CLUB)
    refused = trainer.post(f"{PATH}/{term.id}/restore")
    assert refused.status_code == 409
    assert say("terms.refused.duplicate") in text_of(refused.text)
    assert mistakes_in(refused.text) == []


def test_the_list_is_searched_and_turned_page_by_page(trainer, app_parts):
    rows = [{"sq": f"bagrem {n}", "sr": f"klub {n}", "en": f"acacia {n}"} for n in range(30)]
    app_parts.library.terms.add_all(rows, by="operator")
    first = text_of(trainer.get(PATH).text)
    assert "acacia 0" in first
    assert "Page 1 of 2" in first
    assert "the command line" in first
    assert "acacia 29" in text_of(trainer.get(f"{PATH}?text=КЛУБ+29").text)
    assert "Page 2 of 2" in text_of(trainer.get(f"{PATH}?page=99").text)
    none = trainer.get(f"{PATH}?text=zzz").text
    assert say("terms.none_fit_title") in text_of(none)
    assert mistakes_in(none) == []


def test_a_question_shows_its_terms_and_what_they_become(trainer):
    trainer.post(PATH, data=CLUB)
    reply = trainer.post(
        f"{PATH}/try", data={"question": "te bagremi në shkollë", "language": "sq"}
    )
    assert reply.status_code == 200
    told = text_of(reply.text)
    assert f"bagremi {say('terms.own')} English bagrem club Serbian klub Bagrem" in told
    assert "English school" in told
    assert mistakes_in(reply.text) == []
    nothing = trainer.post(f"{PATH}/try", data={"question": "zzz qqq", "language": "en"})
    assert say("terms.found_none") in text_of(nothing.text)
    empty = trainer.post(f"{PATH}/try", data={"question": " ", "language": "xx"})
    assert empty.status_code == 422
    assert say("library.question_missing") in text_of(empty.text)
    assert mistakes_in(empty.text) == []


@pytest.mark.parametrize("number", ["0", "99", "-1", str(2**40), str(2**70)])
def test_a_term_that_is_not_there_is_not_found(trainer, number):
    assert trainer.get(f"{PATH}/{number}").status_code == 404
    assert trainer.post(f"{PATH}/{number}", data=CLUB).status_code == 404
    assert trainer.post(f"{PATH}/{number}/restore").status_code == 404
    assert trainer.get(f"{PATH}?done=removed&term={number}").status_code == 200


def test_officers_read_and_staff_see_nothing(sign_in, trainer, kept):
    trainer.post(PATH, data=CLUB)
    [term] = kept()
    officer, teacher = sign_in("dprrp"), sign_in("teacher")
    page = officer.get(PATH)
    assert "klub Bagrem" in page.text
    assert re.findall(rf'action="({PATH}[^"]*)"', page.text) == [f"{PATH}/try#try", PATH]
    for path in (PATH, f"{PATH}/{term.id}", f"{PATH}/{term.id}/remove"):
        assert officer.post(path, data=CLUB).status_code == 403
        assert teacher.post(path, data=CLUB).status_code == 403
    assert teacher.get(PATH).status_code == 403
    assert len(kept()) == 1


def test_markup_in_a_term_stays_text(trainer):
    trainer.post(PATH, data=CLUB | {"en": "<script>bagrem</script>"})
    page = trainer.get(PATH).text
    assert "<script>bagrem" not in page
    assert "&lt;script&gt;bagrem" in page


@pytest.mark.parametrize("code", CODES)
def test_pages_are_whole_in_every_language(sign_in, kept, code):
    own = sign_in("trainer", language=code)
    words = Words(code)
    assert words("terms.empty_title") in text_of(own.get(PATH).text)
    own.post(PATH, data=CLUB)
    [term] = kept()
    for done in DONE:
        page = own.get(f"{PATH}?done={done}&term={term.id}").text
        assert words(f"terms.done_{done}") in text_of(page)
        assert mistakes_in(page) == []
    assert mistakes_in(own.get(f"{PATH}/{term.id}").text) == []
    assert f'href="{PATH}"' in own.get("/library").text


def test_a_document_of_the_same_name_keeps_an_address_of_its_own(trainer, app_parts):
    from tests.assistant.web.uploads import upload

    upload(trainer, title="Terms")
    assert [one.document for one in app_parts.library.list()] == ["terms-2"]
