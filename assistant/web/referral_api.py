"""Referrals for programs: log one, list those one may see, read one."""

import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict

from actions.referrals.fields import check_all
from actions.referrals.log import NewReferral
from assistant.people.people import PersonView
from assistant.web.depends import TheParts, ThisVisitor, need, pace_of, reader_of
from assistant.web.errors import KeyMissing
from assistant.web.typed import mend

KEY_LENGTHS = range(1, 65)
# Only what is surely a field's name is repeated in a header.
FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

router = APIRouter(prefix="/api/referrals", tags=["referrals"])
ReaderHere = Annotated[PersonView, Depends(need("read_own_referrals"))]
# What stands in a field is judged by `check_all`, which knows why and says so in words.
Given = Annotated[Any, BeforeValidator(mend)]


class Told(BaseModel):
    """The fields of a referral; codes or names, as the chat would take them.

    A field that is not kept yet is no error, but the reply's header `Ura-Ignored-Fields` names it.
    """

    model_config = ConfigDict(extra="allow")

    category: Given = None
    person_group: Given = None
    municipality: Given = None
    urgency: Given = None
    emergency_called: Given = None
    concern_facts: Given = None
    done_so_far: Given = None
    wanted_service: Given = None
    consent_status: Given = None
    legal_basis_without_consent: Given = None
    referrer_contact: Given = None


class Logged(BaseModel):
    """The number under which a referral is kept, and where it stands."""

    number: str
    status: str


class Listed(Logged):
    """One line of a list, without what was told."""

    created_at: datetime
    changed_at: datetime
    category: str
    person_group: str
    municipality: str
    urgency: str


class Step(BaseModel):
    """One thing that happened to a referral."""

    kind: str
    status: str
    at: datetime
    text: str


class Whole(Logged):
    """One referral in full, as far as the reader may see it."""

    created_at: datetime
    changed_at: datetime
    fields: dict[str, Any]
    events: list[Step]


@router.post("", status_code=201)
def add(  # noqa: PLR0913, PLR0917 (a route asks for what it needs by its parameters)
    told: Told,
    request: Request,
    response: Response,
    parts: TheParts,
    seen: ThisVisitor,
    who: Annotated[PersonView, Depends(need("refer"))],
    idempotency_key: Annotated[str, Header()] = "",
) -> Logged:
    """Log a referral; the same Idempotency-Key and content again returns the same number."""
    key = idempotency_key.strip()
    if len(key) not in KEY_LENGTHS:
        raise KeyMissing
    pace_of(request).step(who.id)
    extra = sorted(name for name in told.model_extra or () if FIELD_NAME.fullmatch(name))
    if extra:
        response.headers["Ura-Ignored-Fields"] = ", ".join(extra)
    checked = check_all(told.model_dump(), parts.directory)
    services = tuple(checked.pop("wanted_service"))
    new = NewReferral(
        **checked,
        wanted_service=services,
        referrer_role=who.role,
        referrer_institution=who.institution,
        language=seen.code,
    )
    # Apart from the keys of the chat, which are the same author's too.
    receipt = parts.referrals.add(new, author=who.id, key=f"api:{key}")
    return Logged(number=receipt.number, status=receipt.status)


@router.get("")
def listed(request: Request, parts: TheParts, who: ReaderHere) -> list[Listed]:
    """Return the referrals the reader may see, newest first."""
    found = parts.referrals.list(reader_of(request, who))
    return [Listed.model_validate(one, from_attributes=True) for one in found]


@router.get("/{number}")
def whole(number: str, request: Request, parts: TheParts, who: ReaderHere) -> Whole:
    """Return one referral; the reading is traced."""
    view = parts.referrals.read(number, reader_of(request, who))
    fields = {name: getattr(view.content, name) for name in NewReferral.__dataclass_fields__}
    events = [Step.model_validate(event, from_attributes=True) for event in view.events]
    return Whole(
        number=view.number,
        status=view.status,
        created_at=view.created_at,
        changed_at=view.changed_at,
        fields=fields,
        events=events,
    )
