"""Who may bring a version to which state: approve, reject, withdraw, restore."""

from datetime import datetime

from sqlalchemy.orm import Session

from knowledge.documents import Document, State, Version

# These act for whoever runs the installation, not for a person of the library, and may approve
# what they added themselves: the starter documents, and the command line.
STARTER, OPERATOR = "starter", "operator"


class DocumentNotFound(Exception):
    """There is no such document, or no such version of it."""


class WrongState(Exception):
    """The document has no version in the state that this step starts from."""


class SamePersonApproves(Exception):
    """Whoever added a version may not approve it; ask a colleague."""


def find_document(session: Session, name: str) -> Document:
    """Return a document.

    Raises:
        DocumentNotFound: There is none of that name.
    """
    document = session.get(Document, name)
    if document is None:
        raise DocumentNotFound
    return document


def newest_in(document: Document, *states: State) -> Version | None:
    """Return the newest version of `document` in one of `states`, if any."""
    fitting = [version for version in document.versions if version.state in states]
    return fitting[-1] if fitting else None


def approve(document: Document, *, by: str, at: datetime, second_person: bool) -> Version:
    """Let the waiting version answer, in place of the one that did.

    Raises:
        WrongState: Nothing waits.
        SamePersonApproves: `by` added it, and a second person is asked for.
    """
    version = _demand(document, State.WAITING)
    if second_person and version.added_by == by and by not in {STARTER, OPERATOR}:
        raise SamePersonApproves
    for older in document.versions:
        if older.state == State.APPROVED:
            older.move(State.SUPERSEDED, by=by, at=at)
    version.move(State.APPROVED, by=by, at=at)
    return version


def reject(document: Document, *, by: str, at: datetime, reason: str) -> Version:
    """Send the waiting version back; what answered until now goes on answering.

    Raises:
        WrongState: Nothing waits.
    """
    version = _demand(document, State.WAITING)
    version.move(State.REJECTED, by=by, at=at, reason=reason)
    return version


def withdraw(document: Document, *, by: str, at: datetime, reason: str) -> Version:
    """Stop the approved version from answering.

    Raises:
        WrongState: None is approved.
    """
    version = _demand(document, State.APPROVED)
    version.move(State.WITHDRAWN, by=by, at=at, reason=reason)
    return version


def restore(document: Document, *, by: str, at: datetime) -> Version:
    """Let the version that was withdrawn last answer again.

    Raises:
        WrongState: None was withdrawn, or another version answers in its place.
    """
    version = _demand(document, State.WITHDRAWN)
    if newest_in(document, State.APPROVED) is not None:
        raise WrongState
    version.move(State.APPROVED, by=by, at=at)
    return version


def choose_when_out_of_date(document: Document, choice: str, *, number: int) -> Version:
    """Say what becomes of version `number` once its validity is over: `hide` or `flag`.

    Raises:
        DocumentNotFound: There is no such version.
    """
    for version in document.versions:
        if version.number == number:
            version.when_out_of_date = choice
            return version
    raise DocumentNotFound


def _demand(document: Document, state: State) -> Version:
    version = newest_in(document, state)
    if version is None:
        raise WrongState
    return version
