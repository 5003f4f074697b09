"""What is open to everyone: the emergency panel, the language switch, words, marks and papers."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from assistant.web.depends import TheParts, ThisVisitor, keep_language, render
from assistant.web.emergency import emergency_panel
from assistant.web.errors import PageNotFound
from assistant.web.security import local_path
from assistant.web.strings import Words
from knowledge.language import split

# Topics of interface words that programs may read without signing in.
# What a reader of words from outside may ask for, and what is sent: the widget also writes days.
OPEN_TOPICS = {"widget": ("dates", "widget")}

router = APIRouter()


@router.get("/emergency", include_in_schema=False)
def emergency_page(request: Request) -> HTMLResponse:
    """Show the emergency panel as a page of its own."""
    return render(request, "emergency.html")


@router.get("/api/emergency", tags=["open"])
def emergency(parts: TheParts, seen: ThisVisitor, language: str = "") -> dict[str, Any]:
    """Return the numbers to call and the steps to take in immediate danger."""
    return asdict(emergency_panel(parts.directory, Words(language or seen.code)))


@router.get("/api/words/{topic}", tags=["open"])
def words(topic: str, seen: ThisVisitor, language: str = "") -> dict[str, str]:
    """Return the words of the widget in `language`, by key."""
    if topic not in OPEN_TOPICS:
        raise PageNotFound
    spoken = Words(language or seen.code)
    return {key: text for name in OPEN_TOPICS[topic] for key, text in spoken.topic(name).items()}


@router.post("/language", include_in_schema=False)
def choose_language(
    parts: TheParts,
    seen: ThisVisitor,
    language: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 (the field's name in the form)
) -> RedirectResponse:
    """Keep the chosen language, in the account when signed in, and go back."""
    split(language)
    if seen.person is not None:
        parts.people.set_language(seen.person.id, language)
    return keep_language(RedirectResponse(local_path(next), 303), language, parts.settings)


@router.get("/api/docs", include_in_schema=False)
def papers(request: Request) -> HTMLResponse:
    """Show what the programming interface offers, from its own description."""
    paths = request.app.openapi()["paths"]
    calls = [
        {"method": method.upper(), "path": path, "summary": call.get("description", "")}
        for path, methods in sorted(paths.items())
        for method, call in methods.items()
    ]
    return render(request, "api.html", calls=calls)


@router.get("/robots.txt", include_in_schema=False)
def robots() -> PlainTextResponse:
    """Keep search engines out."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


@router.get("/favicon.ico", include_in_schema=False)
def favicon() -> RedirectResponse:
    """Lead browsers that guess to our mark."""
    return RedirectResponse("/static/mark.svg", 308)
