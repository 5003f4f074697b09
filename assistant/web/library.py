"""One document for those who look after the library: its passages, its state, and what may be done.

The other pages of the library are in library_list, library_upload, library_try, terms and
unanswered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.people.people import PersonView
from assistant.web import library_list, library_try, library_upload, terms, unanswered
from assistant.web.dates import written_moment
from assistant.web.depends import need, parts_of, render, visitor
from assistant.web.library_shelf import TONES
from assistant.web.typed import mend
from knowledge.frontmatter import WHEN_OUT_OF_DATE
from knowledge.language import join
from knowledge.library import (
    DocumentNotFound,
    DocumentSummary,
    Library,
    SamePersonApproves,
    WrongState,
)
from knowledge.source_text import page_runs

REASON_LIMIT = 500
DONE = frozenset({"added", "approved", "rejected", "withdrawn", "restored", "chosen"})
# The state that each step leads to; found there already, the step was a second click.
LEADS_TO = {
    "approved": "approved",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "restored": "approved",
}

router = APIRouter(include_in_schema=False)
for pages in (library_list, library_upload, library_try, terms, unanswered):
    router.include_router(pages.router)
AdderHere = Annotated[PersonView, Depends(need("add_documents"))]
ApproverHere = Annotated[PersonView, Depends(need("approve_documents"))]
VersionSeen = Annotated[int, Form()]
Reason = Annotated[str, Form()]


@dataclass(frozen=True)
class Refused:
    """A step that was not taken: its code, the step, and the reason that was typed."""

    code: str
    step: str = ""
    reason: str = ""


@router.get("/library/{document}")
def page(
    request: Request,
    document: str,
    who: Annotated[PersonView, Depends(need("read_library"))],
    version: int | None = None,
    done: str = "",
) -> HTMLResponse:
    """Show a document; without `version`, what waits for a decision, else what answers."""
    return _page(request, document, who, version=version, done=done if done in DONE else "")


@router.post("/library/{document}/approve", response_model=None)
def approve(request: Request, document: str, who: ApproverHere, version: VersionSeen) -> Response:
    """Let the version that the approver has seen answer."""
    step = Step(request, document, who, version, "approved")
    return step.take(
        lambda library: library.approve(document, by=who.id, version=version),
        starts_from="waiting",
    )


@router.post("/library/{document}/reject", response_model=None)
def reject(
    request: Request, document: str, who: ApproverHere, version: VersionSeen, reason: Reason = ""
) -> Response:
    """Send the waiting version back with a reason."""
    text = mend(reason).strip()
    step = Step(request, document, who, version, "rejected", text)
    if not text:
        return step.refuse("reason_missing")
    return step.take(
        lambda library: library.reject(document, by=who.id, reason=text, version=version),
        starts_from="waiting",
    )


@router.post("/library/{document}/withdraw", response_model=None)
def withdraw(
    request: Request, document: str, who: AdderHere, version: VersionSeen, reason: Reason = ""
) -> Response:
    """Stop the document from answering; it can be brought back at once."""
    text = mend(reason).strip()
    step = Step(request, document, who, version, "withdrawn", text)
    return step.take(
        lambda library: library.withdraw(document, by=who.id, reason=text, version=version),
        starts_from="approved",
    )


@router.post("/library/{document}/restore", response_model=None)
def restore(request: Request, document: str, who: AdderHere, version: VersionSeen) -> Response:
    """Let a withdrawn document answer again."""
    step = Step(request, document, who, version, "restored")
    return step.take(
        lambda library: library.restore(document, by=who.id, version=version),
        starts_from="withdrawn",
    )


@router.post("/library/{document}/when-out-of-date")
def choose_when_out_of_date(
    request: Request,
    document: str,
    _who: AdderHere,
    version: VersionSeen,
    choice: Annotated[Literal["hide", "flag"], Form()],
) -> RedirectResponse:
    """Say what becomes of a version once its validity is over."""
    parts_of(request).library.choose_when_out_of_date(document, choice, version=version)
    return RedirectResponse(f"/library/{document}?version={version}&done=chosen", 303)


@dataclass(frozen=True)
class Step:
    """One step of a document's life, as a person asked for it on the page of `version`."""

    request: Request
    document: str
    who: PersonView
    version: int
    done: str
    reason: str = ""

    def take(self, change: Callable[[Library], object], *, starts_from: str) -> Response:
        """Make the `change` and lead back to the page, or show why it was not made.

        A version is approved only as it was seen: another one that came meanwhile is not meant.
        """
        if len(self.reason) > REASON_LIMIT:
            return self.refuse("reason_too_long")
        library = parts_of(self.request).library
        state = self._state(library)
        if state == starts_from:
            try:
                change(library)
            except SamePersonApproves:
                return self.refuse("own_upload")
            except WrongState:
                state = self._state(library)
            else:
                state = LEADS_TO[self.done]
        if state != LEADS_TO[self.done]:
            return self.refuse("changed_meanwhile")
        query = f"version={self.version}&done={self.done}"
        return RedirectResponse(f"/library/{self.document}?{query}", 303)

    def refuse(self, code: str) -> HTMLResponse:
        """Show the page again with what stands in the way, and what was typed."""
        refused = Refused(code, self.done, self.reason)
        return _page(self.request, self.document, self.who, version=self.version, refused=refused)

    def _state(self, library: Library) -> str:
        listed = [one for one in library.list() if one.document == self.document]
        if not listed:
            raise DocumentNotFound
        return next((one.state for one in listed if one.version == self.version), "superseded")


def _page(
    request: Request,
    document: str,
    who: PersonView,
    *,
    version: int | None,
    done: str = "",
    refused: Refused | None = None,
) -> HTMLResponse:
    parts = parts_of(request)
    listed = [one for one in parts.library.list() if one.document == document]
    if not listed:
        raise DocumentNotFound
    # What waits is listed last, and is what brings people here.
    current = next((one for one in listed if one.version == version), listed[-1])
    shown = version if version is not None else current.version
    return render(
        request,
        "document.html",
        status=200 if refused is None else 409 if _is_conflict(refused) else 422,
        **_told(request, current, listed),
        current=current,
        shown=shown,
        passages=parts.library.passages(document, shown),
        own=current.added_by == who.id and parts.settings.second_person_approves,
        may_restore=not any(one.state == "approved" for one in listed),
        done=done if LEADS_TO.get(done, current.state) == current.state else "",
        refused=refused,
        reason_limit=REASON_LIMIT,
    )


def _told(
    request: Request, current: DocumentSummary, listed: list[DocumentSummary]
) -> dict[str, Any]:
    """Return what the page says about the document, in the reader's words."""
    told = library_list.library_words(request)
    history = parts_of(request).library.history(current.document)
    told_by_list = {one.version for one in listed}
    return {
        "row": told.row(current),
        "listed": [told.row(one) for one in listed],
        "older": sorted({entry.version for entry in history} - told_by_list),
        "history": told.history(history),
        "code": join(current.language, current.script),
        "added": written_moment(current.added_at, visitor(request).words),
        "audience": told.audience(current.audience),
        "validity": told.validity(current),
        "without_text": page_runs(current.pages_without_text),
        "out_of_date": told.out_of_date(current),
        "choices": WHEN_OUT_OF_DATE,
        "state_help": told.state_help(current),
        "tones": TONES,
    }


def _is_conflict(refused: Refused) -> bool:
    return not refused.code.startswith("reason")
