import json
import time

import httpx
import pytest
import structlog
from rasa_sdk import Action
from rasa_sdk.events import SlotSet
from rasa_sdk.interfaces import ActionExecutionRejection

from assistant.dialogue.action_runner import (
    ActionFailed,
    ActionRejected,
    LocalActions,
    RemoteActions,
)
from assistant.dialogue.tracker import Tracker

SECRET = "the boy is nine"


class Act(Action):
    def __init__(self, do):
        self._do = do

    def name(self):
        return "action_test"

    def run(self, dispatcher, tracker, domain):
        return self._do(dispatcher, tracker)


def local(do, **more):
    return LocalActions([Act(do)], **more)


def state(script):
    tracker = Tracker("s1", script.slots)
    tracker.slots["concern_facts"] = SECRET
    return tracker.as_rasa()


def fail(dispatcher, tracker):
    raise ValueError(tracker.get_slot("concern_facts"))


def reject(dispatcher, tracker):
    raise ActionExecutionRejection("action_test")


def test_an_action_gives_back_events_and_replies(script):
    def do(dispatcher, tracker):
        dispatcher.utter_message(text="hello")
        return [SlotSet("category", "C")]

    result = local(do).run("action_test", state(script), script.domain)
    assert result.events[0]["value"] == "C"
    assert result.replies[0]["text"] == "hello"


def test_a_failure_is_logged_without_what_it_was_about(script):
    with structlog.testing.capture_logs() as logs, pytest.raises(ActionFailed) as failed:
        local(fail).run("action_test", state(script), script.domain)
    assert logs[0]["error_id"] == failed.value.error_id
    assert SECRET not in json.dumps(logs) + str(failed.value)


def test_an_action_that_takes_too_long_is_given_up_on(script):
    runner = local(lambda *_: time.sleep(0.5), timeout_s=0.05)
    with pytest.raises(ActionFailed):
        runner.run("action_test", state(script), script.domain)


def test_an_unknown_action_is_a_failure(script):
    with pytest.raises(ActionFailed):
        local(fail).run("action_unknown", state(script), script.domain)


def test_a_rejection_is_no_failure(script):
    with pytest.raises(ActionRejected):
        local(reject).run("action_test", state(script), script.domain)


def remote(answer):
    transport = httpx.MockTransport(answer)
    return RemoteActions("http://127.0.0.1:5055/webhook", secret="s", transport=transport)


def test_a_server_is_called_as_rasa_calls_it(script):
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json={"events": [], "responses": [{"text": "hi"}]})

    result = remote(answer).run("action_test", state(script), script.domain)
    assert result.replies == ({"text": "hi"},)
    assert seen[0].url.params["token"] == "s"
    assert json.loads(seen[0].content)["next_action"] == "action_test"


def test_a_servers_rejection_is_no_failure(script):
    content = {"error": "not now", "action_name": "action_test"}
    with pytest.raises(ActionRejected):
        remote(lambda _: httpx.Response(400, json=content)).run("a", state(script), script.domain)


def unreachable(request):
    message = "refused"
    raise httpx.ConnectError(message)


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(500, json={"error": "boom", "request_body": {}}),
        lambda _: httpx.Response(404, json={"error": "no", "action_name": "a"}),
        lambda _: httpx.Response(200, text="null"),
        lambda _: httpx.Response(200, text="<html>"),
        lambda _: httpx.Response(200, json={"events": []}),
        unreachable,
    ],
)
def test_whatever_a_server_does_wrong_is_one_kind_of_failure(script, answer):
    with pytest.raises(ActionFailed):
        remote(answer).run("action_test", state(script), script.domain)
