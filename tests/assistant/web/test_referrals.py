import re
from datetime import timedelta

import pytest

from actions.referrals.log import Reader
from actions.referrals.states import MOVES
from assistant.web.strings import Words
from tests.actions.conftest import a_referral
from tests.assistant.web.markup import mistakes_in, text_of

CODES = ("sq", "sr-Latn", "sr-Cyrl", "en")
SECRET = "Phoned the centre: the rent is being checked."


@pytest.fixture
def teacher(sign_in):
    return sign_in("teacher")


@pytest.fixture
def officer(sign_in):
    return sign_in("dprrp")


@pytest.fixture
def log_one(app_parts):
    """`log_one(**changes)` logs a referral of the signed-in teacher and returns its number."""

    def log(key: str = "", **changes) -> str:
        author = next(p for p in app_parts.people.everyone() if p.name == "Test teacher")
        new = a_referral(**changes)
        return app_parts.referrals.add(new, author=author.id, key=key or repr(changes)).number

    return log


def numbers_in(html: str) -> list[str]:
    return re.findall(r'href="/referrals/(\d{4}-\d{5}-\d)', html)


def test_an_officer_sees_the_most_urgent_first_and_then_the_longest_waiting(
    teacher, officer, log_one, clock
):
    routine = log_one(urgency="U3")
    clock.move(timedelta(minutes=5))
    first_important = log_one(urgency="U2")
    clock.move(timedelta(minutes=5))
    later_important = log_one(urgency="U2", category="E")
    clock.move(timedelta(minutes=5))
    serious = log_one(urgency="U1")
    page = officer.get("/referrals")
    assert page.status_code == 200
    assert numbers_in(page.text) == [serious, first_important, later_important, routine]


def test_danger_is_louder_than_any_status_and_comes_with_the_time(teacher, officer, log_one):
    log_one(urgency="U0", emergency_called="yes")
    log_one(urgency="U3")
    danger, routine = officer.get("/referrals").text.split('<a class="row"')[1:]
    assert "pill--alarm" in danger
    assert "pill--alarm" not in routine
    assert re.search(r"\d{4}, \d\d:\d\d</span>", danger)
    assert not re.search(r"\d\d:\d\d</span>", routine)


def test_the_list_is_narrowed_by_status_urgency_and_municipality(teacher, officer, log_one):
    in_kline = log_one(municipality="KLI", urgency="U3")
    in_gjilan = log_one(municipality="GJI", urgency="U2")
    officer.post(f"/referrals/{in_gjilan}/move", data={"to": "acknowledged"})
    for query, expected in (
        ("municipality=KLI", in_kline),
        ("urgency=U2", in_gjilan),
        ("status=submitted", in_kline),
        ("status=acknowledged&municipality=GJI", in_gjilan),
    ):
        assert numbers_in(officer.get(f"/referrals?{query}").text) == [expected], query
    nothing = officer.get("/referrals?municipality=PRZ")
    assert numbers_in(nothing.text) == []
    assert Words("en")("referrals.none_fit_title") in text_of(nothing.text)


def test_nonsense_in_the_address_narrows_nothing(teacher, officer, log_one):
    number = log_one()
    page = officer.get("/referrals?status=<b>&urgency=U9&municipality='--&page=99")
    assert numbers_in(page.text) == [number]


def test_an_empty_list_teaches_staff_how_to_begin(teacher, officer):
    own = text_of(teacher.get("/referrals").text)
    assert Words("en")("referrals.empty_own_title") in own
    assert Words("en")("referrals.empty_step") in own
    assert Words("en")("referrals.empty_all_title") in text_of(officer.get("/referrals").text)


def test_staff_see_their_own_referrals_only(teacher, sign_in, log_one):
    number = log_one()
    colleague = sign_in("teacher", name="Another teacher")
    assert numbers_in(teacher.get("/referrals").text) == [number]
    assert numbers_in(colleague.get("/referrals").text) == []


def test_a_hidden_referral_looks_like_a_missing_one(teacher, sign_in, log_one):
    number = log_one()
    colleague = sign_in("teacher", name="Another teacher")
    missing_number = "2026-99999-0"
    for path, send in (
        ("/referrals/{}", colleague.get),
        ("/referrals/{}/move", lambda url: colleague.post(url, data={"to": "acknowledged"})),
        ("/referrals/{}/note", lambda url: colleague.post(url, data={"text": "a note"})),
    ):
        hidden, missing = send(path.format(number)), send(path.format(missing_number))
        assert hidden.status_code == missing.status_code == 404
        assert hidden.text.replace(number, "") == missing.text.replace(missing_number, "")


def test_roles_without_the_right_are_refused(sign_in):
    for role in ("trainer", "admin"):
        assert sign_in(role).get("/referrals").status_code == 403


def test_a_stranger_is_led_to_the_sign_in(client):
    reply = client.get("/referrals/2026-00001-8")
    assert reply.status_code == 303
    assert reply.headers["location"] == "/sign-in?next=%2Freferrals%2F2026-00001-8"


def test_facts_stand_first_with_every_field_labelled(teacher, officer, log_one):
    number = log_one()
    page = officer.get(f"/referrals/{number}").text
    text = text_of(page)
    labels = [
        Words("en")(f"referral_fields.field.{f}") for f in ("concern_facts", "consent_status")
    ]
    assert all(label in text for label in labels)
    assert a_referral().concern_facts in text
    main = text[text.index(Words("en")("referrals.told")) :]
    assert main.index(labels[0]) < main.index(Words("en")("referrals.steps"))


def test_reading_a_referral_leaves_a_trace(teacher, officer, log_one, app_parts):
    number = log_one()
    officer.get(f"/referrals/{number}")
    drita = next(p for p in app_parts.people.everyone() if p.role == "dprrp")
    reader = Reader(drita.id, "dprrp", reads_all=True, handles=True)
    assert (drita.id, "read") in [
        (line.who, line.what) for line in app_parts.referrals.trace(number, reader)
    ]


def test_an_officer_acknowledges_and_the_author_reads_it_as_a_sentence(teacher, officer, log_one):
    number = log_one()
    reply = officer.post(f"/referrals/{number}/move", data={"to": "acknowledged"})
    assert reply.status_code == 303
    after = officer.get(reply.headers["location"])
    assert Words("en")("referrals.done_moved") in text_of(after.text)
    # 09:00 UTC on 2 November is 10:00 on the wall in Kosovo.
    told = text_of(teacher.get(f"/referrals/{number}").text)
    assert "Receipt confirmed by DPRRP, 2 November 2026, 10:00" in told
    assert "You sent it, 2 November 2026, 10:00" in told
    assert "Test dprrp" not in told


def test_a_second_click_on_the_same_step_changes_nothing(teacher, officer, log_one):
    number = log_one()
    first = officer.post(f"/referrals/{number}/move", data={"to": "acknowledged"})
    second = officer.post(f"/referrals/{number}/move", data={"to": "acknowledged"})
    assert first.status_code == second.status_code == 303
    assert text_of(officer.get(f"/referrals/{number}").text).count("Receipt confirmed by") == 1


def test_a_step_that_is_no_longer_possible_says_where_the_referral_stands(
    teacher, officer, log_one
):
    number = log_one()
    page = officer.post(f"/referrals/{number}/move", data={"to": "accepted"})
    assert page.status_code == 409
    status = Words("en")("referral_fields.status.submitted")
    assert Words("en")("referrals.changed_meanwhile", status=status) in text_of(page.text)


def test_only_the_steps_that_may_follow_are_offered(teacher, officer, log_one):
    number = log_one()
    page = officer.get(f"/referrals/{number}").text
    assert re.findall(r'name="to" value="(\w+)"', page) == ["acknowledged", "withdrawn"]
    # The sender alone decides to withdraw; an officer notes it.
    assert "Mark as withdrawn at the sender" in page


def test_not_accepting_needs_a_reason_that_the_author_reads(teacher, officer, log_one):
    number = log_one()
    for to in ("acknowledged", "triage"):
        officer.post(f"/referrals/{number}/move", data={"to": to})
    refused = officer.post(f"/referrals/{number}/move", data={"to": "declined"})
    assert refused.status_code == 422
    assert Words("en")("referral_fields.refused.reason_needed") in text_of(refused.text)
    reason = {"to": "declined", "reason": "outside_mandate"}
    assert officer.post(f"/referrals/{number}/move", data=reason).status_code == 303
    told = text_of(teacher.get(f"/referrals/{number}").text)
    assert Words("en")("referral_fields.reason.outside_mandate") in told


def test_a_reason_that_is_too_long_stays_in_the_form(teacher, officer, log_one):
    number = log_one()
    for to in ("acknowledged", "triage"):
        officer.post(f"/referrals/{number}/move", data={"to": to})
    long = "to the centre for social work " * 20
    page = officer.post(f"/referrals/{number}/move", data={"to": "redirected", "reason": long})
    assert page.status_code == 422
    assert long.strip() in page.text


def test_a_note_is_seen_by_officers_and_never_by_the_author(teacher, officer, log_one):
    number = log_one()
    reply = officer.post(f"/referrals/{number}/note", data={"text": f"  {SECRET}\r\nTwo.\x00 "})
    assert reply.status_code == 303
    page = officer.get(f"/referrals/{number}").text
    assert f"{SECRET}\nTwo." in page
    assert Words("en")("referrals.note_seen") in text_of(page)
    own = teacher.get(f"/referrals/{number}").text
    assert SECRET not in own
    assert Words("en")("referrals.note_title") not in text_of(own)


@pytest.mark.parametrize(("text", "code"), [("  ", "required"), ("x" * 2001, "too_long")])
def test_a_note_without_words_or_with_too_many_is_not_kept(teacher, officer, log_one, text, code):
    number = log_one()
    page = officer.post(f"/referrals/{number}/note", data={"text": text})
    assert page.status_code == 422
    assert Words("en")(f"referral_fields.refused.{code}", maximum=2000) in text_of(page.text)
    assert text.strip() in page.text


def test_an_author_adds_no_notes_and_takes_no_officers_steps(teacher, log_one):
    number = log_one()
    assert teacher.post(f"/referrals/{number}/note", data={"text": "hello"}).status_code == 403
    step = teacher.post(f"/referrals/{number}/move", data={"to": "acknowledged"})
    assert step.status_code == 403


def test_an_author_withdraws_with_a_warning_first(teacher, officer, log_one):
    number = log_one()
    page = text_of(teacher.get(f"/referrals/{number}").text)
    assert Words("en")("referrals.final_step") in page
    reply = teacher.post(f"/referrals/{number}/move", data={"to": "withdrawn"})
    assert "done=withdrawn" in reply.headers["location"]
    assert "You withdrew it" in text_of(teacher.get(f"/referrals/{number}").text)
    assert Words("en")("referrals.no_steps") in text_of(officer.get(f"/referrals/{number}").text)


def test_work_that_goes_on_or_begins_again_is_told_as_such(teacher, officer, log_one):
    number = log_one()
    steps = ["acknowledged", "triage", "accepted", "in_progress", "waiting_info", "in_progress"]
    for to in steps:
        officer.post(f"/referrals/{number}/move", data={"to": to})
    officer.post(f"/referrals/{number}/move", data={"to": "closed", "reason": "helped"})
    officer.post(f"/referrals/{number}/move", data={"to": "in_progress"})
    told = text_of(teacher.get(f"/referrals/{number}").text)
    for sentence in ("Support started", "Support goes on", "Opened again"):
        assert told.count(sentence) >= 1, sentence


def test_what_people_typed_is_shown_as_text(teacher, officer, log_one):
    number = log_one(concern_facts="<script>alert(1)</script> was written on the wall of the class")
    page = officer.get(f"/referrals/{number}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_form_without_the_token_of_this_sign_in_is_refused(teacher, sign_in, log_one):
    number = log_one()
    careless = sign_in("dprrp", name="Another officer", csrf=False)
    reply = careless.post(f"/referrals/{number}/move", data={"to": "acknowledged"})
    assert reply.status_code == 403
    page = careless.get(f"/referrals/{number}").text
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", page, re.S)
    assert all(
        f'name="csrf" value="{careless.csrf}"' in form for form in forms if "/referrals/" in form
    )


@pytest.mark.parametrize("code", CODES)
def test_pages_are_whole_in_every_language(teacher, sign_in, log_one, code):
    number = log_one(urgency="U0", emergency_called="yes")
    log_one(consent_status="refused", legal_basis_without_consent="court_order")
    officer = sign_in("dprrp", name=f"Officer {code}", language=code)
    steps = ("acknowledged", "triage", "accepted", "in_progress", "waiting_other", "in_progress")
    for to in steps:
        officer.post(f"/referrals/{number}/move", data={"to": to})
        officer.post(f"/referrals/{number}/note", data={"text": f"note at {to}"})
        assert mistakes_in(officer.get(f"/referrals/{number}").text) == []
    assert mistakes_in(officer.get("/referrals").text) == []
    assert mistakes_in(officer.get("/referrals?urgency=U3").text) == []
    teacher.post("/language", data={"language": code, "next": "/"})
    for path in ("/referrals", f"/referrals/{number}"):
        page = teacher.get(path)
        assert f'<html lang="{code}">' in page.text
        assert mistakes_in(page.text) == []


def test_every_status_and_step_has_words_in_every_language():
    for words in map(Words, CODES):
        for status, following in MOVES.items():
            assert words(f"referrals.event.{status}", who="x", when="y")
            assert all(words(f"referrals.step.{to}") for to in following)
