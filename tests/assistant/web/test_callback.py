"""The callback channel: off unless the operator names an address, and nobody else ever can."""

import json
from dataclasses import replace

import httpx
import pytest

from assistant.app import furnish
from assistant.web.receiver import Receiver
from assistant.web.strings import Words
from config.credentials import BadCallback, callback_url, checked
from tests.assistant.web.conftest import SignInAs

CHANNEL = "/webhooks/callback/webhook"
SECRET = "The secret case of a pupil"


class Target:
    """What stands at the operator's address; `answers` are its next statuses, then 200."""

    def __init__(self):
        self.url = "https://replies.example/ura?key=1"
        self.answers = []
        self.got = []

    def __call__(self, request):
        self.got.append((str(request.url), json.loads(request.content)))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, headers={"Location": "https://elsewhere.example/"})

    @property
    def texts(self):
        return [body.get("text") for _, body in self.got]


@pytest.fixture
def target(app, app_parts):
    target = Target()
    transport = httpx.MockTransport(target)
    receiver = Receiver(target.url, waits_s=(0, 0, 0), transport=transport)
    furnish(app, replace(app_parts, receiver=receiver))
    return target


@pytest.fixture
def teacher(target, client, sign_in: SignInAs):
    return sign_in("teacher")


def say(browser, message, sender="talk-1", **more):
    return browser.post(CHANNEL, json={"sender": sender, "message": message, **more})


def test_without_an_address_there_is_no_such_channel(client, sign_in):
    assert callback_url() == ""
    assert say(sign_in("teacher"), "Hello").status_code == 404
    assert client.get("/webhooks/callback/").status_code == 404


def test_every_reply_goes_to_the_operators_address_and_nowhere_else(teacher, target, client):
    for more in ({}, {"url": "https://elsewhere.example"}, {"callback": {"url": "http://x"}}):
        reply = say(teacher, "/start_referral", metadata=more, **more)
        assert (reply.status_code, reply.text) == (200, "success")
    assert {url for url, _ in target.got} == {target.url}
    turns = teacher.get("/api/conversations/talk-1").json()["turns"]
    assert [body for _, body in target.got] == [one for turn in turns for one in turn["replies"]]
    assert client.get("/webhooks/callback/").json() == {"status": "ok"}


@pytest.mark.parametrize("failure", [500, 503, httpx.ConnectError("x"), httpx.ReadTimeout("x")])
def test_a_passing_failure_is_tried_again(teacher, target, failure):
    target.answers = [failure]
    assert say(teacher, "Hello").text == "success"
    assert target.texts[0] == target.texts[1]


@pytest.mark.parametrize(
    ("failure", "tries"),
    [(500, 3), (httpx.ConnectError(SECRET), 3), (404, 1), (307, 1), (302, 1)],
)
def test_what_is_not_taken_is_given_up_told_and_kept(teacher, target, capsys, failure, tries):
    target.answers = [failure] * 9
    reply = say(teacher, SECRET)
    assert reply.status_code == 502
    assert reply.json()["error"] == {
        "code": "undelivered",
        "message": Words("en")("errors.undelivered"),
    }
    assert len(target.got) == tries
    assert teacher.get("/api/conversations/talk-1").json()["turns"][0]["said"] == SECRET
    log = capsys.readouterr().err
    assert "callback_undelivered" in log
    assert SECRET not in log
    assert "replies.example" not in log


def test_who_may_not_speak_there_sets_nothing_off(teacher, target, client, sign_in):
    teacher.post("/webhooks/rest/webhook", json={"sender": "talk-1", "message": "Hello"})
    assert say(client, "Hello").status_code == 401
    assert say(sign_in("imam"), "Hello").status_code == 404
    assert say(sign_in("admin"), "Hello").status_code == 403
    assert say(sign_in("teacher", csrf=False), "Hello").status_code == 403
    assert say(teacher, "").status_code == 422
    assert say(teacher, "x" * 100_000).status_code == 413
    assert target.got == []


@pytest.mark.parametrize(
    "url", ["https://replies.example/x", "http://127.0.0.1:5005/x", "http://localhost/",
            "http://[::1]:80/"],
)  # fmt: skip
def test_an_address_is_https_or_on_this_machine(url):
    assert checked(url) == url


@pytest.mark.parametrize(
    "url",
    ["", None, 5, {}, "replies.example", "http://replies.example/", "ftp://127.0.0.1/", "https://",
     "file:///etc/passwd", "http://10.0.0.1/", "http://[", "https://x:99999/", "http://localhost.x/"],
)  # fmt: skip
def test_any_other_address_is_refused_at_the_start(url):
    with pytest.raises(BadCallback):
        checked(url)


@pytest.mark.parametrize(
    ("file", "url"),
    [
        (None, ""),
        ({"rest": None}, ""),
        ({"callback": {"url": "https://replies.example/"}}, "https://replies.example/"),
    ],
)
def test_the_address_is_read_from_the_credentials(monkeypatch, file, url):
    monkeypatch.setattr("config.credentials.load_yaml", lambda _name: file)
    assert callback_url() == url


@pytest.mark.parametrize("named", [None, {}, "https://replies.example/", {"url": None}])
def test_an_entry_without_an_address_is_no_channel_that_is_off_but_a_mistake(monkeypatch, named):
    monkeypatch.setattr("config.credentials.load_yaml", lambda _name: {"callback": named})
    with pytest.raises(BadCallback):
        callback_url()
