"""What the library lacks: the questions that no document answered, and answers of no help."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.people.people import PersonView
from assistant.web.dates import written_day
from assistant.web.depends import need, parts_of, render, rights_of, visitor
from assistant.web.errors import PageNotFound
from assistant.web.feedback import MOST_OPINIONS, summed_up
from assistant.web.sources import readable_by
from knowledge.language import LANGUAGES, detect, join
from knowledge.library import QuestionNotFound, Unanswered

# The most asked come first; whoever works through a hundred will reload the page meanwhile.
MOST_QUESTIONS = 100
# The largest number that every database can look for.
LARGEST_NUMBER = 2**31 - 1

router = APIRouter(prefix="/unanswered", include_in_schema=False)


@router.get("")
def questions(
    request: Request,
    _who: Annotated[PersonView, Depends(need("read_unanswered"))],
    done: str = "",
) -> HTMLResponse:
    """Show the open questions, those asked most first, then what staff said of answers."""
    words, parts = visitor(request).words, parts_of(request)
    rows = [
        {"question": one, "code": _code(one), "last": written_day(one.last_at, words)}
        for one in parts.library.unanswered(MOST_QUESTIONS)
    ]
    feedback = summed_up(
        parts.records.feedback(MOST_OPINIONS),
        parts.library.list(),
        words,
        readable=readable_by(rights_of(request)),
    )
    return render(request, "unanswered.html", rows=rows, done=bool(done), feedback=feedback)


@router.post("/{number}/done", dependencies=[Depends(need("add_documents"))])
def close(request: Request, number: int) -> RedirectResponse:
    """Take a question off the list; one that is off already stays so.

    Raises:
        PageNotFound: No question can have this number.
    """
    if abs(number) > LARGEST_NUMBER:
        raise PageNotFound
    with suppress(QuestionNotFound):
        parts_of(request).library.close_unanswered(number)
    return RedirectResponse("/unanswered?done=yes", 303)


def _code(one: Unanswered) -> str:
    """Return the language of a question as the edge names it; the script as it was typed."""
    if one.language in LANGUAGES:
        return one.language
    return join(one.language, detect(one.question).script)
