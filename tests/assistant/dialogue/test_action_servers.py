"""The service drives action servers over Rasa's protocol: its own, and one that others wrote."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from rasa_sdk import Action
from rasa_sdk.endpoint import create_app
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from sanic import Sanic

from actions import toolbox
from actions.__main__ import make_app
from actions.identity import IdentitySeal
from assistant.dialogue.action_runner import ActionFailed, ActionRejected, RemoteActions
from assistant.dialogue.conversation import Conversations
from assistant.dialogue.records import Records
from assistant.dialogue.tracker import Tracker
from knowledge.library import Library
from tests.assistant.dialogue.talk import ANSWERS, FACTS, Talk, WordEncoder, a_teacher

SECRET = "a shared secret"
WEBHOOK = "http://127.0.0.1:5055/webhook"
# What Rasa 3.6.21 was seen to send with every call, and in the tracker of each.
CALL = {"domain", "next_action", "sender_id", "tracker", "version"}
TRACKER = {
    *("active_loop", "events", "followup_action", "latest_action", "latest_action_name"),
    *("latest_event_time", "latest_input_channel", "latest_message", "paused", "sender_id"),
    "slots",
}
MESSAGE = {"entities", "intent", "intent_ranking", "message_id", "metadata", "text"}


class InProcess(httpx.BaseTransport):
    """Reaches a rasa-sdk server without a socket, and keeps what was asked."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.asked: list[dict[str, Any]] = []
        self.status = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(json.loads(request.content))
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        heard: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        said: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        living = asyncio.create_task(self._app({"type": "lifespan"}, heard.get, said.put))
        await heard.put({"type": "lifespan.startup"})
        await said.get()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app)) as client:
            answer = await client.request(
                request.method, request.url, content=request.content, headers=request.headers
            )
        await heard.put({"type": "lifespan.shutdown"})
        await living
        self.status = answer.status_code
        return httpx.Response(answer.status_code, content=answer.content)


@pytest.fixture(autouse=True)
def _several_apps(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)


@pytest.fixture
def own(engine, clock, tmp_path, script, understanding):
    """A conversation whose actions run on the stand-alone server, and the way to it."""
    library = Library(engine, WordEncoder(), tmp_path / "index", clock=clock)
    seal = IdentitySeal(b"s" * 32)
    tools = toolbox.build(engine, library, seal, clock=clock)
    way = InProcess(make_app(SECRET, lambda: tools))
    runner = RemoteActions(WEBHOOK, secret=SECRET, transport=way)
    records = Records(engine, clock=clock)
    parts = Conversations(script, understanding, runner=runner, records=records, seal=seal)
    return Talk(parts, a_teacher()), way


def test_a_referral_is_sent_through_the_stand_alone_server(own):
    talk, _ = own
    talk.refer(ANSWERS)
    talk.say("/send_referral")
    assert talk.kinds == ["referral"]


def test_what_is_sent_has_the_keys_that_rasa_sends(own):
    talk, way = own
    talk.refer(ANSWERS[:5])
    validated = [one for one in way.asked if one["next_action"] == "validate_referral_form"]
    for one in way.asked:
        assert set(one) == CALL
        assert set(one["tracker"]) == TRACKER
        assert set(one["tracker"]["latest_message"]) >= MESSAGE
    # rasa-sdk takes the slots at the very end, after the form's own action, for the candidates.
    asked, form, candidate = validated[-1]["tracker"]["events"][-3:]
    assert (asked["name"], asked["value"]) == ("requested_slot", "concern_facts")
    assert (form["event"], form["name"]) == ("action", "referral_form")
    assert (candidate["name"], candidate["value"]) == ("concern_facts", FACTS)
    users = [one for one in validated[-1]["tracker"]["events"] if one["event"] == "user"]
    assert users[-1]["text"] == users[-1]["parse_data"]["text"] == FACTS


class Foreign(Action):
    """An action as others write them, against rasa-sdk alone."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    def run(self, dispatcher, tracker, domain):
        if self._name == "action_breaks":
            raise ValueError(tracker.get_slot("concern_facts"))
        if self._name == "action_declines":
            raise ActionExecutionRejection(self._name)
        said = next(one["text"] for one in reversed(tracker.events) if one["event"] == "user")
        dispatcher.utter_message(text=f"heard: {said}")
        dispatcher.utter_message(response="utter_help")
        return [SlotSet("category", "C")]


@pytest.fixture
def foreign():
    executor = ActionExecutor()
    for name in ("action_answer_question", "action_breaks", "action_declines"):
        executor.register_action(Foreign(name))
    return InProcess(create_app(executor))


def ask(way, script, name, domain=None):
    state = Tracker("s1", script.slots).as_rasa()
    runner = RemoteActions(WEBHOOK, transport=way)
    return runner.run(name, state, script.domain if domain is None else domain)


def test_an_action_of_a_foreign_server_answers(engine, clock, script, understanding, foreign):
    runner = RemoteActions(WEBHOOK, transport=foreign)
    records, seal = Records(engine, clock=clock), IdentitySeal(b"s" * 32)
    parts = Conversations(script, understanding, runner=runner, records=records, seal=seal)
    talk = Talk(parts, a_teacher())
    talk.say("/ask_question")
    assert talk.replies[0]["text"] == "heard: /ask_question"
    assert "/start_referral" in talk.payloads


def test_an_action_of_a_foreign_server_may_decline(script, foreign):
    with pytest.raises(ActionRejected):
        ask(foreign, script, "action_declines")
    assert foreign.status == 400


@pytest.mark.parametrize(
    ("name", "domain", "status"),
    [
        ("action_breaks", None, 500),  # with the whole conversation in its body
        ("action_of_nobody", None, 404),
    ],
)
def test_whatever_a_foreign_server_cannot_do_is_a_failure(script, foreign, *, name, domain, status):
    with pytest.raises(ActionFailed):
        ask(foreign, script, name, domain)
    assert foreign.status == status
