"""The page where people change what is theirs: language and password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.people.people import SHORTEST_PASSWORD, PersonView, WeakPassword, WrongPassword
from assistant.people.sign_in import digest
from assistant.web.depends import TheParts, ThisVisitor, render, signed_in
from assistant.web.errors import PasswordsDiffer, answer_to

router = APIRouter(include_in_schema=False)


@router.get("/settings")
def page(
    request: Request, _who: Annotated[PersonView, Depends(signed_in)], saved: str = ""
) -> HTMLResponse:
    """Show the settings; `saved` says what was just changed."""
    return _page(request, saved=saved == "password")


@router.post("/settings/password", response_model=None)
def change_password(  # noqa: PLR0913, PLR0917 (the fields of the form)
    request: Request,
    parts: TheParts,
    seen: ThisVisitor,
    who: Annotated[PersonView, Depends(signed_in)],
    present: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Change the password; sign-ins elsewhere end, this one stays."""
    try:
        if new != again:
            raise PasswordsDiffer
        parts.people.change_password(who.id, present=present, new=new, keep=digest(seen.token))
    except (WrongPassword, WeakPassword, PasswordsDiffer) as refusal:
        return _page(request, refusal=refusal)
    return RedirectResponse("/settings?saved=password", 303)


def _page(
    request: Request, *, saved: bool = False, refusal: Exception | None = None
) -> HTMLResponse:
    answer = answer_to(refusal) if refusal else None
    return render(
        request,
        "settings.html",
        status=answer.status if answer else 200,
        saved=saved,
        refusal=answer.code if answer else "",
        shortest=SHORTEST_PASSWORD,
    )
