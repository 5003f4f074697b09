"""The pages of the referral log: a list, one referral, and what may be done with it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from actions.referrals import states
from actions.referrals.log import ReferralView
from assistant.people.people import PersonView
from assistant.web import referral_words
from assistant.web.dates import written_moment
from assistant.web.depends import need, parts_of, reader_of, render, visitor
from assistant.web.referral_queue import Filters, arrange
from assistant.web.referral_words import ReferralWords, next_steps, withdrawal
from assistant.web.typed import mend
from config.clock import now

URGENCIES = ("U0", "U1", "U2", "U3")
NOTE_LIMIT = 2000
REASON_LIMIT = 500
# What a page may say that was just done; each has words in referrals.yml.
DONE = frozenset({"moved", "noted", "withdrawn"})

router = APIRouter(include_in_schema=False)
ReaderHere = Annotated[PersonView, Depends(need("read_own_referrals"))]


def filters(
    status: Annotated[str, Query()] = "",
    urgency: Annotated[str, Query()] = "",
    municipality: Annotated[str, Query()] = "",
) -> Filters:
    """Return what the address narrows the list to; unknown values narrow nothing."""
    return Filters(
        status=status if status in states.STATUSES else "",
        urgency=urgency if urgency in URGENCIES else "",
        municipality=municipality[:8] if municipality.isalnum() else "",
    )


TheFilters = Annotated[Filters, Depends(filters)]


@router.get("/referrals")
def referrals(request: Request, who: ReaderHere, chosen: TheFilters, page: int = 1) -> HTMLResponse:
    """Show the referrals the reader may see."""
    return render(request, "referrals.html", **_queue(request, who, chosen, page=page))


@router.get("/referrals/{number}")
def referral(
    request: Request, number: str, who: ReaderHere, chosen: TheFilters, done: str = ""
) -> HTMLResponse:
    """Show one referral; this is traced."""
    return _page(request, number, who, chosen, done=done if done in DONE else "")


@router.post("/referrals/{number}/move", response_model=None)
def move(
    request: Request,
    number: str,
    who: ReaderHere,
    chosen: TheFilters,
    to: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Bring a referral to another status and show it again."""
    log, reader = parts_of(request).referrals, reader_of(request, who)
    text = _tidy(reason)
    if len(text) > REASON_LIMIT:
        code = "too_long"
    else:
        try:
            log.move(number, reader, to=to, reason=text)
        except states.IllegalMove as refusal:
            code = refusal.code
        else:
            return _back(number, chosen, "moved" if reader.handles else "withdrawn")
    view = log.read(number, reader)
    if view.status == to and code == "not_next":
        # The second half of a double click: the first one did what was wanted.
        return _back(number, chosen, "moved" if reader.handles else "withdrawn")
    refused = {"to": to, "code": code, "reason": text, "limit": REASON_LIMIT}
    return _page(request, number, who, chosen, refused=refused)


@router.post("/referrals/{number}/note", response_model=None)
def note(
    request: Request,
    number: str,
    who: ReaderHere,
    chosen: TheFilters,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Add a note for those who handle referrals and show the referral again."""
    log, reader = parts_of(request).referrals, reader_of(request, who)
    tidy = _tidy(text)
    if not tidy or len(tidy) > NOTE_LIMIT:
        code = "too_long" if tidy else "required"
        refused = {"to": "note", "code": code, "reason": tidy, "limit": NOTE_LIMIT}
        return _page(request, number, who, chosen, refused=refused)
    log.note(number, reader, tidy)
    return _back(number, chosen, "noted")


def _page(
    request: Request,
    number: str,
    who: PersonView,
    chosen: Filters,
    *,
    done: str = "",
    refused: Mapping[str, Any] | None = None,
) -> HTMLResponse:
    parts, seen = parts_of(request), visitor(request)
    reader = reader_of(request, who)
    view = parts.referrals.read(number, reader)
    told = ReferralWords(seen.words, parts.directory)
    names = _names(request, view) if reader.handles else {}
    return render(
        request,
        "referral.html",
        status=_status_of(refused),
        **_queue(request, who, chosen, current=view.number),
        view=view,
        told=told.facts(view, referral_words.TOLD),
        kind=told.facts(view, referral_words.KIND),
        ground=told.facts(view, referral_words.GROUND),
        sender=told.facts(view, referral_words.SENDER),
        sender_name=names.get(view.author, ""),
        timeline=told.timeline(view, names, me=who.id),
        steps=next_steps(view),
        withdrawal=withdrawal(view) if view.author == who.id and not reader.handles else None,
        handles=reader.handles,
        printed=written_moment(now(), seen.words),
        done=done,
        refused=refused,
        reason_limit=REASON_LIMIT,
        note_limit=NOTE_LIMIT,
    )


def _queue(
    request: Request, who: PersonView, chosen: Filters, *, page: int = 1, current: str = ""
) -> dict[str, Any]:
    """Return what referral_queue.html shows: the list, with `current` marked."""
    parts, words = parts_of(request), visitor(request).words
    reader = reader_of(request, who)
    rows = parts.referrals.list(reader)
    told = ReferralWords(words, parts.directory)
    return {
        "queue": arrange(rows, chosen, page=page),
        "current": current,
        "chosen": chosen,
        "reads_all": reader.reads_all,
        "words": told,
        "tones": referral_words.TONES,
        "urgency_pills": referral_words.URGENCY_PILLS,
        "sent": told.sent,
        "statuses": [code for code in states.STATUSES if code != "draft"],
        "urgencies": URGENCIES,
    }


def _names(request: Request, view: ReferralView) -> dict[str, str]:
    """Return the names of those who acted on the referral, for officers only."""
    words = visitor(request).words
    acted = {view.author, *(event.by for event in view.events)}
    people = [one for one in parts_of(request).people.everyone() if one.id in acted]
    officer = parts_of(request).permissions.may
    return {
        one.id: words("referrals.officer", name=one.name)
        if officer(one.role, "handle_referrals")
        else one.name
        for one in people
    }


def _back(number: str, chosen: Filters, done: str) -> RedirectResponse:
    """Lead back to the referral, with the list narrowed as it was."""
    query = f"{chosen.query}&done={done}" if chosen.narrow else f"done={done}"
    return RedirectResponse(f"/referrals/{number}?{query}", 303)


def _status_of(refused: Mapping[str, Any] | None) -> int:
    if refused is None:
        return 200
    return 409 if refused["code"] == "not_next" else 422


def _tidy(text: str) -> str:
    """Return `text` as it is kept: line ends and tabs stay, other control characters go."""
    lines = mend(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c.isprintable() or c in "\n\t").strip()
