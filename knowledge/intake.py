"""An uploaded file -> a draft with all its facts and passages, and its rows as a new version."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import PurePath

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from knowledge import frontmatter
from knowledge.documents import Document, State, StoredPassage, Version, VersionEvent
from knowledge.frontmatter import HIDE, FrontMatter
from knowledge.indexing import texts_to_encode
from knowledge.language import CYRILLIC, LATIN, UnknownLanguage, detect, fold, join, split
from knowledge.passages import Passage, clean, divide, title_of
from knowledge.sentences import spans
from knowledge.source_text import SourceText, UnreadableFile

# Enough text to tell a language by; more would not change the answer.
SAMPLE_CHARACTERS = 4000
# A document in two languages is asked about: which one it is found in is for a person to say.
MOST_SENTENCES = 0.75
LONGEST_SLUG = 80
# /library/try and these others are pages, which would hide documents of their names.
PAGES = frozenset({"try", "upload", "terms"})

_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Upload:
    """A file as someone hands it in, with what they say about it; what they leave out is found.

    Attributes:
        name: File name, of which the extension counts.
        content: The bytes.
        title: Title; else from the front matter, the first heading, the file name.
        language: sq, sr, sr-Latn, sr-Cyrl or en; else from the front matter, or the text.
        audience: Roles it is meant for; else from the front matter.
        kind: strategy, protocol, training or institution; else from the front matter.
        when_out_of_date: hide or flag; else from the front matter, the version before, or hide.
    """

    name: str
    content: bytes
    title: str | None = None
    language: str | None = None
    audience: tuple[str, ...] = ()
    kind: str | None = None
    when_out_of_date: str | None = None


@dataclass(frozen=True)
class Added:
    """What became of an upload: its document, version, state, and number of passages.

    `pages_without_text` numbers the pages of which nothing could be read.
    """

    document: str
    version: int
    state: str
    passages: int
    pages_without_text: tuple[int, ...]

    @classmethod
    def of(cls, version: Version) -> "Added":
        """Return what became of the upload that was stored as `version`."""
        return cls(
            version.document_id,
            version.number,
            version.state,
            len(version.passages),
            tuple(version.pages_without_text),
        )


@dataclass(frozen=True)
class Draft:
    """A document that is read and divided but not stored yet."""

    facts: FrontMatter
    language: str
    script: str
    passages: tuple[Passage, ...]
    file_name: str
    content_sha256: str
    pages_without_text: tuple[int, ...]

    def texts(self) -> list[list[str]]:
        """Return what must be encoded before the document can answer: passages with sentences."""
        title, language = self.facts.title, self.language
        return [texts_to_encode(title, p.section, p.text, language) for p in self.passages]


def draft_of(upload: Upload, source: SourceText) -> Draft:
    """Return the draft of an upload whose file was read as `source`.

    Raises:
        UnknownLanguage: The language given is none of ours, or none was given and the text does
            not tell.
        UnreadableFile: The front matter is broken (`unreadable`), or there are only headings
            (`no_text`).
    """
    said = frontmatter.read(source.front)
    file_name = clean(PurePath(upload.name).name)
    title = clean(upload.title or "") or clean(said.title) or title_of(source)
    title = title or PurePath(file_name).stem or file_name
    passages = tuple(divide(source, title))
    if not passages:
        raise UnreadableFile("no_text")
    code = (upload.language or said.language).strip()
    language, script = _language_of(code, passages)
    facts = FrontMatter(
        id=said.id,
        title=title,
        kind=clean(upload.kind or said.kind)[:40],
        audience=tuple(upload.audience) or said.audience,
        language=code or join(language, script),
        sources=said.sources,
        review=said.review,
        language_review=said.language_review,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        when_out_of_date=upload.when_out_of_date or said.when_out_of_date,
    )
    digest = hashlib.sha256(upload.content).hexdigest()
    return Draft(facts, language, script, passages, file_name, digest, source.pages_without_text)


def store(session: Session, draft: Draft, *, by: str, at: datetime) -> Version:
    """Store a draft as the next version of its document, waiting for approval; return it.

    A version that was still waiting is superseded: only the newest can be approved.
    """
    document = _document_for(session, draft)
    for older in document.versions:
        if older.state == State.WAITING:
            older.move(State.SUPERSEDED, by=by, at=at)
    facts = draft.facts
    before = document.versions[-1].when_out_of_date if document.versions else HIDE
    version = Version(
        number=max((older.number for older in document.versions), default=0) + 1,
        state=State.WAITING,
        title=facts.title,
        kind=facts.kind,
        language=draft.language,
        script=draft.script,
        audience=list(facts.audience),
        sources=list(facts.sources),
        review=facts.review,
        language_review=facts.language_review,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        when_out_of_date=facts.when_out_of_date or before,
        file_name=draft.file_name,
        content_sha256=draft.content_sha256,
        pages_without_text=list(draft.pages_without_text),
        added_by=by,
        added_at=at,
        passages=[
            StoredPassage(
                place=place, section=passage.section, page=passage.page, text=passage.text
            )
            for place, passage in enumerate(draft.passages)
        ],
        events=[VersionEvent(state=State.WAITING, by=by, at=at)],
    )
    document.versions.append(version)
    session.flush()
    return version


def slug(title: str) -> str:
    """Return a title as lower-case words joined by hyphens, in plain letters."""
    return _NOT_SLUG.sub("-", fold(title))[:LONGEST_SLUG].strip("-") or "document"


def _language_of(code: str, passages: tuple[Passage, ...]) -> tuple[str, str]:
    sample = "\n".join(passage.text for passage in passages)[:SAMPLE_CHARACTERS]
    if code == "sr" or code.startswith("sr-"):
        # Whatever was said, the letters decide: on the script hangs what is transliterated.
        language = split(code)[0] if code != "sr" else code
        return language, _script_of(sample)
    if code:
        return split(code)
    detected = detect(sample)
    # A guess is not enough: under a wrong language nobody would find the document.
    found = detected.language
    if found is None or not detected.certain or _share_of(found, sample) < MOST_SENTENCES:
        raise UnknownLanguage
    return found, detected.script


def _share_of(language: str, text: str) -> float:
    """Return which share of the sentences that tell their language are in `language`."""
    told = [detect(text[start:end]) for start, end in spans(text)]
    certain = [one.language for one in told if one.certain]
    return certain.count(language) / len(certain) if certain else 1.0


def _script_of(text: str) -> str:
    letters = [letter for letter in text if letter.isalpha()]
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
    return CYRILLIC if cyrillic * 2 > len(letters) else LATIN


def _document_for(session: Session, draft: Draft) -> Document:
    if draft.facts.id:
        name = f"{draft.facts.id}.{draft.facts.language}"
        known = session.get(Document, name)
        if known is not None:
            return known
        return _new_document(session, name, draft.facts.id)
    for name in _names(slug(draft.facts.title)):
        known = session.get(Document, name)
        if known is not None and _is_same_text(known, draft):
            return known
        taken = select(func.count()).where(or_(Document.id == name, Document.family == name))
        if known is None and not session.scalar(taken):
            return _new_document(session, name, name)
    raise AssertionError  # `_names` never ends


def _names(wish: str) -> Iterator[str]:
    if wish not in PAGES:
        yield wish
    for number in count(2):
        yield f"{wish}-{number}"


def _new_document(session: Session, name: str, family: str) -> Document:
    document = Document(id=name, family=family, versions=[])
    session.add(document)
    return document


def _is_same_text(document: Document, draft: Draft) -> bool:
    newest = document.versions[-1]
    spoken = (newest.language, newest.script) == (draft.language, draft.script)
    return spoken and newest.title == draft.facts.title
