"""The chat over HTTP: who may speak in which conversation, what is refused, what is remembered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.app import create_app
from assistant.web.strings import Words
from knowledge.library import Upload
from tests.assistant.web.conftest import ADDRESS

CHANNEL = "/webhooks/rest/webhook"
TEXT = """# Starting school

## Papers

A child starts school at once, also when papers are missing. The school enrols the child and asks
the municipal education directorate to sort out the papers afterwards, within the same month.
"""


@pytest.fixture
def school(app_parts):
    """A document that says how a child starts school."""
    upload = Upload("school.md", TEXT.encode(), language="en", kind="protocol")
    added = app_parts.library.add(upload, by="one trainer")
    app_parts.library.approve(added.document, by="another trainer")
    return added.document


@pytest.fixture
def teacher(sign_in):
    return sign_in("teacher")


def say(browser, message, sender="talk-1", **more):
    return browser.post(CHANNEL, json={"sender": sender, "message": message, **more})


def answers(reply):
    data = [item.get("custom", {}).get("data", {}) for item in reply.json()]
    return [one for one in data if one.get("kind") == "answer"]


def test_the_chat_page_holds_the_widget_in_the_readers_language(sign_in):
    page = sign_in("teacher", language="sr-Latn").get("/").text
    assert '<ura-assistant mode="page" language="sr-Latn">' in page
    assert '<script type="module" src="/static/widget.js">' in page
    assert "<noscript>" in page


def test_a_text_that_is_out_of_date_and_shown_says_so_over_the_channel(teacher, app_parts, school):
    over = f"---\nvalid_until: 2026-11-01\nwhen_out_of_date: flag\n---\n{TEXT}"
    upload = Upload("school.md", over.encode(), language="en", kind="protocol")
    app_parts.library.add(upload, by="one trainer")
    app_parts.library.approve(school, by="another trainer")
    reply = say(teacher, "How does a child start school when papers are missing?")
    (answer,) = answers(reply)
    citation = answer["citations"][0]
    assert (citation["document"], citation["version"]) == (school, 2)
    assert (citation["valid_until"], citation["out_of_date"]) == ("2026-11-01", True)
    assert "valid until 1 November 2026" in reply.json()[0]["text"]


def test_a_message_that_identifies_is_held_back_and_its_own_button_sends_it(teacher, school):
    asked = "How does Arben Krasniqi start school when papers are missing?"
    [held] = say(teacher, asked, metadata={"language": "sq"}).json()
    assert held["custom"]["data"]["kind"] == "held"
    assert held["text"]
    assert teacher.get("/api/conversations/talk-1").status_code == 404
    edit, send = held["buttons"]
    assert say(teacher, edit["payload"]).json()[0]["text"]
    assert answers(say(teacher, send["payload"]))
    [turn] = teacher.get("/api/conversations/talk-1").json()["turns"]
    assert "How does [" in turn["said"]
    assert "Krasniqi" not in turn["said"]


def test_whom_an_approved_document_names_may_be_named(teacher, app_parts, school):
    text = TEXT.replace("The school", "As Lirak Zhubi wrote, the school")
    upload = Upload("zhubi.md", text.encode(), language="en", kind="protocol")
    added = app_parts.library.add(upload, by="one trainer")
    say(teacher, "What did Lirak Zhubi write about papers?", sender="before")
    assert teacher.get("/api/conversations/before").status_code == 404
    app_parts.library.approve(added.document, by="another trainer")
    say(teacher, "What did Lirak Zhubi write about papers?", sender="after")
    assert teacher.get("/api/conversations/after").status_code == 200


def test_a_question_is_answered_with_its_source_and_can_be_judged(teacher, school):
    reply = say(teacher, "How does a child start school when papers are missing?")
    assert reply.status_code == 200
    assert {item["recipient_id"] for item in reply.json()} == {"talk-1"}
    (answer,) = answers(reply)
    assert answer["status"] in {"answered", "partly"}
    citation = answer["citations"][0]
    assert citation["document"] == school
    assert " ".join(citation["quote"].split()) in " ".join(TEXT.split())
    judged = {"turn": answer["turn"], "helpful": False, "reason": "unclear"}
    path = "/api/conversations/talk-1/feedback"
    assert teacher.post(path, json=judged).status_code == 204
    assert teacher.post(path, json=judged | {"reason": "ugly"}).status_code == 422
    assert teacher.post(path, json=judged | {"turn": 999}).status_code == 404


def test_what_was_said_comes_back_with_the_same_numbers(teacher, school):
    (answer,) = answers(say(teacher, "How does a child start school when papers are missing?"))
    (turn,) = teacher.get("/api/conversations/talk-1").json()["turns"]
    assert turn["said"] == "How does a child start school when papers are missing?"
    assert turn["id"] == answer["turn"]
    again = [item.get("custom", {}).get("data", {}) for item in turn["replies"]]
    assert answer in again
    assert teacher.get("/api/conversations/unused").status_code == 404


def test_the_first_to_use_a_conversation_owns_it(teacher, sign_in):
    say(teacher, "Hello there", sender="mine/and only mine")
    other = sign_in("imam")
    taken = say(other, "Hello there", sender="mine/and only mine")
    assert (taken.status_code, taken.json()["error"]["code"]) == (404, "not_found")
    path = "/api/conversations/mine%2Fand%20only%20mine"
    assert other.get(path).status_code == 404
    judged = other.post(f"{path}/feedback", json={"turn": 1, "helpful": True})
    assert judged.status_code == 404
    assert len(teacher.get(path).json()["turns"]) == 1


@pytest.mark.parametrize("sender", ["line\nline", "tab\tstop", "👨\u200d👩 family", "x" * 64])
def test_a_sender_may_be_any_short_string(teacher, sender):
    assert say(teacher, "Hello there", sender=sender).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"message": "Hello"},
        {"sender": "", "message": "Hello"},
        {"sender": "  ", "message": "Hello"},
        {"sender": None, "message": "Hello"},
        {"sender": "x" * 65, "message": "Hello"},
        {"sender": "talk", "message": None},
        {"sender": "talk", "message": ["Hello"]},
    ],
)
def test_a_message_needs_a_sender_and_a_text(teacher, body):
    refused = teacher.post(CHANNEL, json=body)
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "invalid"


@pytest.mark.parametrize("message", ["", "   ", "\u0000\u0007", "\u200b\u202e"])
def test_an_empty_message_is_refused_in_words(sign_in, message):
    teacher = sign_in("teacher", language="sq")
    refused = say(teacher, message)
    if refused.status_code == 422:
        assert refused.json()["error"] == {
            "code": "message_empty",
            "message": "Shkruani pyetjen ose përgjigjen.",
        }
    else:
        assert refused.json()


def test_a_message_that_is_too_long_says_how_long_it_may_be(sign_in):
    teacher = sign_in("teacher", language="sr-Cyrl")
    refused = say(teacher, "а" * 2001)
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "message_too_long"
    assert "2000 знакова" in refused.json()["error"]["message"]
    assert say(teacher, "а" * 2000).status_code == 200


@pytest.mark.parametrize(
    "message", [r"\ud800", r"\ud83d", r"Hello \udc00 there", r"Hello\u0000there"]
)
def test_half_a_character_or_a_nul_breaks_nothing(teacher, message):
    body = b'{"sender": "talk-\\ud800", "message": "' + message.encode() + b'"}'
    reply = teacher.post(CHANNEL, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 200
    assert reply.json()
    assert teacher.get("/api/conversations/talk-%EF%BF%BD").json()["turns"]


@pytest.mark.parametrize(
    "message", ["🏫🙂", "مرحبا كيف", "\u202etxet sdrawkcab", "<script>alert(1)</script>"]
)
def test_unusual_writing_gets_a_reply(teacher, message):
    reply = say(teacher, message)
    assert reply.status_code == 200
    assert all("<script" not in item.get("text", "") for item in reply.json())


def test_the_language_of_a_message_is_one_of_ours_or_refused(teacher):
    assert say(teacher, "Hello", metadata={"language": "sr-Latn"}).status_code == 200
    assert say(teacher, "Hello", metadata={"anything": 1}).status_code == 200
    assert say(teacher, "Hello", metadata="x").status_code == 200
    for code in ("de", "", 5, "sr"):
        refused = say(teacher, "Hello", metadata={"language": code})
        assert refused.json()["error"]["code"] == "unknown_language"


def test_a_refused_message_is_refused_in_the_language_it_names(sign_in):
    refused = say(sign_in("teacher"), "x" * 2001, metadata={"language": "sq"})
    assert refused.status_code == 422
    assert refused.json()["error"]["message"] == Words("sq")("errors.message_too_long", limit=2000)


def test_too_many_messages_in_a_minute_wait_and_others_do_not(app_parts, settings, sign_in):
    slow = replace(app_parts, settings=settings.model_copy(update={"messages_per_minute": 2}))
    teacher, imam = sign_in("teacher"), sign_in("imam")
    with TestClient(create_app(slow), base_url=ADDRESS) as client:
        assert client.app.state.background.wait(60)
        for _ in range(2):
            assert say(client, "Hello", **bearer(client, teacher)).status_code == 200
        waiting = say(client, "Hello")
        assert (waiting.status_code, waiting.headers["retry-after"]) == (429, "60")
        assert "too many messages" in waiting.json()["error"]["message"]
        assert say(client, "Hello", sender="talk-2", **bearer(client, imam)).status_code == 200


def test_before_everything_is_loaded_the_chat_asks_to_wait(app_parts, sign_in):
    teacher = sign_in("teacher")
    client = TestClient(create_app(app_parts), base_url=ADDRESS)
    early = say(client, "Hello", **bearer(client, teacher))
    assert (early.status_code, early.json()["error"]["code"]) == (503, "starting")
    assert early.headers["retry-after"]


def test_a_sign_in_that_ends_in_the_middle_of_a_form_loses_nothing(sign_in, clock):
    teacher = sign_in("teacher")
    opened = say(teacher, "/start_referral").json()
    assert any(item.get("buttons") for item in opened)
    say(teacher, '/inform{"category": "C"}')
    clock.move(timedelta(minutes=61))
    refused = say(teacher, '/inform{"person_group": "child_8_17"}')
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "sign_in_again")
    again = sign_in("teacher")
    assert len(again.get("/api/conversations/talk-1").json()["turns"]) == 2
    went_on = say(again, '/inform{"person_group": "child_8_17"}')
    assert went_on.status_code == 200
    asked = [item.get("text", "") for item in went_on.json()]
    assert any("municipality" in text.lower() for text in asked), asked


def bearer(client, browser):
    """Let `client` speak for who is signed in in `browser`."""
    client.headers["Authorization"] = f"Bearer {browser.token}"
    return {}
