"""What else Rasa's programs ask a server: a tracker, what a text means, which version and model."""

import hashlib
import re
from importlib.metadata import version
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from assistant.dialogue.message import clean
from assistant.dialogue.script import load_script
from assistant.people.people import PersonView
from assistant.web.chat import Asker, started
from assistant.web.depends import TheParts, need, pace_of, signed_in
from assistant.web.typed import Sender, Typed

WORD = re.compile(r"\w+")
# After these nothing counts that was before.
BEGINNINGS = ("restart", "session_started", "session_ended")
Inspector = Annotated[PersonView, Depends(need("inspect"))]

router = APIRouter(tags=["rasa"])


class Text(BaseModel):
    """A text to be understood; Rasa's `message_id` may come along."""

    text: Typed
    message_id: Any = None


class Version(BaseModel):
    """The version of this service, and the oldest whose data it takes over."""

    version: str
    minimum_compatible_version: str


class Status(BaseModel):
    """The model that understands messages; its id changes with the model and the examples."""

    model_file: str
    model_id: str
    num_active_training_jobs: int


@router.get("/conversations/{sender:path}/tracker")
def tracker(
    sender: Sender,
    request: Request,
    parts: TheParts,
    who: Asker,
    include_events: Literal["ALL", "APPLIED", "AFTER_RESTART", "NONE"] = "AFTER_RESTART",
) -> dict[str, Any]:
    """Return what one's own conversation remembers, in Rasa's form; 404 where there is none.

    Its latest events only, as no more are kept. `until` is refused: the past is not replayed.
    """
    if "until" in request.query_params:
        raise RequestValidationError([])
    shown = parts.conversations.tracker(sender, who)
    return {**shown, "events": _chosen(shown["events"], include_events)}


@router.post("/model/parse", dependencies=[Depends(started)])
def parse(given: Text, request: Request, parts: TheParts, who: Inspector) -> dict[str, Any]:
    """Return what a text means, said outside of any conversation; nothing is kept of it."""
    pace_of(request).step(who.id)
    text = clean(given.text, parts.settings.message_limit)
    found = parts.understanding().read(text).as_rasa()
    tokens = [list(word.span()) for word in WORD.finditer(text)]
    named = {key: found[key] for key in ("text", "intent", "entities", "intent_ranking")}
    return {**named, "text_tokens": tokens, "metadata": found["metadata"]}


@router.get("/version", dependencies=[Depends(signed_in)])
def which_version() -> Version:
    """Return the version of this service to everybody who is signed in."""
    own = version("ura")
    return Version(version=own, minimum_compatible_version=own)


@router.get("/status")
def status(parts: TheParts, _who: Inspector) -> Status:
    """Return which model understands messages; nothing is ever trained while the service runs."""
    learned = f"{parts.model_name} {load_script().examples}"
    return Status(
        model_file=parts.model_name,
        model_id=hashlib.sha256(learned.encode()).hexdigest()[:32],
        num_active_training_jobs=0,
    )


@router.get("/webhooks/rest/")
@router.get("/webhooks/socketio/")
def channel() -> dict[str, str]:
    """Answer as Rasa's channel does when asked whether it is there."""
    return {"status": "ok"}


def _chosen(events: list[dict[str, Any]], which: str) -> list[dict[str, Any]] | None:
    if which == "NONE":
        return None
    if which == "ALL":
        return events
    starts = [place for place, one in enumerate(events) if one["event"] in BEGINNINGS]
    return events[starts[-1] :] if starts else events
