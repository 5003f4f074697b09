"""Signing in and out, with a cookie on our pages and with a bearer token everywhere else."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from assistant.people.people import PersonView
from assistant.people.sign_in import TooManyAttempts, WrongCredentials
from assistant.web.depends import (
    SESSION_COOKIE,
    TheParts,
    ThisVisitor,
    keep_language,
    render,
    rights_of,
    signed_in,
)
from assistant.web.errors import answer_to
from assistant.web.security import client_address, local_path
from assistant.web.typed import Typed
from knowledge.language import join

# Tells the browser to drop what our pages kept in it: staff share computers.
CLEAR_SITE_DATA = '"storage"'

router = APIRouter()


class Credentials(BaseModel):
    """A name and its password."""

    name: Typed
    password: Typed


class Opened(BaseModel):
    """A fresh sign-in; the token is shown once."""

    token: str
    expires_at: datetime


class Me(BaseModel):
    """Who is signed in."""

    name: str
    role: str
    role_name: str
    language: str
    rights: list[str]


class LanguageChoice(BaseModel):
    """A language code: sq, sr-Latn, sr-Cyrl or en."""

    language: str


@router.get("/sign-in", include_in_schema=False, response_model=None)
def page(request: Request, seen: ThisVisitor, next: str = "/") -> Response:  # noqa: A002
    """Show the form, or lead on who is signed in already."""
    if seen.person is not None:
        return RedirectResponse(local_path(next), 303)
    return _form(request, target=next)


@router.post("/sign-in", include_in_schema=False, response_model=None)
def sign_in(
    request: Request,
    parts: TheParts,
    seen: ThisVisitor,
    *,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 (the field's name in the form)
) -> Response:
    """Sign in by the form; the sign-in before it, if any, ends."""
    address = client_address(request, request.app.state.proxies)
    try:
        opened = parts.sign_ins.sign_in(name, password, address)
    except (WrongCredentials, TooManyAttempts) as refusal:
        return _form(request, target=next, refusal=refusal, name=name[:80])
    if seen.token:
        parts.sign_ins.sign_out(seen.token)
    reply = RedirectResponse(local_path(next), 303)
    reply.set_cookie(
        SESSION_COOKIE,
        opened.token,
        httponly=True,
        samesite="strict",
        secure=parts.settings.secure_cookies,
    )
    code = join(opened.person.language, opened.person.script)
    return keep_language(reply, code, parts.settings)


@router.post("/sign-out", include_in_schema=False)
def sign_out(parts: TheParts, seen: ThisVisitor) -> RedirectResponse:
    """End the sign-in and forget it in the browser."""
    parts.sign_ins.sign_out(seen.token)
    reply = RedirectResponse("/sign-in", 303, {"Clear-Site-Data": CLEAR_SITE_DATA})
    reply.delete_cookie(SESSION_COOKIE)
    return reply


@router.post("/api/sign-in", tags=["sign-in"])
def api_sign_in(request: Request, given: Credentials, parts: TheParts) -> Opened:
    """Return a bearer token for a name and its password."""
    address = client_address(request, request.app.state.proxies)
    opened = parts.sign_ins.sign_in(given.name, given.password, address)
    return Opened(token=opened.token, expires_at=opened.expires_at)


@router.post("/api/sign-out", tags=["sign-in"], status_code=204)
def api_sign_out(parts: TheParts, seen: ThisVisitor) -> None:
    """End the sign-in of the token that comes along."""
    parts.sign_ins.sign_out(seen.token)


@router.get("/api/me", tags=["sign-in"])
def me(request: Request, who: Annotated[PersonView, Depends(signed_in)], seen: ThisVisitor) -> Me:
    """Return who is signed in, and what they may do."""
    return Me(
        name=who.name,
        role=who.role,
        role_name=seen.words(f"roles.{who.role}"),
        language=seen.code,
        rights=sorted(rights_of(request)),
    )


@router.post("/api/me/language", tags=["sign-in"], status_code=204)
def my_language(
    chosen: LanguageChoice, parts: TheParts, who: Annotated[PersonView, Depends(signed_in)]
) -> Response:
    """Keep the language of the account."""
    parts.people.set_language(who.id, chosen.language)
    return keep_language(Response(status_code=204), chosen.language, parts.settings)


def _form(
    request: Request, *, target: str, refusal: Exception | None = None, name: str = ""
) -> HTMLResponse:
    answer = answer_to(refusal) if refusal else None
    return render(
        request,
        "sign_in.html",
        status=answer.status if answer else 200,
        next=local_path(target),
        refusal=answer.code if answer else "",
        name=name,
    )
