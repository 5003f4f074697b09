"""The page with the list of documents, the upload form and the box for trying a question."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from assistant.people.people import PersonView
from assistant.web.depends import need, parts_of, render, visitor
from assistant.web.library_shelf import KINDS, STATES, TONES, Filters, LibraryWords, arrange
from assistant.web.typed import mend
from knowledge.frontmatter import WHEN_OUT_OF_DATE
from knowledge.language import LANGUAGES

TITLE_LIMIT = 200

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Given:
    """What stood in the upload form; shown again when the upload is refused."""

    file: str = ""
    title: str = ""
    language: str = ""
    kind: str = ""
    audience: tuple[str, ...] = ()
    when_out_of_date: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why an upload was refused, in words, and which field of the form it is about."""

    status: int
    message: str
    field: str


def filters(
    state: Annotated[str, Query()] = "",
    kind: Annotated[str, Query()] = "",
    language: Annotated[str, Query()] = "",
    text: Annotated[str, Query()] = "",
) -> Filters:
    """Return what the address narrows the list to; unknown values narrow nothing."""
    return Filters(
        state=state if state in STATES else "",
        kind=kind if kind in KINDS else "",
        language=language if language in LANGUAGES else "",
        text=mend(text)[:100].strip(),
    )


@router.get("/library")
def library(
    request: Request,
    _who: Annotated[PersonView, Depends(need("read_library"))],
    chosen: Annotated[Filters, Depends(filters)],
    page: int = 1,
    add: str = "",
) -> HTMLResponse:
    """Show the documents, what waits for approval first; `add` opens the form with that title."""
    given = Given(title="" if add == "yes" else mend(add)[:TITLE_LIMIT])
    return list_page(request, chosen, page=page, given=given, adding=bool(add))


def list_page(
    request: Request,
    chosen: Filters,
    *,
    given: Given,
    page: int = 1,
    adding: bool = False,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    """Return the page; with a `refusal`, what was `given` stands in the form again."""
    parts = parts_of(request)
    shelf = arrange(parts.library.list(), chosen, library_words(request), page=page)
    tabs = {code: Filters(**{**vars(chosen), "state": code}).query for code, _ in shelf.counts}
    return render(
        request,
        "library.html",
        status=refusal.status if refusal else 200,
        shelf=shelf,
        chosen=chosen,
        tab_queries=tabs,
        tones=TONES,
        kinds=KINDS,
        when_out_of_date=("", *WHEN_OUT_OF_DATE),
        audiences=audiences(request),
        limit_mb=parts.settings.upload_limit_mb,
        question_limit=parts.settings.message_limit,
        given=given,
        adding=adding or refusal is not None,
        refusal=refusal,
    )


def library_words(request: Request) -> LibraryWords:
    """Return what tells documents to the visitor, with the names of colleagues."""
    names = {one.id: one.name for one in parts_of(request).people.everyone()}
    return LibraryWords(visitor(request).words, names)


def audiences(request: Request) -> list[str]:
    """Return the roles a document may be meant for: those that ask the assistant."""
    permissions = parts_of(request).permissions
    return [role for role in permissions.roles if permissions.may(role, "ask")]
