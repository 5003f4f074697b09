"""Rasa's socket.io channel, spoken to by python-socketio's own client over a real socket."""

import gc
import json
import queue
import threading
import time
import warnings
from dataclasses import replace

import httpx
import pytest
import socketio
import websocket

from assistant.app import furnish
from assistant.dialogue.conversation import Conversations
from assistant.web.security import BODY_LIMIT_BYTES
from assistant.web.socket_channel import as_uttered
from assistant.web.strings import Words
from tests.assistant.web.conftest import served

pytestmark = pytest.mark.slow

PATIENCE_S = 30
PORTAL = "https://portal.example"
EVIL = "https://elsewhere.example"


class Widget:
    """A client of the channel; every event it gets waits in `got`, in order."""

    def __init__(self, address):
        self.address = address
        self.got = queue.Queue()
        # Else the client adds an Origin of its own beside the one that a test gives.
        alone = {"suppress_origin": True}
        self.client = socketio.Client(reconnection=False, websocket_extra_options=alone)
        for event in ("session_confirm", "bot_uttered", "disconnect", "connect_error"):
            self.client.on(event, lambda *data, event=event: self.got.put((event, *data)))

    def open(self, **how):
        # A client that polls takes half a minute to leave; `Poller` stands for those.
        how = {"transports": ["websocket"], "wait_timeout": PATIENCE_S, **how}
        self.client.connect(self.address, **how)
        return self

    def close(self):
        self.client.disconnect()
        for connection in (self.client.eio.ws, self.client.eio.http):
            if connection is not None:
                connection.close()

    def next(self, event="bot_uttered"):
        kind, *data = self.got.get(timeout=PATIENCE_S)
        assert kind == event, (kind, data)
        return data[0]

    def refusal(self, **how):
        with pytest.raises(socketio.exceptions.ConnectionError):
            self.open(**how)
        return self.next("connect_error")

    def session(self, session_id=None):
        self.client.emit("session_request", {"session_id": session_id})
        return self.next("session_confirm")

    def say(self, message, **more):
        self.client.emit("user_uttered", {"message": message, **more})

    def until(self, wanted):
        """Return the messages that came, the last of which is the first that is `wanted`."""
        came = []
        while not came or not wanted(came[-1]):
            came.append(self.next())
        return came

    def error(self):
        """Return the words and the code of the next error; whatever came before is dropped."""
        *_, words, data = self.until(lambda one: one.get("kind") == "error")
        return words["text"], data["code"]


class Poller:
    """The same channel by long polling, as a browser speaks it where websockets are blocked."""

    def __init__(self, address, headers):
        self.http = httpx.Client(base_url=address, headers=headers, timeout=PATIENCE_S)
        self.path = "/socket.io/?EIO=4&transport=polling"
        opened = self.http.get(self.path)
        if opened.status_code == 200:
            self.path += "&sid=" + json.loads(opened.text[1:])["sid"]
        self.opened = opened.status_code

    def send(self, packet):
        return self.http.post(self.path, content=packet)

    def packets(self):
        return self.http.get(self.path).text.split("\x1e")


@pytest.fixture
def poller(address):
    opened = []

    def poller(**headers):
        opened.append(Poller(address, headers))
        return opened[-1]

    yield poller
    for one in opened:
        one.http.close()


@pytest.fixture(autouse=True)
def _tidy():
    """Collect what the client leaves open after a refusal, where it disturbs no other test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def embedded(app_parts):
    settings = app_parts.settings.model_copy(update={"allowed_origins": (PORTAL,)})
    return replace(app_parts, settings=settings)


@pytest.fixture
def address(app, embedded):
    furnish(app, embedded)
    with served(app) as address:
        yield address


@pytest.fixture
def widgets(address):
    opened = []

    def widget():
        opened.append(Widget(address))
        return opened[-1]

    yield widget
    for one in opened:
        one.close()


@pytest.fixture
def teacher(sign_in):
    return sign_in("teacher")


@pytest.fixture
def widget(widgets, teacher):
    """A widget in which a teacher is signed in by a token."""
    return widgets().open(auth={"token": teacher.token})


def is_question(message):
    return message.get("kind") == "question"


def turns_of(browser, sender, count):
    """Return the turns of a conversation as soon as there are `count` of them."""
    for _ in range(PATIENCE_S * 20):
        reply = browser.get(f"/api/conversations/{sender}")
        if len(reply.json().get("turns", ())) >= count:
            return reply.json()["turns"]
        time.sleep(0.05)
    pytest.fail(f"fewer than {count} turns after {PATIENCE_S} s")


def cookie(browser):
    return {"Cookie": f"ura_session={browser.token}"}


# What is refused.


def test_without_a_sign_in_nobody_gets_in_and_is_told_so_in_words(widgets):
    refused = widgets().refusal(headers={"Accept-Language": "en"})
    assert refused["message"] == Words("en")("errors.sign_in_needed")
    assert refused["data"]["code"] == "sign_in_needed"


def test_a_token_that_opens_nothing_does_not_get_in(widgets):
    for auth in ({"token": "wrong"}, {"token": ["x"]}, {"token": "ë\n"}, {"token": ""}, ["x"], "x"):
        assert widgets().refusal(auth=auth)["data"]["code"] in {"sign_in_again", "sign_in_needed"}


def test_who_may_not_ask_does_not_get_in(widgets, sign_in):
    admin = sign_in("admin")
    refused = widgets().refusal(auth={"token": admin.token})
    assert refused["data"]["code"] == "not_allowed"


def test_a_page_of_another_site_does_not_get_in_even_with_a_token(widgets, teacher, poller):
    with pytest.raises(socketio.exceptions.ConnectionError):
        widgets().open(auth={"token": teacher.token}, headers={"Origin": EVIL})
    assert poller(Origin=EVIL, Authorization=f"Bearer {teacher.token}").opened == 400
    assert poller(Origin=PORTAL, Authorization=f"Bearer {teacher.token}").opened == 200


@pytest.mark.parametrize("origin", [{"Origin": PORTAL}, {"Sec-Fetch-Site": "same-site"}])
def test_a_cookie_counts_on_pages_of_this_host_only(widgets, teacher, origin):
    refused = widgets().refusal(headers=cookie(teacher) | origin)
    assert refused["data"]["code"] == "stale_page"


def test_anothers_conversation_looks_missing_and_stays_unread(widgets, widget, teacher, sign_in):
    teacher.post("/webhooks/rest/webhook", json={"sender": "hers", "message": "Hello"})
    imam = sign_in("imam")
    other = widgets().open(auth={"token": imam.token})
    unused, taken = other.session("nobody's"), other.session("hers")
    assert len({unused, taken, "hers", "nobody's"}) == 4
    assert len(unused) == len(taken) == 32
    other.say("Hello", session_id="hers")
    assert other.error() == (Words("en")("errors.not_found"), "not_found")
    assert len(teacher.get("/api/conversations/hers").json()["turns"]) == 1
    # The connection goes on where it was.
    other.say("Hello")
    assert other.next()["text"]
    assert imam.get(f"/api/conversations/{taken}").json()["turns"]


def test_what_is_no_message_is_refused_in_words(widget):
    deep = json.loads("[" * 200 + "]" * 200)
    no_messages = [(), ({},), (None,), ("text",), ([1],), (1, 2)]
    bodies = [{"message": None}, {"message": ["Hello"]}, {"message": deep}]
    senders = [{"message": "Hello", "session_id": one} for one in (5, "", "x" * 65, deep)]
    for given in [*no_messages, *((one,) for one in [*bodies, *senders])]:
        widget.client.emit("user_uttered", given)
        assert widget.error() == (Words("en")("errors.invalid"), "invalid")


def test_a_message_is_refused_in_the_language_it_names(widget):
    for message, code in (("", "empty"), ("\u200b", "empty"), ("x" * 2001, "too_long")):
        widget.say(message, customData={"language": "sq"})
        words = Words("sq")(f"errors.message_{code}", limit=2000)
        assert widget.error() == (words, f"message_{code}")


def test_an_unknown_language_is_refused(widget):
    widget.say("Hello", metadata='{"language": "de"}')
    assert widget.error()[1] == "unknown_language"


def test_a_packet_that_is_no_event_harms_nobody(widget):
    for packet in ("2" + "[" * 30_000, "2[{}]", "2{}", "2[]", "2", "9"):
        widget.client.eio.send(packet)
        widget.say("Hello")
        assert widget.next()["text"]


def test_a_connection_that_breaks_off_is_logged_without_what_was_sent(address, poller, capsys):
    polling = poller(Origin=address)
    upgrade = address.replace("http", "ws") + polling.path.replace("polling", "websocket")
    broken = websocket.create_connection(upgrade, timeout=PATIENCE_S)
    broken.send("the secret case")
    with pytest.raises(websocket.WebSocketException):
        broken.recv()
    broken.close()
    log = capsys.readouterr().err
    assert '"error": "ValueError"' in log
    assert "secret" not in log


def test_a_hundred_kilobytes_end_this_connection_and_no_other(widgets, teacher):
    one, other = (widgets().open(auth={"token": teacher.token}) for _ in range(2))
    one.say("x" * 100_000)
    one.next("disconnect")
    other.say("Hello")
    assert other.next()["text"]


def test_a_poll_that_is_too_long_is_refused_with_or_without_its_length(poller, teacher):
    polling = poller(Authorization=f"Bearer {teacher.token}")
    long = b"x" * BODY_LIMIT_BYTES
    for body in (long * 2, (long for _ in range(40))):
        assert polling.send(body).status_code in {400, 413}
    assert polling.http.get("/health/live").status_code == 200


def test_too_many_messages_in_a_minute_are_told_to_wait(app, embedded, teacher):
    settings = embedded.settings.model_copy(update={"messages_per_minute": 2})
    furnish(app, replace(embedded, settings=settings))
    with served(app) as address:
        widget = Widget(address).open(auth={"token": teacher.token})
        for _ in range(3):
            widget.say("Hello")
        assert widget.error() == (
            Words("en")("errors.too_many_messages"),
            "too_many_messages",
        )
        widget.close()


def test_an_ended_sign_in_says_so_at_the_next_message(widget, teacher):
    session = widget.session()
    widget.say("Hello", session_id=session)
    widget.next()
    teacher.post("/sign-out")
    widget.say("Hello again", session_id=session)
    assert widget.error()[1] == "sign_in_again"
    widget.client.emit("session_request", {"session_id": session})
    assert widget.error()[1] == "sign_in_again"


def test_a_failure_nobody_foresaw_is_told_with_a_number_and_logged_without_the_case(
    widget, monkeypatch, capsys
):
    def say(self, *given, **more):
        raise OSError("the secret case")

    monkeypatch.setattr(Conversations, "say", say)
    widget.say("Hello")
    said, data = widget.next(), widget.next()
    assert data["code"] == "failed"
    assert data["id"] in said["text"]
    log = capsys.readouterr().err
    assert data["id"] in log
    assert "secret" not in log + said["text"]


# What works.


def test_a_session_is_confirmed_as_plain_text_and_what_is_said_there_is_kept(widget, teacher):
    session = widget.session()
    assert isinstance(session, str)
    assert widget.session() != session
    widget.say("/start_referral", session_id=session)
    *_, asked, _ = widget.until(is_question)
    assert set(asked) == {"text", "quick_replies"}
    reply = asked["quick_replies"][0]
    assert set(reply) == {"content_type", "title", "payload"}
    assert reply["content_type"] == "text"
    assert reply["payload"].startswith("/inform")
    assert widget.session(session) == session
    (turn,) = teacher.get(f"/api/conversations/{session}").json()["turns"]
    assert turn["replies"]


def test_long_polling_works_as_well(poller, teacher, address):
    polling = poller(**cookie(teacher), Origin=address)
    polling.send("40")
    assert polling.packets()[0].startswith("40")
    polling.send('42["user_uttered",{"message":"/start_referral"}]')
    event, said = json.loads(polling.packets()[0][2:])
    assert event == "bot_uttered"
    assert said["text"]


def test_the_cookie_of_a_page_of_this_host_signs_in(widgets, teacher, address):
    widget = widgets().open(headers=cookie(teacher) | {"Origin": address})
    assert widget.session()


def test_a_page_of_an_allowed_origin_gets_in_with_a_token(widgets, teacher):
    widget = widgets().open(auth={"token": teacher.token}, headers={"Origin": PORTAL})
    assert widget.session()


def test_a_bearer_header_signs_in_as_everywhere(widgets, teacher):
    assert widgets().open(headers={"Authorization": f"Bearer {teacher.token}"}).session()


def test_without_a_session_the_connection_is_one_conversation(widget, teacher):
    widget.say("/start_referral")
    widget.until(is_question)
    widget.say('/inform{"category": "C"}')
    *_, asked, _ = widget.until(is_question)
    assert '"person_group"' in asked["quick_replies"][0]["payload"]


def test_messages_are_answered_in_the_order_in_which_they_were_sent(widget, teacher):
    session = widget.session()
    sent = ["/start_referral", '/inform{"category": "C"}', '/inform{"person_group": "child_8_17"}']
    for message in sent:
        widget.say(message, session_id=session)
    widget.say("/cancel", session_id=session)
    widget.say("/greet", session_id=session)
    turns = turns_of(teacher, session, 5)
    assert [turn["said"] for turn in turns][-1] == "/greet"
    assert [turn["redacted"] for turn in turns] == [True, True, True, False, False]


def test_who_leaves_in_the_middle_finds_the_answer_in_the_history(
    widgets, widget, teacher, monkeypatch
):
    say = Conversations.say
    begun, left = threading.Event(), threading.Event()

    def slowly(self, *given, **more):
        begun.set()
        assert left.wait(PATIENCE_S)
        return say(self, *given, **more)

    monkeypatch.setattr(Conversations, "say", slowly)
    session = widget.session()
    widget.say("Hello", session_id=session)
    assert begun.wait(PATIENCE_S)
    widget.client.disconnect()
    left.set()
    assert [turn["said"] for turn in turns_of(teacher, session, 1)] == ["Hello"]
    back = widgets().open(auth={"token": teacher.token})
    assert back.session(session) == session


def test_a_reply_becomes_the_messages_that_rasa_makes_of_it():
    button = {"title": "Po", "payload": "/affirm", "type": "postback"}
    item = {
        "recipient_id": "talk",
        "text": "Po?",
        "buttons": [button],
        "custom": {"data": {"kind": "answer"}},
        "image": "/static/mark.svg",
    }
    assert list(as_uttered(item)) == [
        {
            "text": "Po?",
            "quick_replies": [{"content_type": "text", "title": "Po", "payload": "/affirm"}],
        },
        {"kind": "answer"},
        {"attachment": {"type": "image", "payload": {"src": "/static/mark.svg"}}},
    ]
    assert list(as_uttered({"custom": {"anything": 1}})) == [{"anything": 1}]
