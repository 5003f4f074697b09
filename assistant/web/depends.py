"""What a route may ask for: the parts, the visitor, a right, and a page in the visitor's words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.security import HTTPBearer
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.referrals.log import Reader
from assistant.people.people import PersonView
from assistant.people.permissions import RIGHTS
from assistant.web.emergency import emergency_panel
from assistant.web.pace import Pace
from assistant.web.parts import Parts
from assistant.web.security import SAFE_METHODS, comes_from_here, csrf_token, same_text
from assistant.web.strings import Words
from config.files import load_yaml
from config.settings import Settings
from knowledge.language import LANGUAGES, join

SESSION_COOKIE = "ura_session"
LANGUAGE_COOKIE = "ura_language"
DEFAULT_LANGUAGE = "sq"
YEAR_S = 365 * 24 * 60 * 60
# Paths whose readers are programs: they get JSON where others get pages.
API_PATHS = (
    "/api/",
    "/conversations/",
    "/health/",
    "/model/",
    "/openapi.json",
    "/socket.io",
    "/status",
    "/version",
    "/webhooks/",
)
# Kosovo has no zone of its own in the time zone database; it keeps Belgrade's clock.
LOCAL_TIME = ZoneInfo("Europe/Belgrade")
# What a browser's language means for us. Bosnian, Croatian and Montenegrin readers are served in
# Serbian Latin; plain "sr" is Cyrillic, its default script in CLDR.
BROWSER_LANGUAGES = {
    "sq": "sq",
    "en": "en",
    "sr": "sr-Cyrl",
    "sr-cyrl": "sr-Cyrl",
    "sr-latn": "sr-Latn",
    "sr-me": "sr-Latn",
    "sh": "sr-Latn",
    "hr": "sr-Latn",
    "bs": "sr-Latn",
    "cnr": "sr-Latn",
}
# For the description of the interface only: `visitor` reads the header, as it reads the cookie.
BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="From POST /api/sign-in")
TEMPLATES = Path(__file__).parent / "templates"


class SignInNeeded(Exception):
    """Nobody is signed in; the page or call is for staff."""


class SignInLapsed(SignInNeeded):
    """The sign-in that came along is over; signing in again is enough to go on."""


class RightMissing(Exception):
    """The person's role does not allow this."""


class CrossSite(Exception):
    """The form or call was not made by one of our own pages for this sign-in."""


@dataclass(frozen=True)
class Visitor:
    """Who makes this request, and in which language they read.

    `token` is the sign-in's token and `csrf` what its forms must carry; both empty for strangers.
    `lapsed` says that a token came along which opens nothing any more.
    """

    person: PersonView | None
    code: str
    csrf: str = ""
    by_cookie: bool = False
    token: str = ""
    lapsed: bool = False

    @property
    def words(self) -> Words:
        """The words of the visitor's language."""
        return Words(self.code)


def parts_of(request: Request) -> Parts:
    """Return the parts of the running service."""
    parts: Parts = request.app.state.parts
    return parts


def visitor(request: Request) -> Visitor:
    """Return who makes this request; looked up once a request."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    if known is None:
        known = request.state.visitor = _look_up(request)
    return known


def speak(request: Request, code: str) -> None:
    """Answer this one request in the language `code`, errors too."""
    request.state.visitor = replace(visitor(request), code=code)


Reply = TypeVar("Reply", bound=Response)
ThisVisitor = Annotated[Visitor, Depends(visitor)]
TheParts = Annotated[Parts, Depends(parts_of)]


async def guard(request: Request, seen: ThisVisitor) -> None:
    """Let a changing request through only when the visitor meant it.

    A bearer token cannot be borrowed by another site, so those requests pass. With a cookie the
    request must come from our own pages and carry the token of this sign-in.

    Raises:
        CrossSite: Origin or token do not fit.
    """
    if request.method in SAFE_METHODS or (seen.token and not seen.by_cookie):
        return
    allowed = parts_of(request).settings.allowed_origins
    if seen.person is None and request.headers.get("origin") in allowed:
        return
    if not comes_from_here(request):
        raise CrossSite
    if seen.person is None:
        return
    given = request.headers.get("x-csrf-token") or (await request.form()).get("csrf", "")
    if not isinstance(given, str) or not same_text(given, seen.csrf):
        raise CrossSite


def signed_in(seen: ThisVisitor, _shown: Annotated[object, Depends(BEARER)] = None) -> PersonView:
    """Return who is signed in; the description of the interface says that somebody must be.

    Raises:
        SignInLapsed: The sign-in that came along is over.
        SignInNeeded: None came along.
    """
    if seen.person is None:
        raise SignInLapsed if seen.lapsed else SignInNeeded
    return seen.person


def need(right: str) -> Callable[..., PersonView]:
    """Return a dependency that gives the person, provided that their role has `right`."""

    def person(request: Request, who: Annotated[PersonView, Depends(signed_in)]) -> PersonView:
        if not parts_of(request).permissions.may(who.role, right):
            raise RightMissing
        return who

    return person


def rights_of(request: Request) -> frozenset[str]:
    """Return every right of the visitor; none for strangers."""
    who = visitor(request).person
    may = parts_of(request).permissions.may
    return frozenset(right for right in RIGHTS if who is not None and may(who.role, right))


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page in the visitor's words, inside the frame of base.html.

    A template finds here, beside `context`: `t` (Words), `visitor`, `csrf`, `path`, `rights`,
    `demo`, `languages` (code to own name), `here` (this page, for a way back) and `emergency`.
    """
    seen = visitor(request)
    pages: Environment = request.app.state.pages
    parts = parts_of(request)
    frame = {
        "t": seen.words,
        "visitor": seen,
        "csrf": seen.csrf,
        "path": request.url.path,
        "rights": rights_of(request),
        "demo": parts.settings.demo,
        "languages": load_yaml("languages.yml"),
        "here": _way_back(request),
        "emergency": emergency_panel(parts.directory, seen.words),
    }
    return HTMLResponse(pages.get_template(template).render(frame | context), status)


def keep_language(reply: Reply, code: str, settings: Settings) -> Reply:
    """Let `reply` keep the language `code` in the browser for a year, and return it."""
    reply.set_cookie(
        LANGUAGE_COOKIE,
        code,
        max_age=YEAR_S,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
    return reply


def pace_of(request: Request) -> Pace:
    """Return what counts how fast people send."""
    pace: Pace = request.app.state.pace
    return pace


def reader_of(request: Request, who: PersonView) -> Reader:
    """Return `who` as the referral log knows readers: with what their role may see and do."""
    may = parts_of(request).permissions.may
    return Reader(
        person=who.id,
        role=who.role,
        reads_all=may(who.role, "read_all_referrals"),
        handles=may(who.role, "handle_referrals"),
    )


@cache
def open_pages() -> Environment:
    """Return the templates, escaping everything and refusing unknown names.

    They are compiled once in a process, each at its first use.
    """
    loader = FileSystemLoader(TEMPLATES)
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def browser_language(accepted: str) -> str:
    """Return which of ours an Accept-Language header likes best; Albanian if none."""
    wishes: list[tuple[float, int, str]] = []
    for place, wish in enumerate(accepted.split(",")):
        tag, _, weight = wish.strip().lower().partition(";q=")
        try:
            wishes.append((-float(weight or 1), place, tag))
        except ValueError:
            continue
    for dislike, _, tag in sorted(wishes):
        prefixes = (tag, "-".join(tag.split("-")[:2]), tag.split("-")[0])
        found = next((BROWSER_LANGUAGES[one] for one in prefixes if one in BROWSER_LANGUAGES), None)
        if found and dislike < 0:
            return found
    return DEFAULT_LANGUAGE


def is_api(path: str) -> bool:
    """Return whether the readers of `path` are programs."""
    return path.startswith(API_PATHS) and path != "/api/docs"


def wants_json(request: Request) -> bool:
    """Return whether a program reads the reply: it called an address for programs, or says so."""
    return is_api(request.url.path) or "application/json" in request.headers.get("accept", "")


def _look_up(request: Request) -> Visitor:
    parts = parts_of(request)
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    by_cookie = scheme.lower() != "bearer"
    token = request.cookies.get(SESSION_COOKIE, "") if by_cookie else bearer.strip()
    person = parts.sign_ins.who(token) if token else None
    if person is None:
        chosen = request.cookies.get(LANGUAGE_COOKIE, "")
        accepted = request.headers.get("accept-language", "")
        code = chosen if chosen in LANGUAGES else browser_language(accepted)
        return Visitor(None, code, lapsed=bool(token))
    code = join(person.language, person.script)
    csrf = csrf_token(token, parts.form_secret) if by_cookie else ""
    return Visitor(person, code, csrf, by_cookie, token)


def _way_back(request: Request) -> str:
    if request.method not in SAFE_METHODS:
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query
