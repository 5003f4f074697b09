"""Runs a named action, in this process or on a separate action server, and answers for failures.

Nothing here logs a tracker, a message or an exception's text: they hold the case.
"""

import asyncio
import secrets
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
import rasa_sdk
import structlog
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

# One thread an action that is running; a stuck one is left behind, as threads cannot be stopped.
MOST_AT_ONCE = 16
ERROR_ID_BYTES = 4
HTTP_BAD_REQUEST = 400

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ActionResult:
    """What an action did: events for the tracker, replies in rasa-sdk's form, in order."""

    events: tuple[dict[str, Any], ...]
    replies: tuple[dict[str, Any], ...]


class ActionFailed(Exception):
    """An action did not come to its end; `error_id` is in the log and may be shown."""

    def __init__(self, error_id: str) -> None:
        """Hold the number under which the log knows the failure."""
        super().__init__(error_id)
        self.error_id = error_id


class ActionRejected(Exception):
    """The action says that it is not the one to run now."""


class ActionRunner(Protocol):
    """Anything that can run an action by its name."""

    def run(self, name: str, tracker: Mapping[str, Any], domain: Mapping[str, Any]) -> ActionResult:
        """Run action `name` and return what it did.

        Raises:
            ActionFailed: It raised, took too long, or could not be reached.
            ActionRejected: It wants something else to run.
        """
        ...


class LocalActions:
    """Runs actions in this process, through rasa-sdk's own executor."""

    def __init__(self, actions: Sequence[Action], *, timeout_s: float = 20.0) -> None:
        """Register `actions` one by one.

        Not the package: rasa-sdk's scan also picks up every other Action class in the process.
        """
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="action")

    @property
    def names(self) -> frozenset[str]:
        """The actions that can be run."""
        return frozenset(self._executor.actions)

    def run(self, name: str, tracker: Mapping[str, Any], domain: Mapping[str, Any]) -> ActionResult:
        """Run action `name` and return what it did.

        Raises:
            ActionFailed: It raised, or took longer than the time allowed.
            ActionRejected: It wants something else to run.
        """
        call = {"next_action": name, "tracker": tracker, "domain": domain}
        # An own loop in an own thread: an action that waits (database, encoder) holds up no other
        # conversation, and can be given up on.
        future = self._threads.submit(lambda: asyncio.run(self._executor.run(call)))
        try:
            result = future.result(self._timeout_s)
        except ActionExecutionRejection:
            raise ActionRejected from None
        except Exception as error:  # noqa: BLE001 - an action may raise anything; the talk goes on
            future.cancel()
            raise _failed(name, error) from None
        found = result.model_dump()
        return ActionResult(tuple(found["events"]), tuple(found["responses"]))


class RemoteActions:
    """Runs actions on a rasa-sdk action server, over Rasa's webhook protocol."""

    def __init__(
        self,
        url: str,
        *,
        secret: str = "",
        timeout_s: float = 20.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Hold one client; `secret` travels as the query parameter `token`, as Rasa sends it.

        Args:
            url: The server's webhook.
            secret: The shared secret, "" for none.
            timeout_s: Longest wait for one action, in seconds.
            transport: Another way to reach the server than a socket.
        """
        self._url = url
        self._params = {"token": secret} if secret else {}
        self._client = httpx.Client(timeout=timeout_s, transport=transport, trust_env=False)

    def run(self, name: str, tracker: Mapping[str, Any], domain: Mapping[str, Any]) -> ActionResult:
        """Run action `name` on the server and return what it did.

        Raises:
            ActionFailed: The server failed, took too long, or could not be reached.
            ActionRejected: The action wants something else to run.
        """
        call = {
            "next_action": name,
            "sender_id": tracker["sender_id"],
            "tracker": tracker,
            "domain": domain,
            "version": rasa_sdk.__version__,
        }
        try:
            reply = self._client.post(self._url, json=call, params=self._params)
            content = reply.json()
            if reply.status_code == HTTP_BAD_REQUEST and "action_name" in content:
                raise ActionRejected
            reply.raise_for_status()
            return ActionResult(tuple(content["events"]), tuple(content["responses"]))
        except ActionRejected:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a foreign server does, we answer
            raise _failed(name, error) from None


def _failed(name: str, error: Exception) -> ActionFailed:
    """Note a failure by kind and place only, and return the error to raise."""
    error_id = secrets.token_hex(ERROR_ID_BYTES)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    log.error(
        "action failed", action=name, error=type(error).__name__, place=place, error_id=error_id
    )
    return ActionFailed(error_id)
