"""Signing in and out in a browser and by token, the language choice, and one's own password."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.people.people import People
from tests.assistant.web.conftest import ADDRESS, csrf_of
from tests.builders import PASSWORD, a_person

FORM = {"name": "Arta Testi", "password": PASSWORD}


@pytest.fixture
def arta(app_parts):
    return app_parts.people.add(a_person())


def test_a_stranger_is_led_to_sign_in_and_back(client, arta):
    led = client.get("/settings?saved=")
    assert led.status_code == 303
    assert led.headers["location"] == "/sign-in?next=%2Fsettings%3Fsaved%3D"
    page = client.get(led.headers["location"]).text
    assert 'value="/settings?saved="' in page
    back = client.post("/sign-in", data=FORM | {"next": "/settings?saved="})
    assert (back.status_code, back.headers["location"]) == (303, "/settings?saved=")
    assert client.get("/settings").status_code == 200


def test_a_form_sent_after_the_sign_in_ended_leads_back_to_its_page(sign_in, clock):
    browser = sign_in("dprrp")
    clock.move(timedelta(hours=2))
    page = f"{ADDRESS}/referrals/2026-00042-7?status=logged"
    led = browser.post("/referrals/2026-00042-7/note", headers={"Referer": page})
    assert led.status_code == 303
    assert led.headers["location"] == "/sign-in?next=%2Freferrals%2F2026-00042-7%3Fstatus%3Dlogged"
    for elsewhere in ("https://elsewhere.example/trap", "http://["):
        led = browser.post("/referrals/2026-00042-7/note", headers={"Referer": elsewhere})
        assert led.headers["location"] == "/sign-in"


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(client, arta):
    cookie = client.post("/sign-in", data=FORM).headers["set-cookie"]
    assert "ura_session=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie


def test_a_wrong_password_says_so_and_keeps_the_name_only(client, arta):
    refused = client.post("/sign-in", data=FORM | {"password": "not this one at all"})
    assert refused.status_code == 401
    assert "nuk përputhen" in refused.text
    assert 'value="Arta Testi"' in refused.text
    assert "not this one" not in refused.text


def test_many_failures_lead_to_a_wait_in_words(client, arta, settings):
    for _ in range(settings.sign_in_attempts):
        client.post("/sign-in", data=FORM | {"password": "not this one at all"})
    waiting = client.post("/sign-in", data=FORM)
    assert waiting.status_code == 429
    assert "15 minuta" in waiting.text
    api = client.post("/api/sign-in", json=FORM)
    assert api.status_code == 429
    assert api.headers["retry-after"] == "900"


def test_signing_in_again_ends_the_sign_in_before(client, arta, app_parts):
    client.post("/sign-in", data=FORM)
    before = client.cookies["ura_session"]
    csrf = csrf_of(client.get("/settings").text)
    client.post("/sign-in", data=FORM | {"csrf": csrf})
    assert client.cookies["ura_session"] != before
    assert app_parts.sign_ins.who(before) is None


def test_the_form_never_leads_to_another_site(client, arta):
    led = client.post("/sign-in", data=FORM | {"next": "//elsewhere.example"})
    assert led.headers["location"] == "/"


def test_signing_out_closes_cookie_and_token(sign_in, app_parts):
    browser = sign_in("teacher")
    out = browser.post("/sign-out")
    assert out.headers["location"] == "/sign-in"
    assert "storage" in out.headers["clear-site-data"]
    assert app_parts.sign_ins.who(browser.token) is None


def test_a_token_and_a_cookie_are_the_same_sign_in(client, app, arta):
    opened = client.post("/api/sign-in", json=FORM).json()
    assert opened["expires_at"].endswith(("Z", "+00:00"))
    bearer = {"Authorization": f"Bearer {opened['token']}"}
    me = client.get("/api/me", headers=bearer).json()
    assert me["name"] == "Arta Testi"
    assert (me["role"], me["role_name"], me["language"]) == ("teacher", "Mësimdhënie", "sq")
    assert me["rights"] == ["ask", "read_own_referrals", "refer"]
    browser = TestClient(app, base_url=ADDRESS, cookies={"ura_session": opened["token"]})
    assert browser.get("/settings").status_code == 200
    assert client.post("/api/sign-out", headers=bearer).status_code == 204
    assert client.get("/api/me", headers=bearer).status_code == 401


def test_wrong_credentials_by_api_are_answered_in_the_language_of_the_program(client, arta):
    refused = client.post(
        "/api/sign-in", json=FORM | {"password": "x"}, headers={"Accept-Language": "sr-Latn"}
    )
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "wrong_credentials"
    assert refused.json()["error"]["message"].startswith("Ime i lozinka")


def test_a_lapsed_sign_in_is_told_apart_from_none(client, sign_in, clock):
    assert client.get("/api/me").json()["error"]["code"] == "sign_in_needed"
    browser = sign_in("teacher")
    clock.move(timedelta(hours=2))
    lapsed = browser.get("/api/me")
    assert (lapsed.status_code, lapsed.json()["error"]["code"]) == (401, "sign_in_again")
    assert (
        "conversation has been kept"
        in browser.get("/sign-in", headers={"Accept-Language": "en"}).text
    )


def test_the_language_can_be_chosen_before_signing_in_and_is_kept(client):
    chosen = client.post("/language", data={"language": "sr-Cyrl", "next": "/sign-in"})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/sign-in")
    page = client.get("/sign-in", headers={"Accept-Language": "en"}).text
    assert '<html lang="sr-Cyrl">' in page
    assert "Пријавите се на Уру" in page


def test_the_chosen_language_follows_the_account(sign_in, app_parts):
    browser = sign_in("teacher")
    browser.post("/language", data={"language": "sr-Latn"})
    assert "Podešavanja" in browser.get("/settings").text
    assert [one.script for one in app_parts.people.everyone()] == ["Latn"]
    assert browser.post("/api/me/language", json={"language": "sq"}).status_code == 204
    assert "Cilësimet" in browser.get("/settings").text


def test_an_unknown_language_is_refused_and_nothing_changes(sign_in):
    browser = sign_in("teacher")
    assert browser.post("/language", data={"language": "de"}).status_code == 422
    refused = browser.post("/api/me/language", json={"language": "de"})
    assert refused.json()["error"]["code"] == "unknown_language"
    assert browser.get("/api/me").json()["language"] == "en"


def test_every_language_has_its_own_name_in_the_switch(client):
    page = client.get("/sign-in").text
    for name in ("Shqip", "Srpski", "Српски", "English"):
        assert name in page


def test_a_person_changes_their_password_and_stays_signed_in_here_only(sign_in):
    browser, elsewhere = sign_in("teacher"), sign_in("teacher")
    fields = {"present": PASSWORD, "new": "a longer bridge", "again": "a longer bridge"}
    assert (
        browser.post("/settings/password", data=fields).headers["location"].startswith("/settings")
    )
    assert "has been changed" in browser.get("/settings?saved=password").text
    assert elsewhere.get("/api/me").status_code == 401


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"present": "wrong"}, "present password is not right"),
        ({"new": "short", "again": "short"}, "too short"),
        ({"again": "something else"}, "not repeated the same way"),
    ],
)
def test_a_password_that_does_not_do_is_explained(sign_in, changes, said):
    fields = {"present": PASSWORD, "new": "a longer bridge", "again": "a longer bridge"} | changes
    refused = sign_in("teacher").post("/settings/password", data=fields)
    assert refused.status_code == 422
    assert said in refused.text


def test_a_disabled_account_is_out_at_once(sign_in, app_parts):
    browser = sign_in("teacher")
    people: People = app_parts.people
    people.disable("Test teacher")
    assert browser.get("/api/me").status_code == 401


def test_someone_signed_in_does_not_see_the_form_again(sign_in):
    led = sign_in("teacher").get("/sign-in?next=/settings")
    assert (led.status_code, led.headers["location"]) == (303, "/settings")
