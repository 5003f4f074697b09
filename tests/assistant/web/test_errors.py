"""What people and programs are told when something does not work."""

import json
import re

import pytest
from fastapi import APIRouter

from assistant.app import create_app
from assistant.web.errors import ANSWERS, BY_STATUS, answer_to
from assistant.web.strings import Words
from knowledge.language import LANGUAGES

SECRET = "the boy said something"


@pytest.fixture
def app(app_parts):
    app = create_app(app_parts)
    broken = APIRouter()

    @broken.get("/api/broken")
    @broken.get("/broken")
    def fail() -> None:
        raise ValueError(SECRET)

    app.include_router(broken)
    return app


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_answer_has_words_in_every_language(code):
    words = Words(code)
    reasoned = {"message": ["empty", "too_long"]} | {
        "file": [
            "unreadable",
            "front_matter",
            "encrypted",
            "empty",
            "too_large",
            "wrong_type",
            "no_text",
        ]
    }
    for answer in ANSWERS.values():
        for key in [f"{answer.code}_{why}" for why in reasoned.get(answer.code, [])] or [
            answer.code
        ]:
            assert words(f"errors.{key}", limit=2000)
    for key in BY_STATUS.values():
        assert words(f"errors.{key}")


def test_a_missing_page_is_a_page_in_the_readers_language(client):
    page = client.get("/nothing-here", headers={"Accept-Language": "sr-Cyrl"})
    assert page.status_code == 404
    assert "Овде нема ничега" in page.text
    assert 'href="/emergency"' in page.text
    missing = client.get("/api/nothing-here", headers={"Accept-Language": "en"})
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "not_found"


def test_a_missing_page_leads_on_to_what_the_person_may_do(client, sign_in):
    def offered(browser):
        main = browser.get("/nothing-here").text.split("<main")[1].split("</main>")[0]
        return re.findall(r'href="([^"]*)"', main)

    assert offered(sign_in("teacher")) == ["/", "/referrals"]
    assert offered(sign_in("trainer")) == offered(client) == ["/"]


def test_a_wrong_method_says_what_is_allowed(client):
    reply = client.put("/api/sign-in", json={})
    assert reply.status_code == 405
    assert reply.headers["allow"] == "POST"
    assert reply.json()["error"]["code"] == "wrong_method"


def test_what_cannot_be_understood_is_refused_without_repeating_it(client):
    for content in (b"{", b'{"name": 5, "password": []}', b"[1]", b"\xff\xfe", b"[" * 60_000):
        reply = client.post(
            "/api/sign-in",
            content=content,
            headers={"Content-Type": "application/json", "Accept-Language": "en"},
        )
        assert reply.status_code in {400, 422}
        assert reply.json()["error"]["code"] == "invalid"
        assert reply.json()["error"]["message"].startswith("The request could not be understood")
        assert "input" not in reply.text


@pytest.mark.parametrize("depth", [9, 600, 900, 5000])
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ('{"a":', "}")])
def test_what_is_nested_too_deep_is_refused(client, depth, begin, end):
    nested = begin * depth + "1" + end * depth
    reply = client.post(
        "/api/sign-in",
        content=f'{{"name": {nested}, "password": "x"}}',
        headers={"Content-Type": "application/json"},
    )
    # Python itself refuses to read the deepest.
    assert reply.status_code in ({422} if depth < 900 else {400, 422})
    assert reply.json()["error"]["code"] == "invalid"


def test_an_unforeseen_failure_has_a_number_and_no_content(client, app, capsys):
    page = client.get("/broken", headers={"Accept-Language": "en"})
    assert page.status_code == 500
    assert page.headers["content-security-policy"]
    api = client.get("/api/broken").json()["error"]
    assert api["code"] == "failed"
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["error"] for line in logged] == ["ValueError", "ValueError"]
    assert logged[0]["id"] in page.text
    assert logged[1]["id"] == api["id"]
    assert SECRET not in page.text + str(api) + str(logged)


def test_what_a_library_warns_of_is_noted_without_its_words(client, capsys):
    multipart = {"Content-Type": "multipart/form-data; boundary=edge"}
    refused = client.post("/sign-in", content=b"a broken form", headers=multipart)
    assert refused.status_code == 400
    (logged,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (logged["event"], logged["library"]) == ("library_warned", "python_multipart.multipart")
    assert set(logged) == {"event", "level", "library", "place", "timestamp"}


def test_what_nobody_foresaw_is_a_failure_and_nothing_else():
    assert answer_to(KeyError("x")).status == 500


def test_lacking_a_right_is_told_in_words(sign_in):
    browser = sign_in("admin")
    refused = browser.post("/webhooks/rest/webhook", json={"sender": "a", "message": "b"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
    assert browser.get("/library").status_code == 403
