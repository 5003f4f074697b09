"""Replies as they are said, one JSON object a line."""

import json
import threading

import httpx
import pytest

from assistant.app import furnish
from assistant.dialogue.conversation import Conversations
from tests.assistant.web.conftest import SignInAs, served

CHANNEL = "/webhooks/rest/webhook"
DANGER = "He has a gun and wants to shoot at the school. What do I do?"


@pytest.fixture
def teacher(sign_in: SignInAs):
    return sign_in("teacher")


def stream(browser, message, sender="talk-1", **more):
    body = {"sender": sender, "message": message, **more}
    return browser.post(CHANNEL, params={"stream": "true"}, json=body)


def lines(reply):
    return [json.loads(line) for line in reply.text.splitlines()]


def test_each_line_is_a_reply_and_together_they_are_the_turn(teacher):
    reply = stream(teacher, DANGER)
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["x-accel-buffering"] == "no"
    assert reply.headers["x-content-type-options"] == "nosniff"
    told = lines(reply)
    assert len(told) > 1
    (turn,) = teacher.get("/api/conversations/talk-1").json()["turns"]
    assert turn["replies"] == told


def test_a_line_leaves_while_the_turn_goes_on(app, app_parts, sign_in, monkeypatch):
    """Over a real socket, as the test client waits for the whole reply."""
    heard = threading.Event()

    def say(self, sender, text, who, *, language=None, tell=None):
        tell({"text": "first"})
        assert heard.wait(timeout=30)
        tell({"text": "second"})

    bearer = {"Authorization": f"Bearer {sign_in('teacher').token}"}
    monkeypatch.setattr(Conversations, "say", say)
    furnish(app, app_parts)
    with (
        served(app) as address,
        httpx.stream(
            "POST",
            f"{address}{CHANNEL}?stream=true",
            json={"sender": "talk-1", "message": "Hello"},
            headers=bearer,
            timeout=30,
        ) as reply,
    ):
        lines = reply.iter_lines()
        assert json.loads(next(lines)) == {"text": "first"}
        heard.set()
        assert [json.loads(line) for line in lines] == [{"text": "second"}]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"sender": "talk-1", "message": ""}, 422, "message_empty"),
        ({"sender": "talk-1", "message": "x" * 2001}, 422, "message_too_long"),
        ({"sender": "talk-1", "message": ["x"]}, 422, "invalid"),
        ({"sender": "talk-1", "message": "x", "metadata": {"language": "de"}}, 422,
         "unknown_language"),
        ({"message": "x"}, 422, "invalid"),
    ],
)  # fmt: skip
def test_what_is_refused_is_refused_with_its_status(teacher, body, status, code):
    reply = teacher.post(CHANNEL, params={"stream": "true"}, json=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)


def test_anothers_conversation_looks_missing_and_a_stranger_must_sign_in(teacher, sign_in, client):
    stream(teacher, "Hello there")
    taken = stream(sign_in("imam"), "Hello there")
    assert (taken.status_code, taken.json()["error"]["code"]) == (404, "not_found")
    assert stream(client, "Hello there").status_code == 401


def test_a_failure_after_the_first_line_is_the_last_line_in_the_readers_words(
    sign_in, monkeypatch, capsys
):
    def say(self, sender, text, who, *, language=None, tell=None):
        tell({"recipient_id": sender, "text": "first"})
        raise OSError("the secret case")

    monkeypatch.setattr(Conversations, "say", say)
    reply = stream(sign_in("teacher", language="sq"), "Hello")
    first, last = lines(reply)
    assert first["text"] == "first"
    data = last["custom"]["data"]
    assert (data["kind"], data["code"]) == ("error", "failed")
    assert data["id"] in last["text"]
    assert "Numri i gabimit" in last["text"]
    log = capsys.readouterr().err
    assert data["id"] in log
    assert "secret" not in log + reply.text
