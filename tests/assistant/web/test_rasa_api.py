"""What Rasa's programs ask a server: a tracker, what a text means, which version and model."""

import re

import pytest

from assistant.web.strings import Words
from tests.assistant.web.conftest import SignInAs

CHANNEL = "/webhooks/rest/webhook"
TRACKER = "/conversations/talk-1/tracker"
# Every key of a tracker as Rasa 3.6 sends it to an action server and returns it here.
RASAS_KEYS = {
    "sender_id", "slots", "latest_message", "latest_event_time", "followup_action", "paused",
    "events", "latest_input_channel", "active_loop", "latest_action", "latest_action_name",
}  # fmt: skip


@pytest.fixture
def teacher(sign_in: SignInAs):
    return sign_in("teacher")


@pytest.fixture
def trainer(sign_in: SignInAs):
    return sign_in("trainer")


def say(browser, message, sender="talk-1"):
    return browser.post(CHANNEL, json={"sender": sender, "message": message})


def parse(browser, text, **more):
    return browser.post("/model/parse", json={"text": text, **more})


def test_a_tracker_is_its_owners_alone_and_a_hidden_one_looks_missing(teacher, sign_in, client):
    say(teacher, "Hello there")
    assert teacher.get(TRACKER).status_code == 200
    missing = teacher.get("/conversations/unused/tracker")
    for browser in (sign_in("imam"), sign_in("dprrp"), sign_in("trainer")):
        hidden = browser.get(TRACKER)
        assert hidden.status_code == missing.status_code == 404
        assert hidden.json()["error"]["code"] == missing.json()["error"]["code"] == "not_found"
    assert sign_in("admin").get(TRACKER).status_code == 403
    assert client.get(TRACKER).status_code == 401


def test_a_tracker_has_rasas_shape_and_no_secret(teacher, app_parts):
    say(teacher, "/start_referral")
    say(teacher, '/inform{"category": "C"}')
    reply = teacher.get(TRACKER)
    shown = reply.json()
    assert set(shown) == RASAS_KEYS
    assert shown["sender_id"] == "talk-1"
    assert shown["slots"]["category"] == "C"
    assert shown["slots"]["language"] == "en"
    assert shown["active_loop"]["name"] == "referral_form"
    assert shown["latest_message"]["intent"]["name"] == "inform"
    assert shown["slots"]["identity_token"] is None
    # A signed identity is two long runs of letters with a dot between them.
    assert not re.search(r"[\w-]{40,}", reply.text)
    assert teacher.token not in reply.text


def test_the_events_of_a_tracker_are_chosen_as_in_rasa(teacher):
    say(teacher, "Hello there")
    every = teacher.get(TRACKER, params={"include_events": "ALL"}).json()["events"]
    assert every[0]["event"] == "user"
    for which in ("APPLIED", "AFTER_RESTART"):
        chosen = teacher.get(TRACKER, params={"include_events": which}).json()["events"]
        assert chosen == every
    assert teacher.get(TRACKER).json()["events"] == every
    assert teacher.get(TRACKER, params={"include_events": "NONE"}).json()["events"] is None
    for wrong in ({"include_events": "all of them"}, {"until": "1795469026.1"}):
        refused = teacher.get(TRACKER, params=wrong)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid")


def test_what_was_said_in_a_referral_is_gone_from_the_tracker_once_it_is_over(teacher):
    say(teacher, "/start_referral")
    say(teacher, '/inform{"category": "C"}')
    say(teacher, "/cancel")
    shown = teacher.get(TRACKER).json()
    assert shown["slots"]["category"] is None
    assert shown["active_loop"] == {}
    assert shown["events"] == []


def test_a_text_is_understood_in_rasas_shape_and_nothing_is_kept(trainer, app_parts):
    found = parse(trainer, "/start_referral", message_id="x").json()
    assert found["intent"] == {"name": "start_referral", "confidence": 1.0}
    assert found["intent_ranking"][0] == found["intent"]
    assert found["entities"] == []
    text = "Si e regjistroj fëmijën, në Klinë?"
    found = parse(trainer, text).json()
    assert [text[start:end] for start, end in found["text_tokens"]] == [
        "Si", "e", "regjistroj", "fëmijën", "në", "Klinë",
    ]  # fmt: skip
    assert found["text"] == text
    assert found["metadata"] == {"danger": False}
    with app_parts.engine.connect() as connection:
        for table in ("conversations", "turns", "unanswered_questions"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0  # noqa: S608


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "message_empty"),
        ("x" * 2001, "message_too_long"),
        (None, "invalid"),
        (["x"], "invalid"),
    ],
)
def test_a_text_that_is_none_is_refused(trainer, text, code):
    refused = parse(trainer, text)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, code)


def test_deep_json_and_a_hundred_kilobytes_are_refused(trainer):
    deep = b'{"text": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    for body, status in ((deep, 400), (b'{"text": "' + b"x" * 100_000 + b'"}', 413)):
        reply = trainer.post(
            "/model/parse", content=body, headers={"Content-Type": "application/json"}
        )
        assert reply.status_code == status


def test_only_who_may_inspect_sees_how_texts_are_understood_and_by_what(sign_in, client):
    for role, status in (("trainer", 200), ("admin", 200), ("teacher", 403), ("dprrp", 403)):
        browser = sign_in(role)
        # A program speaks here, so with a token and not with a page's cookie.
        browser.headers["Authorization"] = f"Bearer {browser.token}"
        assert parse(browser, "Hello").status_code == status
        assert browser.get("/status").status_code == status
        assert browser.get("/version").status_code == 200
    for path in ("/status", "/version"):
        refused = client.get(path, headers={"Accept-Language": "en"})
        assert refused.status_code == 401
        assert refused.json()["error"]["message"] == Words("en")("errors.sign_in_needed")


def test_version_and_status_have_rasas_fields(trainer):
    version = trainer.get("/version").json()
    assert set(version) == {"version", "minimum_compatible_version"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", version["version"])
    status = trainer.get("/status").json()
    assert set(status) == {"model_file", "model_id", "num_active_training_jobs"}
    assert status["model_file"] == "fake-words"
    assert re.fullmatch(r"[0-9a-f]{32}", status["model_id"])


@pytest.mark.parametrize("name", ["rest", "socketio"])
def test_a_channel_says_that_it_is_there(client, name):
    assert client.get(f"/webhooks/{name}/").json() == {"status": "ok"}
