"""Rasa's socket.io channel: the same conversations, for clients that were made for Rasa."""

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from socketio import ASGIApp, AsyncServer
from socketio.exceptions import ConnectionRefusedError as Refused
from starlette.types import Scope

from assistant.dialogue.conversation import ConversationNotFound
from assistant.dialogue.responses import Item
from assistant.people.people import PersonView
from assistant.web.chat import Incoming, started, turn_of
from assistant.web.depends import CrossSite, need, parts_of, signed_in, visitor
from assistant.web.errors import apology
from assistant.web.security import BODY_LIMIT_BYTES, comes_from_here
from assistant.web.telling import as_said
from assistant.web.typed import Sender, Typed

PATH = "/socket.io"
# Nothing below a warning, as those lines hold what was sent.
LOG = logging.getLogger("ura.socketio")
LOG.setLevel(logging.WARNING)
Given = TypeVar("Given", bound=BaseModel)


class Asked(BaseModel):
    """What `session_request` brings: the name of a conversation, or none."""

    session_id: Sender | None = None


class Uttered(BaseModel):
    """What `user_uttered` brings; `metadata` may be an object or JSON spelt as a text."""

    message: Typed
    session_id: Sender | None = None
    metadata: Any = None
    custom_data: Any = Field(None, alias="customData")

    def incoming(self, sender: str) -> Incoming:
        """Return it as the REST channel would have got it."""
        return Incoming(sender=sender, message=self.message, metadata=self._about())

    def _about(self) -> Any:
        about = self.metadata
        if isinstance(about, str):
            try:
                about = json.loads(about)
            except (ValueError, RecursionError):
                about = None
        return about or self.custom_data


@dataclass
class Caller:
    """One open connection: the request that opened it, and the conversation it is in."""

    scope: Scope
    sender: str = ""
    # One turn after the other, in the order in which they were sent.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def request(self) -> Request:
        """Return the opening request as if it came now, so that an ended sign-in shows."""
        return Request({**self.scope, "type": "http", "method": "GET", "state": {}})


class SocketChannel:
    """The channel; `app` is to be mounted at `PATH`, and finds the parts in the app above it."""

    def __init__(self) -> None:
        """Open the channel; nobody is connected yet."""
        self._server = AsyncServer(
            async_mode="asgi",
            cors_allowed_origins=_may_call,
            cors_credentials=False,
            max_http_buffer_size=BODY_LIMIT_BYTES,
            logger=LOG,
            engineio_logger=LOG,
        )
        self._server.on("connect", self._connect)
        self._server.on("session_request", self._session_request)
        self._server.on("user_uttered", self._user_uttered)
        self.app = ASGIApp(self._server, socketio_path=PATH)

    async def _connect(self, sid: str, environ: Mapping[str, Any], auth: Any = None) -> None:
        caller = Caller(_with_token(environ["asgi.scope"], auth))
        request = caller.request()
        try:
            await run_in_threadpool(_admit, request)
        except Exception as error:  # noqa: BLE001 (the client is told in words, whatever it was)
            item = await run_in_threadpool(apology, request, error, "")
            raise Refused(item["text"], item["custom"]["data"]) from None
        await self._server.save_session(sid, caller)

    async def _session_request(self, sid: str, *given: Any) -> None:
        caller: Caller = await self._server.get_session(sid)
        try:
            caller.sender = await run_in_threadpool(_confirmed, caller, given)
        except Exception as error:  # noqa: BLE001 (as above)
            await self._utter(sid, await run_in_threadpool(apology, caller.request(), error, ""))
        else:
            await self._server.emit("session_confirm", caller.sender, to=sid)

    async def _user_uttered(self, sid: str, *given: Any) -> None:
        caller: Caller = await self._server.get_session(sid)
        async for item in _replies(caller, given):
            await self._utter(sid, item)

    async def _utter(self, sid: str, item: Item) -> None:
        for message in as_uttered(item):
            await self._server.emit("bot_uttered", message, to=sid)


def as_uttered(item: Item) -> Iterator[Any]:
    """Return a reply as the messages Rasa makes of it: text with buttons, then each other part."""
    if item.get("text") or item.get("buttons"):
        said: dict[str, Any] = {"text": item.get("text") or ""}
        if item.get("buttons"):
            said["quick_replies"] = [
                {"content_type": "text", "title": one["title"], "payload": one["payload"]}
                for one in item["buttons"]
            ]
        yield said
    if item.get("custom"):
        yield item["custom"].get("data", item["custom"])
    if item.get("image"):
        yield {"attachment": {"type": "image", "payload": {"src": item["image"]}}}
    if item.get("attachment"):
        yield {"attachment": item["attachment"]}


async def _replies(caller: Caller, given: tuple[Any, ...]) -> AsyncIterator[Item]:
    """Yield the replies to one message as they are said; what went wrong is the last of them."""
    request = caller.request()
    try:
        async with caller.turn:
            who = await run_in_threadpool(_admit, request)
            started(request, who)
            uttered = _read(Uttered, given)
            caller.sender = caller.sender or _new_name()
            incoming = uttered.incoming(uttered.session_id or caller.sender)
            async for item in as_said(turn_of(request, incoming, who), request.app.state.line):
                yield item
    except Exception as error:  # noqa: BLE001 (the client is told in words, whatever it was)
        yield await run_in_threadpool(apology, request, error, caller.sender)


def _may_call(origin: str | None, environ: Mapping[str, Any]) -> bool:
    """Return whether a page of `origin` may open a connection at all."""
    request = Caller(environ["asgi.scope"]).request()
    return comes_from_here(request) or origin in parts_of(request).settings.allowed_origins


def _admit(request: Request) -> PersonView:
    """Return who speaks, by token, or by our pages' cookie on pages of this host."""
    seen = visitor(request)
    if seen.by_cookie and not comes_from_here(request):
        raise CrossSite
    return need("ask")(request, signed_in(seen))


def _with_token(scope: Scope, auth: Any) -> Scope:
    """Return the opening request with the token of `auth`, if any, where a bearer token stands."""
    token = auth.get("token") if isinstance(auth, dict) else None
    if not isinstance(token, str) or not token:
        return scope
    others = [one for one in scope["headers"] if one[0] != b"authorization"]
    bearer = (b"authorization", b"Bearer " + token.encode(errors="replace"))
    return {**scope, "headers": [*others, bearer]}


def _confirmed(caller: Caller, given: tuple[Any, ...]) -> str:
    """Return the conversation that was asked for where it is the person's own, else a new name.

    One that nobody has used yet looks like another person's: both give a new name.
    """
    request = caller.request()
    who = _admit(request)
    try:
        asked = _read(Asked, given).session_id or ""
        parts_of(request).conversations.tracker(asked, who)
    except (ConversationNotFound, RequestValidationError):
        return _new_name()
    return asked


def _read(model: type[Given], given: tuple[Any, ...]) -> Given:
    try:
        return model.model_validate(given[0] if given else {})
    except (ValidationError, RecursionError):
        raise RequestValidationError([]) from None


def _new_name() -> str:
    return secrets.token_hex(16)
