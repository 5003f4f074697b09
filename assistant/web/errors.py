"""Which error becomes which status and which words: the one place that knows status codes."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from actions.identity import NotSignedIn
from actions.referrals.fields import FieldsRefused
from actions.referrals.log import KeyReused, NotAllowed, ReferralNotFound
from actions.referrals.states import IllegalMove
from assistant.dialogue.conversation import ConversationNotFound, MessageRefused
from assistant.people.people import WeakPassword, WrongPassword
from assistant.people.sign_in import TooManyAttempts, WrongCredentials
from assistant.web.depends import (
    CrossSite,
    RightMissing,
    SignInLapsed,
    SignInNeeded,
    is_api,
    parts_of,
    render,
    visitor,
    wants_json,
)
from assistant.web.line import TooManyAskers
from assistant.web.log import kind_and_place
from assistant.web.pace import TooManyMessages
from assistant.web.receiver import Undelivered
from assistant.web.security import SAFE_METHODS, FileTooLong, address_parts
from knowledge.language import UnknownLanguage
from knowledge.library import (
    DocumentNotFound,
    QuestionNotFound,
    SamePersonApproves,
    TermNotFound,
    UnreadableFile,
    WrongState,
)

# One wait for all: the limits are counted by the minute and by the quarter hour, and a full line is
# answered in ten seconds.
RETRY_AFTER_S = {
    "too_many_messages": "60",
    "too_many_attempts": "900",
    "too_many_askers": "10",
    "starting": "5",
}


class StillStarting(Exception):
    """The library and the examples are not loaded yet."""


class PasswordsDiffer(Exception):
    """The new password was not repeated as it was given first."""


class KeyMissing(Exception):
    """A referral over the API needs an Idempotency-Key of 1 to 64 characters."""


class PageNotFound(Exception):
    """There is nothing here, or nothing for this visitor; the two look alike."""


@dataclass(frozen=True)
class Answer:
    """How an error is answered: the status, and the key of its words in errors.yml."""

    status: int
    code: str


ANSWERS: Mapping[type[Exception], Answer] = {
    SignInLapsed: Answer(401, "sign_in_again"),
    SignInNeeded: Answer(401, "sign_in_needed"),
    NotSignedIn: Answer(401, "sign_in_again"),
    WrongCredentials: Answer(401, "wrong_credentials"),
    RightMissing: Answer(403, "not_allowed"),
    NotAllowed: Answer(403, "not_allowed"),
    CrossSite: Answer(403, "stale_page"),
    PageNotFound: Answer(404, "not_found"),
    ConversationNotFound: Answer(404, "not_found"),
    ReferralNotFound: Answer(404, "not_found"),
    DocumentNotFound: Answer(404, "not_found"),
    QuestionNotFound: Answer(404, "not_found"),
    TermNotFound: Answer(404, "not_found"),
    IllegalMove: Answer(409, "illegal_move"),
    KeyReused: Answer(422, "key_reused"),
    SamePersonApproves: Answer(409, "same_person"),
    WrongState: Answer(409, "wrong_state"),
    KeyMissing: Answer(422, "key_missing"),
    UnknownLanguage: Answer(422, "unknown_language"),
    WeakPassword: Answer(422, "weak_password"),
    WrongPassword: Answer(422, "wrong_password"),
    PasswordsDiffer: Answer(422, "passwords_differ"),
    MessageRefused: Answer(422, "message"),
    UnreadableFile: Answer(422, "file"),
    FileTooLong: Answer(413, "file_too_large"),
    FieldsRefused: Answer(422, "invalid_fields"),
    RequestValidationError: Answer(422, "invalid"),
    TooManyAttempts: Answer(429, "too_many_attempts"),
    TooManyMessages: Answer(429, "too_many_messages"),
    Undelivered: Answer(502, "undelivered"),
    TooManyAskers: Answer(503, "too_many_askers"),
    StillStarting: Answer(503, "starting"),
}
UNAUTHORISED = 401
FAILED = Answer(500, "failed")
# These carry their own reason in `.code`, and errors.yml has words for each: message_too_long, ...
REASONED = (MessageRefused, UnreadableFile)
BY_STATUS = {
    400: "invalid",
    403: "not_allowed",
    404: "not_found",
    405: "wrong_method",
    413: "too_large",
    415: "invalid",
    422: "invalid",
}


def answer_to(error: Exception) -> Answer:
    """Return how `error` is answered; what nobody foresaw is a 500."""
    for kind in type(error).__mro__:
        if kind in ANSWERS:
            known = ANSWERS[kind]
            break
    else:
        if isinstance(error, HTTPException):
            return Answer(error.status_code, BY_STATUS.get(error.status_code, "failed"))
        return FAILED
    if isinstance(error, REASONED):
        return Answer(known.status, f"{known.code}_{error.code}")
    return known


def respond(request: Request, error: Exception) -> Response:
    """Return the reply to `error`: JSON for programs, a page or the way to sign in for people."""
    answer = answer_to(error)
    if answer.status == UNAUTHORISED and not is_api(request.url.path):
        return _to_sign_in(request)
    as_json = wants_json(request)
    reply = _as_json(request, answer, error) if as_json else _as_page(request, answer)
    if answer.code in RETRY_AFTER_S:
        reply.headers["Retry-After"] = RETRY_AFTER_S[answer.code]
    if answer.status == UNAUTHORISED:
        reply.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, HTTPException):
        reply.headers.update(error.headers or {})
    return reply


def add_error_handlers(app: FastAPI) -> None:
    """Let `app` answer every foreseen error in the visitor's words."""

    # Synchronous on purpose: the visitor is looked up in the database, which belongs in a thread.
    def answer(request: Request, error: Exception) -> Response:
        return respond(request, error)

    for kind in (*ANSWERS, HTTPException):
        app.add_exception_handler(kind, answer)


class LastResort:
    """Answers an error that nobody foresaw with its id, and logs the id with kind and place.

    Starlette's own handler would answer outside of our headers and raise the error on, whose text
    the server would then write to its log.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if scope["type"] == "websocket":
                _noted(error)
                return
            if scope["type"] != "http" or begun:
                raise
            request = Request(scope)
            reply = await run_in_threadpool(_failure, request, _noted(error))
            await reply(scope, receive, send)


def apology(request: Request, error: Exception, sender: str) -> dict[str, Any]:
    """Return what went wrong as one more reply, for channels that can carry nothing else.

    It is no part of the conversation: `custom.data` has kind "error" and the code.
    """
    answer, words = answer_to(error), visitor(request).words
    data, text = {"kind": "error", "code": answer.code}, _message(request, answer)
    if answer == FAILED:
        data["id"] = _noted(error)
        text = f"{text} {words('errors.error_id', id=data['id'])}"
    return {"recipient_id": sender, "text": text, "custom": {"data": data}}


def _noted(error: Exception) -> str:
    """Log the kind and place of an error that nobody foresaw; return its number."""
    error_id = secrets.token_hex(4)
    structlog.get_logger().error("failed", id=error_id, **kind_and_place(error))
    return error_id


def _failure(request: Request, error_id: str) -> Response:
    try:
        if wants_json(request):
            return _as_json(request, FAILED, error_id=error_id)
        return _as_page(request, FAILED, error_id=error_id)
    except Exception:  # noqa: BLE001 (even the page about a failure may fail: with the database)
        return Response(f"{FAILED.status} {error_id}", FAILED.status, media_type="text/plain")


def _as_json(
    request: Request, answer: Answer, error: Exception | None = None, *, error_id: str = ""
) -> JSONResponse:
    words = visitor(request).words
    told: dict[str, Any] = {"code": answer.code, "message": _message(request, answer)}
    if error_id:
        told["id"] = error_id
    if isinstance(error, FieldsRefused):
        told["fields"] = [
            {
                "field": name,
                "code": why.code,
                "message": words(f"referral_fields.refused.{why.code}", **why.limits),
            }
            for name, why in error.refused.items()
        ]
    return JSONResponse({"error": told}, answer.status)


def _as_page(request: Request, answer: Answer, *, error_id: str = "") -> Response:
    words = visitor(request).words
    title = f"errors.title_{answer.status}"
    return render(
        request,
        "error.html",
        status=answer.status,
        title=words(title if words.has(title) else "errors.title_500"),
        message=_message(request, answer),
        error_id=error_id,
    )


def _message(request: Request, answer: Answer) -> str:
    limit = parts_of(request).settings.message_limit
    return visitor(request).words(f"errors.{answer.code}", limit=limit)


def _to_sign_in(request: Request) -> RedirectResponse:
    """Lead to the sign-in and from there back: for a form that was sent, to the page it is on."""
    url = request.url
    if request.method not in SAFE_METHODS:
        before = address_parts(request.headers.get("referer", ""))
        known = before.netloc == request.headers.get("host")
        page, query = (before.path, before.query) if known else ("/", "")
    else:
        page, query = url.path, url.query
    back = f"{page}?{query}" if query else page
    return RedirectResponse(
        "/sign-in" if back == "/" else f"/sign-in?{urlencode({'next': back})}", 303
    )
