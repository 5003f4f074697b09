"""Taking in a document that a trainer uploads, or saying what is wrong with it."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse, Response

from assistant.people.people import PersonView
from assistant.web.depends import need, parts_of, visitor, wants_json
from assistant.web.errors import answer_to
from assistant.web.library_list import TITLE_LIMIT, Given, Refusal, audiences, list_page
from assistant.web.library_shelf import KINDS, Filters
from assistant.web.typed import mend
from knowledge.frontmatter import WHEN_OUT_OF_DATE
from knowledge.language import LANGUAGES
from knowledge.library import UnknownLanguage, UnreadableFile, Upload

router = APIRouter(include_in_schema=False)
AdderHere = Annotated[PersonView, Depends(need("add_documents"))]


class FileMissing(Exception):
    """The form came without a file."""


def given_fields(
    request: Request,
    title: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    audience: Annotated[list[str] | None, Form()] = None,
    when_out_of_date: Annotated[str, Form()] = "",
) -> Given:
    """Return the fields beside the file; what the form does not offer counts as left empty."""
    known = audiences(request)
    return Given(
        title=mend(title).strip()[:TITLE_LIMIT],
        language=language if language in LANGUAGES else "",
        kind=kind if kind in KINDS else "",
        audience=tuple(role for role in known if role in (audience or ())),
        when_out_of_date=when_out_of_date if when_out_of_date in WHEN_OUT_OF_DATE else "",
    )


@router.get("/library/upload")
def form(_who: AdderHere) -> RedirectResponse:
    """Lead to the form; browsers come here when they reload a refused upload."""
    return RedirectResponse("/library?add=yes#add", 303)


@router.post("/library/upload", response_model=None)
def upload(
    request: Request,
    who: AdderHere,
    given: Annotated[Given, Depends(given_fields)],
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Add a document; a script gets JSON, a form the document's page or itself with the reason."""
    scripted = wants_json(request)
    try:
        target = _add(request, file, given, by=who.id)
    except (FileMissing, UnreadableFile, UnknownLanguage) as error:
        refusal = _refusal(request, error)
        if scripted:
            told = {"message": refusal.message, "field": refusal.field}
            return JSONResponse({"error": told}, refusal.status)
        name = mend(file.filename or "") if file else ""
        kept = Given(**{**vars(given), "file": name})
        return list_page(request, Filters(), given=kept, refusal=refusal)
    return JSONResponse({"location": target}) if scripted else RedirectResponse(target, 303)


def _add(request: Request, file: UploadFile | None, given: Given, *, by: str) -> str:
    """Add the document and return the address of its page."""
    if file is None or not file.filename:
        raise FileMissing
    parts = parts_of(request)
    # One byte over the limit is enough for the library to see that it is too much.
    most = parts.settings.upload_limit_mb * 1024 * 1024 + 1
    added = parts.library.add(
        Upload(
            name=mend(file.filename),
            content=file.file.read(most),
            title=given.title or None,
            language=given.language or None,
            audience=given.audience,
            kind=given.kind or None,
            when_out_of_date=given.when_out_of_date or None,
        ),
        by=by,
    )
    return f"/library/{added.document}?version={added.version}&done=added"


def _refusal(request: Request, error: Exception) -> Refusal:
    words = visitor(request).words
    if isinstance(error, FileMissing):
        return Refusal(422, words("library.file_missing"), "file")
    if isinstance(error, UnknownLanguage):
        return Refusal(422, words("library.language_unknown"), "language")
    answer = answer_to(error)
    return Refusal(answer.status, words(f"errors.{answer.code}"), "file")
