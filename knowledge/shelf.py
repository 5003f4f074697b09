"""What is read back from the tables: lists for people, passages for the index."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from knowledge.documents import Document, State, StoredPassage, Version
from knowledge.frontmatter import FLAG
from knowledge.index import IndexedPassage
from knowledge.indexing import texts_to_encode
from knowledge.review import DocumentNotFound, find_document, newest_in

# Versions that answer or may yet answer: their vectors are worth keeping.
LIVING = (State.WAITING, State.APPROVED, State.WITHDRAWN)
# Versions whose passages are read together: databases limit how many a query may name.
READ_AT_ONCE = 500


@dataclass(frozen=True)
class DocumentSummary:
    """One version of a document as the library lists it; `passages` is their number.

    `too_early` and `out_of_date` tell how its validity stands today.
    """

    document: str
    family: str
    title: str
    kind: str
    language: str
    audience: tuple[str, ...]
    version: int
    state: str
    added_by: str
    added_at: datetime
    passages: int
    review: str
    valid_from: date | None
    valid_until: date | None
    too_early: bool
    out_of_date: bool
    when_out_of_date: str
    script: str
    file_name: str
    sources: tuple[str, ...]
    language_review: str
    pages_without_text: tuple[int, ...]


@dataclass(frozen=True)
class PassageView:
    """A passage as the chat would quote it."""

    section: str
    page: int | None
    text: str


@dataclass(frozen=True)
class HistoryEntry:
    """One step of a version: who brought it to which state, when and why."""

    version: int
    state: str
    by: str
    at: datetime
    reason: str


def summaries(session: Session, today: date) -> list[DocumentSummary]:
    """Return what the library holds, by document, older versions first.

    A document is listed with the version that answers, or was withdrawn last, and the one that
    waits; one that has neither, with its newest.
    """
    counted = session.execute(
        select(StoredPassage.version_id, func.count()).group_by(StoredPassage.version_id)
    )
    counts = dict(counted.all())
    documents = session.scalars(
        select(Document).options(selectinload(Document.versions)).order_by(Document.id)
    )
    return [
        _summary(document, version, counts.get(version.id, 0), today)
        for document in documents
        for version in _listed(document)
    ]


def passages_of(session: Session, name: str, number: int | None) -> list[PassageView]:
    """Return the passages of a version in reading order.

    Args:
        session: An open session.
        name: The document.
        number: The version; None takes the one that answers, else the newest.

    Raises:
        DocumentNotFound: No such document or version.
    """
    document = find_document(session, name)
    if number is None:
        version = newest_in(document, State.APPROVED) or document.versions[-1]
    else:
        numbered = [version for version in document.versions if version.number == number]
        if not numbered:
            raise DocumentNotFound
        version = numbered[0]
    return [PassageView(p.section, p.page, p.text) for p in version.passages]


def history_of(session: Session, name: str) -> list[HistoryEntry]:
    """Return every step of every version of a document, the oldest first.

    Raises:
        DocumentNotFound: There is no such document.
    """
    steps = [
        (event.id, HistoryEntry(version.number, event.state, event.by, event.at, event.reason))
        for version in find_document(session, name).versions
        for event in version.events
    ]
    return [entry for _, entry in sorted(steps, key=lambda step: step[0])]


def answering(
    session: Session, today: date, known: Iterable[IndexedPassage] = ()
) -> list[IndexedPassage]:
    """Return the passages of all approved versions that answer on `today`, in a fixed order.

    What is out of date stands last, and so behind what is equally near to a question.

    Args:
        session: An open session.
        today: The day.
        known: Passages read before; what a version says never changes, so they are not read again.
    """
    by_version: dict[tuple[str, int, bool], list[IndexedPassage]] = {}
    for passage in known:
        name = passage.document, passage.version, passage.out_of_date
        by_version.setdefault(name, []).append(passage)
    found = session.execute(
        select(Version.id, Version.document_id, Version.number, Version.valid_until)
        .where(
            Version.state == State.APPROVED,
            or_(Version.valid_from.is_(None), Version.valid_from <= today),
            or_(
                Version.valid_until.is_(None),
                Version.valid_until >= today,
                Version.when_out_of_date == FLAG,
            ),
        )
        .order_by(Version.document_id)
    )
    versions = {
        id_: (document, number, _is_over(valid_until, today))
        for id_, document, number, valid_until in found
    }
    new = [id_ for id_, name in versions.items() if name not in by_version]
    for passage in _passages(session, new, today):
        name = passage.document, passage.version, passage.out_of_date
        by_version.setdefault(name, []).append(passage)
    named = sorted(versions.values(), key=lambda name: name[-1])
    return [passage for name in named for passage in by_version.get(name, ())]


def living_texts(session: Session) -> list[list[str]]:
    """Return what may need vectors: each passage with its sentences, also waiting or withdrawn."""
    found = session.execute(
        select(Version.title, StoredPassage.section, StoredPassage.text, Version.language)
        .join(Version, StoredPassage.version_id == Version.id)
        .where(Version.state.in_(LIVING))
        .order_by(StoredPassage.id)
    )
    return [texts_to_encode(*row) for row in found]


def _passages(session: Session, versions: Sequence[int], today: date) -> Iterator[IndexedPassage]:
    """Yield the passages of versions, each version's in reading order."""
    for start in range(0, len(versions), READ_AT_ONCE):
        found = session.execute(
            select(StoredPassage, Version, Document.family)
            .join(Version, StoredPassage.version_id == Version.id)
            .join(Document, Version.document_id == Document.id)
            .where(Version.id.in_(versions[start : start + READ_AT_ONCE]))
            .order_by(StoredPassage.place)
        )
        for passage, version, family in found:
            yield _indexed(passage, version, family, today)


def _listed(document: Document) -> list[Version]:
    stands = newest_in(document, State.APPROVED) or newest_in(document, State.WITHDRAWN)
    waits = newest_in(document, State.WAITING)
    listed = [version for version in (stands, waits) if version is not None]
    return sorted(listed, key=lambda version: version.number) or document.versions[-1:]


def _is_over(valid_until: date | None, today: date) -> bool:
    return valid_until is not None and valid_until < today


def _summary(document: Document, version: Version, passages: int, today: date) -> DocumentSummary:
    return DocumentSummary(
        document=document.id,
        family=document.family,
        title=version.title,
        kind=version.kind,
        language=version.language,
        audience=tuple(version.audience),
        version=version.number,
        state=version.state,
        added_by=version.added_by,
        added_at=version.added_at,
        passages=passages,
        review=version.review,
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        too_early=version.valid_from is not None and version.valid_from > today,
        out_of_date=_is_over(version.valid_until, today),
        when_out_of_date=version.when_out_of_date,
        script=version.script,
        file_name=version.file_name,
        sources=tuple(version.sources),
        language_review=version.language_review,
        pages_without_text=tuple(version.pages_without_text),
    )


def _indexed(passage: StoredPassage, version: Version, family: str, today: date) -> IndexedPassage:
    return IndexedPassage(
        id=passage.id,
        document=version.document_id,
        family=family,
        title=version.title,
        section=passage.section,
        page=passage.page,
        place=passage.place + 1,
        version=version.number,
        language=version.language,
        script=version.script,
        kind=version.kind,
        audience=tuple(version.audience),
        review=version.review,
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        out_of_date=_is_over(version.valid_until, today),
        text=passage.text,
    )
