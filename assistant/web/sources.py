"""The page behind a citation: the whole approved text of one version of a document."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from assistant.people.people import PersonView
from assistant.web.dates import written_day
from assistant.web.depends import TheParts, ThisVisitor, need, render, rights_of
from assistant.web.errors import PageNotFound
from assistant.web.strings import Words
from knowledge.frontmatter import FLAG, KINDS
from knowledge.language import join
from knowledge.library import DocumentSummary, Library, PassageView

APPROVED = "approved"
# A text that was replaced may be read by whoever holds an old answer; one that was withdrawn only
# by those who look after the library: someone had a reason to take it away.
READABLE = frozenset({APPROVED, "superseded"})
READABLE_BY_LIBRARIANS = READABLE | {"withdrawn"}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Piece:
    """One passage on the page; `heading` only where a new section begins."""

    place: int
    heading: str
    page: int | None
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """One version of a document as a reader sees it, in the script they read.

    `out_of_date` is its last day, where it is over and still shown.
    """

    title: str
    kind: str
    code: str
    version: int
    valid_from: str
    starter: bool
    out_of_date: str
    current: bool
    pieces: tuple[Piece, ...]


@router.get("/sources/{document}")
def source(
    document: str,
    request: Request,
    parts: TheParts,
    seen: ThisVisitor,
    _who: Annotated[PersonView, Depends(need("ask"))],
    version: int | None = None,
) -> HTMLResponse:
    """Show the text of `version`, the one that answers unless said otherwise."""
    states = readable_by(rights_of(request))
    number, state = _choose(parts.library, document, version, states)
    summary = _summary(parts.library, document, number)
    shown = _show(
        summary,
        parts.library.passages(document, number),
        seen.words,
        number=number,
        approved=state == APPROVED,
    )
    return render(request, "source.html", source=shown)


def readable_by(rights: Set[str]) -> frozenset[str]:
    """Return the states in which somebody with `rights` may read a document here."""
    if "ask" not in rights:
        return frozenset()
    return READABLE_BY_LIBRARIANS if "read_library" in rights else READABLE


def _choose(
    library: Library, document: str, version: int | None, states: frozenset[str]
) -> tuple[int, str]:
    """Return the number and state of the version to show, when it may be shown."""
    latest = {entry.version: entry.state for entry in library.history(document)}
    wished = [
        (number, state)
        for number, state in latest.items()
        if state in states and version in {None, number}
    ]
    if not wished:
        raise PageNotFound
    return max(wished, key=lambda one: (one[1] == APPROVED, one[0]))


def _summary(library: Library, document: str, number: int) -> DocumentSummary:
    """Return what the library lists of the document, best of this very version."""
    listed = [one for one in library.list() if one.document == document]
    return min(listed, key=lambda one: abs(one.version - number))


def _show(
    summary: DocumentSummary,
    passages: list[PassageView],
    words: Words,
    *,
    number: int,
    approved: bool,
) -> Source:
    flagged = approved and summary.out_of_date and summary.when_out_of_date == FLAG
    last = summary.valid_until if flagged else None
    code = join(summary.language, summary.script)
    sections = ["", *(passage.section for passage in passages)]
    pieces = tuple(
        Piece(
            place=place,
            heading=words.legible(passage.section, code) if passage.section != before else "",
            page=passage.page,
            paragraphs=tuple(words.legible(passage.text, code).splitlines()),
        )
        for place, (before, passage) in enumerate(zip(sections, passages, strict=False), start=1)
    )
    return Source(
        title=words.legible(summary.title, code),
        kind=summary.kind if summary.kind in KINDS else "other",
        code=words.legible_code(code),
        version=number,
        valid_from=written_day(summary.valid_from, words) if summary.valid_from else "",
        starter=summary.review == "starter",
        out_of_date=written_day(last, words) if last else "",
        current=approved and not summary.too_early and (flagged or not summary.out_of_date),
        pieces=pieces,
    )
