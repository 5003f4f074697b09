"""Referrals for programs: the same checks, the same doors, and no second one by accident."""

import pytest

FIELDS = {
    "category": "C",
    "person_group": "child_8_17",
    "municipality": "Gjilan",
    "urgency": "U2",
    "concern_facts": "The pupil was absent on nine days since September and sits alone in class.",
    "done_so_far": "We spoke with the mother and the school psychologist.",
    "wanted_service": ["catch_up", "psychologist"],
    "consent_status": "given_by_carer",
    "referrer_contact": "038 200 100",
}
KEY = {"Idempotency-Key": "one-sending"}


@pytest.fixture
def teacher(sign_in):
    return sign_in("teacher")


def test_a_referral_is_logged_and_sending_it_again_changes_nothing(teacher):
    first = teacher.post("/api/referrals", json=FIELDS, headers=KEY)
    assert first.status_code == 201
    assert set(first.json()) == {"number", "status"}
    again = teacher.post("/api/referrals", json=FIELDS, headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    (listed,) = teacher.get("/api/referrals").json()
    assert listed["number"] == first.json()["number"]
    assert (listed["municipality"], listed["urgency"]) == ("GJI", "U2")
    assert "concern_facts" not in listed


def test_a_field_that_is_not_kept_yet_is_named(teacher):
    more = FIELDS | {"strengths": "a caring aunt", "safety_notes": "x", "Not a\nname": "y"}
    logged = teacher.post("/api/referrals", json=more, headers=KEY)
    assert logged.status_code == 201
    assert logged.headers["Ura-Ignored-Fields"] == "safety_notes, strengths"
    assert (
        "Ura-Ignored-Fields"
        not in teacher.post(
            "/api/referrals", json=FIELDS, headers={"Idempotency-Key": "two"}
        ).headers
    )


def test_another_content_needs_another_key(teacher):
    teacher.post("/api/referrals", json=FIELDS, headers=KEY)
    changed = teacher.post("/api/referrals", json=FIELDS | {"urgency": "U1"}, headers=KEY)
    assert (changed.status_code, changed.json()["error"]["code"]) == (422, "key_reused")


def test_without_a_key_nothing_is_logged(teacher):
    for headers in ({}, {"Idempotency-Key": " "}, {"Idempotency-Key": "x" * 65}):
        refused = teacher.post("/api/referrals", json=FIELDS, headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "key_missing")
    assert teacher.get("/api/referrals").json() == []


def test_every_field_that_does_not_do_is_explained_in_the_readers_language(sign_in):
    teacher = sign_in("teacher", language="sr-Latn")
    wrong = FIELDS | {"municipality": "Atlantida", "concern_facts": "Kratko", "urgency": None}
    refused = teacher.post("/api/referrals", json=wrong, headers=KEY)
    assert refused.status_code == 422
    error = refused.json()["error"]
    assert error["code"] == "invalid_fields"
    told = {one["field"]: (one["code"], one["message"]) for one in error["fields"]}
    assert told["municipality"][0] == "unknown_municipality"
    assert told["concern_facts"] == ("too_short", told["concern_facts"][1])
    assert "40" in told["concern_facts"][1]
    assert told["urgency"] == ("required", "Ovaj odgovor je potreban.")
    assert "Atlantida" not in refused.text
    assert teacher.get("/api/referrals").json() == []


def test_half_a_character_in_a_field_breaks_nothing(teacher):
    body = '{"concern_facts": "%s \\ud800\\u0000", "wanted_service": ["\\udc00"]}' % ("a" * 40)
    headers = KEY | {"Content-Type": "application/json"}
    refused = teacher.post("/api/referrals", content=body, headers=headers)
    fields = {one["field"] for one in refused.json()["error"]["fields"]}
    assert "wanted_service" in fields
    assert "concern_facts" not in fields


def test_a_colleagues_referral_looks_like_a_missing_one(teacher, sign_in):
    number = teacher.post("/api/referrals", json=FIELDS, headers=KEY).json()["number"]
    colleague = sign_in("imam")
    hidden = colleague.get(f"/api/referrals/{number}")
    missing = colleague.get("/api/referrals/2026-99999-9")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text == missing.text
    assert colleague.get("/api/referrals").json() == []


def test_author_and_officer_read_it_in_full(teacher, sign_in):
    number = teacher.post("/api/referrals", json=FIELDS, headers=KEY).json()["number"]
    for reader in (teacher, sign_in("dprrp")):
        whole = reader.get(f"/api/referrals/{number}").json()
        assert whole["fields"]["concern_facts"] == FIELDS["concern_facts"]
        assert whole["fields"]["referrer_role"] == "teacher"
        assert [event["kind"] for event in whole["events"]] == ["move"]


@pytest.mark.parametrize("role", ["trainer", "dprrp", "admin"])
def test_who_may_not_refer_is_told_so(sign_in, role):
    refused = sign_in(role).post("/api/referrals", json=FIELDS, headers=KEY)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")


def test_without_the_form_token_nothing_is_logged(sign_in):
    teacher = sign_in("teacher", csrf=False)
    refused = teacher.post("/api/referrals", json=FIELDS, headers=KEY)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "stale_page")
    assert teacher.get("/api/referrals").json() == []
