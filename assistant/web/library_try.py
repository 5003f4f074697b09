"""Trying a question: what the chat would find, shown to those who look after the library."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from assistant.people.people import PersonView
from assistant.web.dates import written_day
from assistant.web.depends import need, parts_of, render, visitor
from assistant.web.typed import mend
from knowledge.language import LANGUAGES, join
from knowledge.library import Found, Hit
from knowledge.quotes import pieces

# As many as the chat shows.
HITS = 3

router = APIRouter(prefix="/library/try", include_in_schema=False)
ReaderHere = Annotated[PersonView, Depends(need("read_library"))]


@router.get("")
def empty(request: Request, _who: ReaderHere) -> HTMLResponse:
    """Show the form."""
    return _page(request, "", visitor(request).code)


@router.post("")
def try_question(
    request: Request,
    _who: ReaderHere,
    question: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Search as the chat would and show what comes; nothing is kept."""
    asked, code = typed_question(request, question, language)
    if not asked:
        return _page(request, "", code, missing=True)
    found = parts_of(request).library.search(asked, language=code, limit=HITS)
    return _page(request, asked, code, found=found)


def typed_question(request: Request, question: str, language: str) -> tuple[str, str]:
    """Return a question to try, cut to the longest message, and the code of its language.

    The question is empty where none was typed; a language we do not know is the visitor's own.
    """
    asked = mend(question).strip()[: parts_of(request).settings.message_limit]
    return asked, language if language in LANGUAGES else visitor(request).code


def _page(
    request: Request,
    question: str,
    language: str,
    *,
    missing: bool = False,
    found: Found | None = None,
) -> HTMLResponse:
    hits = found.hits if found else ()
    return render(
        request,
        "library_try.html",
        status=422 if missing else 200,
        question=question,
        language=language,
        missing=missing,
        found=found,
        hits=[_shown(request, hit) for hit in hits],
        question_limit=parts_of(request).settings.message_limit,
    )


def _shown(request: Request, hit: Hit) -> dict[str, Any]:
    last = hit.valid_until if hit.out_of_date else None
    return {
        **vars(hit),
        "code": join(hit.language, hit.script),
        "pieces": pieces(hit.quote, hit.sentences),
        "out_of_date": written_day(last, visitor(request).words) if last else "",
    }
