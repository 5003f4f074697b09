"""The chat: its page, Rasa's REST channel, what was said before, and whether it helped."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import BaseModel

from assistant.dialogue.kept import PastTurn
from assistant.dialogue.responses import Item
from assistant.dialogue.telling import Tell
from assistant.people.people import PersonView
from assistant.web.background import Background
from assistant.web.depends import (
    TheParts,
    need,
    pace_of,
    parts_of,
    render,
    signed_in,
    speak,
)
from assistant.web.errors import StillStarting, apology
from assistant.web.line import Line
from assistant.web.telling import as_said
from assistant.web.typed import Sender, Typed
from knowledge.language import split

router = APIRouter(tags=["chat"])
Asker = Annotated[PersonView, Depends(need("ask"))]
# As Rasa calls it, though its lines are plain JSON without the "data:" of server-sent events.
STREAM = "text/event-stream"
# A proxy that gathers the reply would hold back what was said.
UNBUFFERED = {"X-Accel-Buffering": "no"}


class Incoming(BaseModel):
    """A message as Rasa's REST channel takes it; `metadata.language` is the reader's language."""

    sender: Sender
    message: Typed = ""
    metadata: Any = None


class Turn(BaseModel):
    """One message of a person and what was replied to it; a redacted one was part of a referral."""

    id: int
    said: str
    replies: list[dict[str, Any]]
    at: datetime
    redacted: bool


class Turns(BaseModel):
    """What was said before, oldest first."""

    turns: list[Turn]


class Judgement(BaseModel):
    """Whether the answer of a turn helped; the reason belongs to one that did not."""

    turn: int
    helpful: bool
    reason: Literal["wrong", "outdated", "not_for_my_role", "unclear", "language"] | None = None


def started(request: Request, _who: Annotated[PersonView, Depends(signed_in)]) -> None:
    """Let a message through only when questions can be answered.

    Raises:
        StillStarting: The library and the examples are not loaded yet.
    """
    background: Background = request.app.state.background
    if not background.loaded:
        raise StillStarting


@router.get("/", include_in_schema=False, response_model=None)
def page(request: Request, who: Annotated[PersonView, Depends(signed_in)]) -> Response:
    """Show the chat; who may not ask is led to what they may do."""
    if not parts_of(request).permissions.may(who.role, "ask"):
        return RedirectResponse("/settings", 303)
    return _chat(request)


def _chat(request: Request) -> HTMLResponse:
    return render(request, "chat.html")


@router.post(
    "/webhooks/rest/webhook",
    dependencies=[Depends(started)],
    response_model=list[dict[str, Any]],
)
async def say(
    incoming: Incoming, request: Request, who: Asker, stream: bool = False
) -> list[Item] | StreamingResponse:
    """Say something in a conversation and return the replies in Rasa's shape.

    The first to use a `sender` owns it; for everybody else it does not exist. An answer is an item
    of its own, `custom.data` with `kind` "answer", whose `status` is answered, partly, abstained,
    clarify (something is asked back) or emergency. A message that seems to identify somebody is not
    kept: its reply has `kind` "held" and two buttons, to edit it or to send it anyway.

    With `stream=true` each reply is sent as soon as
    it is said, one JSON object a line; a failure after the first is a last line of kind "error".
    """
    play = turn_of(request, incoming, who)
    line: Line = request.app.state.line
    if not stream:
        async with line.place():
            return await run_in_threadpool(play, None)
    said = as_said(play, line)
    # What is refused before the first reply is refused as ever, with its status.
    first = await anext(said)
    lines = _lines(first, said, request, incoming.sender)
    return StreamingResponse(lines, media_type=STREAM, headers=UNBUFFERED)


def turn_of(
    request: Request, incoming: Incoming, who: PersonView
) -> Callable[[Tell | None], list[Item]]:
    """Return what plays the turn of a message, provided that it may be said now.

    Raises:
        TooManyMessages: This person sends too fast.
        UnknownLanguage: The message names a language that is none of ours.
    """
    pace_of(request).step(who.id)
    language = _language_of(incoming.metadata)
    if language:
        speak(request, language)
    say = parts_of(request).conversations.say
    return lambda tell: say(incoming.sender, incoming.message, who, language=language, tell=tell)


async def _lines(
    first: Item, rest: AsyncIterator[Item], request: Request, sender: str
) -> AsyncIterator[str]:
    yield _line(first)
    try:
        async for item in rest:
            yield _line(item)
    except Exception as error:  # noqa: BLE001 (the reply has begun, so its last line says so)
        yield _line(await run_in_threadpool(apology, request, error, sender))


def _line(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n"


@router.get("/api/conversations/{sender:path}")
def history(sender: Sender, parts: TheParts, who: Asker) -> Turns:
    """Return what was said in a conversation, oldest first; 404 where there is none."""
    past = parts.conversations.history(sender, who)
    return Turns(turns=[_turn(sender, one) for one in past])


@router.post("/api/conversations/{sender:path}/feedback", status_code=204)
def judge(sender: Sender, judgement: Judgement, parts: TheParts, who: Asker) -> None:
    """Keep whether an answer helped; a second opinion replaces the first."""
    parts.conversations.feedback(
        sender,
        who,
        turn=judgement.turn,
        helpful=judgement.helpful,
        reason=judgement.reason or "",
    )


def _turn(sender: str, past: PastTurn) -> Turn:
    replies = [{"recipient_id": sender, **_numbered(item, past.id)} for item in past.replied]
    return Turn(id=past.id, said=past.said, replies=replies, at=past.at, redacted=past.redacted)


def _numbered(item: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return `item`; an answer with the number of its turn, by which it can be judged."""
    data = item.get("custom", {}).get("data", {})
    if data.get("kind") != "answer":
        return dict(item)
    return {**item, "custom": {"data": {**data, "turn": number}}}


def _language_of(metadata: Any) -> str | None:
    """Return the language that a message names; other metadata is a client's own business."""
    code = metadata.get("language") if isinstance(metadata, dict) else None
    if code is None:
        return None
    split(code if isinstance(code, str) else "")
    return str(code)
