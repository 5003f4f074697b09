"""The outer wall: headers, origins, addresses, lengths, and the token of every form."""

import pytest
from starlette.requests import Request

from assistant.web.depends import browser_language
from assistant.web.security import BODY_LIMIT_BYTES, client_address, local_path, networks
from assistant.web.strings import Words

OTHER = "https://elsewhere.example"


def test_every_reply_carries_the_strict_headers(client):
    for path in ("/sign-in", "/nothing", "/static/mark.svg", "/health/live", "/api/me"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["referrer-policy"] == "same-origin"
        assert "noindex" in headers["x-robots-tag"]


def test_pages_are_not_kept_by_the_browser_and_the_widget_may_be_embedded(client, sign_in):
    assert sign_in("teacher").get("/").headers["cache-control"] == "no-store"
    static = client.get("/static/mark.svg").headers
    assert static["cross-origin-resource-policy"] == "cross-origin"
    assert client.get("/sign-in").headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/sign-in", "/settings", "/emergency", "/no-such-page"])
def test_no_page_has_script_or_style_of_its_own(sign_in, client, path):
    for browser in (client, sign_in("teacher")):
        page = browser.get(path).text.lower()
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
        assert " onclick" not in page


def test_head_answers_like_get_without_a_body(client):
    reply = client.head("/sign-in")
    assert reply.status_code == 200
    assert reply.text == ""


def test_a_form_without_the_token_changes_nothing(sign_in):
    browser = sign_in("teacher", csrf=False)
    refused = browser.post("/language", data={"language": "sq"})
    assert refused.status_code == 403
    assert browser.get("/api/me").json()["language"] == "en"
    assert browser.post("/language", data={"language": "sq", "csrf": "ë"}).status_code == 403
    accepted = browser.post("/language", data={"language": "sq", "csrf": browser.csrf})
    assert accepted.status_code == 303
    assert browser.get("/api/me").json()["language"] == "sq"


def test_the_token_of_another_sign_in_is_worth_nothing(sign_in):
    one, other = sign_in("teacher", csrf=False), sign_in("imam", csrf=False)
    assert one.csrf != other.csrf
    assert one.post("/sign-out", data={"csrf": other.csrf}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": OTHER},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_post_even_with_the_token(sign_in, client, headers):
    browser = sign_in("teacher")
    assert browser.post("/language", data={"language": "sq"}, headers=headers).status_code == 403
    stranger = client.post("/sign-in", data={"name": "x", "password": "y"}, headers=headers)
    assert stranger.status_code == 403


def test_our_own_origin_may_post(sign_in):
    own = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    reply = sign_in("teacher").post("/language", data={"language": "sq"}, headers=own)
    assert reply.status_code == 303


def test_a_bearer_needs_no_form_token(client, sign_in):
    token = sign_in("teacher").token
    bearer = {"Authorization": f"Bearer {token}", "Origin": OTHER}
    reply = client.post("/api/me/language", json={"language": "sq"}, headers=bearer)
    assert reply.status_code == 204


def test_without_allowed_origins_no_other_site_may_read(client):
    reply = client.get("/api/words/widget", headers={"Origin": OTHER})
    assert "access-control-allow-origin" not in reply.headers


def test_a_body_that_is_too_long_is_refused_in_words(client, sign_in):
    reply = sign_in("teacher").post(
        "/webhooks/rest/webhook",
        content=b"x" * (BODY_LIMIT_BYTES + 1),
        headers={"Content-Type": "application/json"},
    )
    assert reply.status_code == 413
    assert reply.json()["error"]["code"] == "too_large"
    form = {"name": "x", "password": "y" * 10 * BODY_LIMIT_BYTES}
    assert client.post("/sign-in", data=form).status_code == 413


def test_a_script_is_told_in_json_that_an_upload_is_too_long(sign_in):
    too_much = b"word " * (5 * 1024 * 1024)
    reply = sign_in("trainer").post(
        "/library/upload",
        files={"file": ("long.txt", too_much)},
        headers={"Accept": "application/json"},
    )
    assert reply.status_code == 413
    assert reply.json()["error"]["message"] == Words("en")("errors.file_too_large")


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("", "10.0.0.1"),
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("198.51.100.1, <script>", "10.0.0.1"),
    ],
)
def test_a_trusted_proxy_is_believed_about_its_own_hop_only(forwarded, expected):
    assert client_address(a_request("10.0.0.1", forwarded), networks(["10.0.0.0/8"])) == expected


def test_a_stranger_cannot_invent_an_address():
    request = a_request("203.0.113.9", "198.51.100.1")
    assert client_address(request, ()) == "203.0.113.9"
    assert client_address(request, networks(["10.0.0.1"])) == "203.0.113.9"


@pytest.mark.parametrize(
    "target",
    [
        "//elsewhere.example",
        "https://elsewhere.example",
        "/\\elsewhere",
        "/\t/x",
        "javascript:x",
        "",
    ],
)
def test_the_way_back_never_leaves_the_service(target):
    assert local_path(target) == "/"


def test_the_way_back_keeps_path_and_query():
    assert local_path("/referrals?status=logged") == "/referrals?status=logged"


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "sq"),
        ("de-DE,de;q=0.9", "sq"),
        ("en-GB,en;q=0.9,sq;q=0.8", "en"),
        ("sq-XK", "sq"),
        ("sr", "sr-Cyrl"),
        ("sr-RS", "sr-Cyrl"),
        ("sr-Latn-RS,sr;q=0.9", "sr-Latn"),
        ("sr-Cyrl-RS", "sr-Cyrl"),
        ("bs-BA", "sr-Latn"),
        ("hr", "sr-Latn"),
        ("de;q=1.0, en;q=0.3, sq;q=0.7", "sq"),
        ("en;q=0, sr;q=0.1", "sr-Cyrl"),
        ("en;q=high, sr-Latn", "sr-Latn"),
    ],
)
def test_a_first_visit_is_in_the_language_of_the_browser(accepted, code):
    assert browser_language(accepted) == code


def a_request(peer: str, forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "headers": headers, "client": (peer, 1234)})
