"""The documents shipped with the product: which of them are new, and how they enter the library."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from knowledge.documents import Document, State, Version, move_counter
from knowledge.intake import Draft, Upload, draft_of, store
from knowledge.readers import read_trusted
from knowledge.review import STARTER, approve, newest_in

FOLDER = Path(__file__).with_name("starter")


def load(
    engine: Engine,
    encode: Callable[[Sequence[Sequence[str]]], None],
    *,
    at: datetime,
    folder: Path = FOLDER,
) -> int:
    """Add and approve what is new or changed in `folder`; return how many documents were added.

    Args:
        engine: The database.
        encode: Makes what the index needs of the texts, before they are stored.
        at: The moment of adding.
        folder: The folder of starter documents.
    """
    with Session(engine) as session:
        files = changed_files(session, folder)
    if not files:
        return 0
    drafts = [draft_of_file(path) for path in files]
    encode([group for draft in drafts for group in draft.texts()])
    with Session(engine) as session, session.begin():
        move_counter(session)
        return sum(store_starter(session, draft, at=at) for draft in drafts)


def changed_files(session: Session, folder: Path = FOLDER) -> list[Path]:
    """Return the starter files whose content is not what was loaded last, in a fixed order.

    Args:
        session: An open session.
        folder: Holds files named `<family>.<language>.md`, which is also the document, in folders.
    """
    files = sorted(folder.glob("*/*.md"))
    return [path for path in files if _loaded(session, path.stem) != _digest(path)]


def draft_of_file(path: Path) -> Draft:
    """Return the draft of a starter file.

    Raises:
        UnreadableFile: The file is not fit to ship.
        UnknownLanguage: It names no language that we know.
    """
    content = path.read_bytes()
    return draft_of(Upload(path.name, content), read_trusted(path.name, content))


def store_starter(session: Session, draft: Draft, *, at: datetime) -> bool:
    """Store a starter document and approve it; return False if another process just did.

    Where people replaced or withdrew the document, the new text only waits for their approval.
    """
    name = f"{draft.facts.id}.{draft.facts.language}"
    if _loaded(session, name) == draft.content_sha256:
        return False
    before = session.get(Document, name)
    ours = before is None or _answers_as_shipped(before)
    version = store(session, draft, by=STARTER, at=at)
    if ours:
        approve(version.document, by=STARTER, at=at, second_person=False)
    return True


def _answers_as_shipped(document: Document) -> bool:
    stands = newest_in(document, State.APPROVED)
    return stands is not None and stands.added_by == STARTER


def _loaded(session: Session, name: str) -> str:
    document = session.get(Document, name)
    ours: list[Version] = []
    if document is not None:
        ours = [version for version in document.versions if version.added_by == STARTER]
    return ours[-1].content_sha256 if ours else ""


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
