"""The terms that trainers add to the glossary: list, form, undo, and trying a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.people.people import PersonView
from assistant.web.dates import written_day
from assistant.web.depends import need, parts_of, render, visitor
from assistant.web.errors import PageNotFound
from assistant.web.library_list import library_words
from assistant.web.library_shelf import ROWS_A_PAGE, Filters, LibraryWords
from assistant.web.library_try import typed_question
from assistant.web.typed import mend
from assistant.web.unanswered import LARGEST_NUMBER
from knowledge.glossary import LONGEST_NAME
from knowledge.language import fold, split
from knowledge.library import TermNotFound
from knowledge.term_cells import LONGEST_CELL, TermRefused
from knowledge.terms import Named, OwnTerm, OwnTerms

# In the order in which they stand in form and list.
CELLS = ("sq", "sr", "en")
DONE = frozenset({"added", "changed", "removed", "restored"})
PATH = "/library/terms"


def known_number(number: int) -> int:
    """Return the number of a term that a database may hold.

    Raises:
        PageNotFound: No term can have it.
    """
    if not 0 < number <= LARGEST_NUMBER:
        raise PageNotFound
    return number


def typed_cells(
    sq: Annotated[str, Form()] = "",
    sr: Annotated[str, Form()] = "",
    en: Annotated[str, Form()] = "",
) -> Mapping[str, str]:
    """Return what stood in the form."""
    return {"sq": mend(sq), "sr": mend(sr), "en": mend(en)}


router = APIRouter(prefix=PATH, include_in_schema=False)
ReaderHere = Annotated[PersonView, Depends(need("read_library"))]
AdderHere = Annotated[PersonView, Depends(need("add_documents"))]
Number = Annotated[int, Depends(known_number)]
TypedCells = Annotated[Mapping[str, str], Depends(typed_cells)]
NOTHING: Mapping[str, str] = dict.fromkeys(CELLS, "")


@dataclass(frozen=True)
class Tried:
    """A question that was tried: what was typed, in which language, and what it names."""

    question: str
    language: str
    missing: bool = False
    named: tuple[Named, ...] | None = None


@router.get("")
def terms(
    request: Request,
    _who: ReaderHere,
    text: str = "",
    page: int = 1,
    done: str = "",
    term: int = 0,
) -> HTMLResponse:
    """Show the terms; `done` says what was just done to `term`."""
    narrowed = Filters(text=mend(text)[:100].strip())
    back = term if done == "removed" and 0 < term <= LARGEST_NUMBER else 0
    known = done if done in DONE else ""
    return _list(request, narrowed, page=page, done=known, removed=back)


@router.post("", response_model=None)
def add(request: Request, who: AdderHere, cells: TypedCells) -> Response:
    """Add a term, or show the form again with what is wrong."""
    try:
        _own(request).add(cells, by=who.id)
    except TermRefused as refused:
        return _list(request, Filters(), status=422, cells=cells, codes=refused.codes, adding=True)
    return RedirectResponse(f"{PATH}?done=added", 303)


@router.post("/try")
def try_question(
    request: Request,
    _who: ReaderHere,
    question: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Show which terms a question names; nothing is kept."""
    asked, code = typed_question(request, question, language)
    if not asked:
        return _list(request, Filters(), status=422, tried=Tried("", code, missing=True))
    named = _own(request).named_in(asked, code)
    return _list(request, Filters(), tried=Tried(asked, code, named=named))


@router.get("/{number}")
def form(request: Request, _who: AdderHere, number: Number) -> HTMLResponse:
    """Show the form for changing a term."""
    own = _own(request).find(number)
    return _form(request, number, {language: own.cell(language) for language in CELLS})


@router.post("/{number}", response_model=None)
def change(request: Request, who: AdderHere, number: Number, cells: TypedCells) -> Response:
    """Change a term, or show the form again with what is wrong."""
    try:
        _own(request).change(number, cells, by=who.id)
    except TermRefused as refused:
        return _form(request, number, cells, codes=refused.codes)
    return RedirectResponse(f"{PATH}?done=changed", 303)


@router.post("/{number}/remove")
def remove(request: Request, who: AdderHere, number: Number) -> RedirectResponse:
    """Remove a term; it can be brought back at once."""
    try:
        _own(request).remove(number, by=who.id)
    except TermNotFound:
        # A second click: what was asked for is done.
        return RedirectResponse(PATH, 303)
    return RedirectResponse(f"{PATH}?done=removed&term={number}", 303)


@router.post("/{number}/restore", response_model=None)
def restore(request: Request, who: AdderHere, number: Number) -> Response:
    """Bring a removed term back, unless the same was added meanwhile."""
    try:
        _own(request).restore(number, by=who.id)
    except TermRefused as refused:
        return _list(request, Filters(), status=409, codes=refused.codes)
    return RedirectResponse(f"{PATH}?done=restored", 303)


def _own(request: Request) -> OwnTerms:
    return parts_of(request).library.terms


def _list(
    request: Request, narrowed: Filters, *, status: int = 200, page: int = 1, **context: Any
) -> HTMLResponse:
    """Return the page with the terms that the filter lets through, by their first names."""
    told, first = library_words(request), split(visitor(request).code)[0]
    own = _own(request).kept()
    rows = [_row(one, told, request) for one in own if fold(narrowed.text) in fold(_words_of(one))]
    rows.sort(key=lambda row: fold(row["cells"][first]))
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    page = min(max(page, 1), pages)
    shown = {
        "rows": rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE],
        "page": page,
        "pages": pages,
        "narrowed": narrowed,
        "question_limit": parts_of(request).settings.message_limit,
        "tried": Tried("", visitor(request).code),
        "adding": not own,
        "done": "",
        "removed": 0,
    }
    return _render(request, "terms.html", status, shown | context)


def _form(request: Request, number: int, cells: Mapping[str, str], **context: Any) -> HTMLResponse:
    shown = {"number": number, "cells": cells}
    return _render(request, "term.html", 422 if context else 200, shown | context)


def _render(
    request: Request, template: str, status: int, context: Mapping[str, Any]
) -> HTMLResponse:
    limits = {"words": LONGEST_NAME, "limit": LONGEST_CELL}
    shared = {"names": CELLS, "limits": limits, "cells": NOTHING, "codes": {}}
    return render(request, template, status=status, **{**shared, **context})


def _row(one: OwnTerm, told: LibraryWords, request: Request) -> dict[str, Any]:
    words = visitor(request).words
    steps = [words("terms.added", who=told.who(one.added_by), day=written_day(one.added_at, words))]
    if one.changed_at is not None:
        day = written_day(one.changed_at, words)
        steps.append(words("terms.changed", who=told.who(one.changed_by), day=day))
    return {
        "id": one.id,
        "cells": {language: one.cell(language) for language in CELLS},
        "steps": steps,
    }


def _words_of(one: OwnTerm) -> str:
    return " ".join(one.cell(language) for language in CELLS)
