"""Rasa's callback channel: a message comes in, its replies are posted where the operator says."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse

from assistant.web.chat import Asker, Incoming, started, turn_of
from assistant.web.depends import parts_of
from assistant.web.errors import PageNotFound
from assistant.web.receiver import Receiver
from assistant.web.telling import as_said

router = APIRouter(prefix="/webhooks/callback", tags=["chat"])


def receiver(request: Request) -> Receiver:
    """Return where replies go.

    Raises:
        PageNotFound: The operator has named no address, so there is no such channel.
    """
    found = parts_of(request).receiver
    if found is None:
        raise PageNotFound
    return found


ThisReceiver = Annotated[Receiver, Depends(receiver)]


@router.post("/webhook", dependencies=[Depends(started)], response_class=PlainTextResponse)
async def say(incoming: Incoming, request: Request, who: Asker, where: ThisReceiver) -> str:
    """Say something as over the REST channel; answers `success` when every reply is delivered.

    Each reply is posted to the address in config/credentials.yml as soon as it is said. When that
    fails the turn is kept all the same, and the reply is 502.
    """
    await where.deliver(as_said(turn_of(request, incoming, who), request.app.state.line))
    return "success"


@router.get("/")
def channel(_where: ThisReceiver) -> dict[str, str]:
    """Answer as Rasa's channel does when asked whether it is there."""
    return {"status": "ok"}
