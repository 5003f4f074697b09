"""A file -> its blocks of plain text; decides what the file is and has a child process open it."""

import json
import re
import subprocess
import sys
from pathlib import Path, PurePath
from threading import BoundedSemaphore

from knowledge.reader_process import parse
from knowledge.source_text import Block, SourceText, UnreadableFile

__all__ = ["Block", "SourceText", "UnreadableFile", "read", "read_trusted"]

LIMIT_BYTES = 20 * 1024 * 1024
WALL_CLOCK_S = 60.0

EXTENSIONS = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "plain",
    "": "plain",
}

# Beginnings of files that are certainly not text: archives, pictures, programs, old Word, RTF.
BINARY_MARKS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x7fELF",
    b"MZ",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"{\\rtf",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"%!PS",
    b"SQLite format 3",
)
OLE_MARK = BINARY_MARKS[2]
# How Office names the inside of a file that has a password.
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
# A PDF may have some bytes of mail header or noise before its mark.
PDF_MARK_WITHIN = 1024

# A scan may carry a page number or a stamp as text, and still say nothing.
FEWEST_LETTERS = 20

_HTML_PAGE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
_TAG = re.compile(rb"<[a-zA-Z][^<>]*>")
_ROOT = Path(__file__).resolve().parent.parent
# Each child may take 1.5 GB, so that of many uploads at once most must wait.
_CHILDREN = BoundedSemaphore(2)


def read(name: str, content: bytes, *, limit_bytes: int = LIMIT_BYTES) -> SourceText:
    """Return the text of an uploaded file.

    The bytes decide what the file is; a name that says otherwise is refused, because whoever sent
    it is mistaken about what is in it.

    Args:
        name: The file's name, for its extension only.
        content: The file's bytes.
        limit_bytes: The most bytes to accept.

    Raises:
        UnreadableFile: The file cannot become a document; its `code` says why.
    """
    kind = _check(name, content, limit_bytes)
    return _with_text(kind, _parse_in_child(kind, content))


def read_trusted(name: str, content: bytes) -> SourceText:
    """Return the text of a file that is part of the product, without a child process.

    Raises:
        UnreadableFile: As `read` does.
    """
    kind = _check(name, content, LIMIT_BYTES)
    return _with_text(kind, parse(kind, content))


def _check(name: str, content: bytes, limit_bytes: int) -> str:
    if not content.strip():
        raise UnreadableFile("empty")
    if len(content) > limit_bytes:
        raise UnreadableFile("too_large")
    said = EXTENSIONS.get(PurePath(name).suffix.lower(), "")
    if said == "docx" and content.startswith(OLE_MARK) and ENCRYPTED_OFFICE in content:
        raise UnreadableFile("encrypted")
    found = _kind_of(content)
    # Markdown, plain text and a piece of HTML look alike; there the name may choose.
    fits = said == found or (found == "plain" and _is_text_kind(said, content))
    if not said or not fits:
        raise UnreadableFile("wrong_type")
    return said


def _kind_of(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04") and b"word/" in content:
        return "docx"
    if content.startswith(BINARY_MARKS):
        return "binary"
    if b"%PDF-" in content[:PDF_MARK_WITHIN]:
        return "pdf"
    if _HTML_PAGE.match(content[:PDF_MARK_WITHIN]):
        return "html"
    return "plain"


def _is_text_kind(said: str, content: bytes) -> bool:
    return said == "markdown" or (said == "html" and _TAG.search(content) is not None)


def _parse_in_child(kind: str, content: bytes) -> SourceText:
    try:
        # The child's time is counted from its start, not while it waits for its turn.
        with _CHILDREN:
            child = subprocess.run(  # noqa: S603 - our own module, and one of five fixed words
                [sys.executable, "-m", "knowledge.reader_process", kind],
                input=content,
                capture_output=True,
                cwd=_ROOT,
                env={},
                timeout=WALL_CLOCK_S,
                check=False,
            )
        answer = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        # Out of time, or killed at a limit before it could say why.
        raise UnreadableFile("unreadable") from None
    if "code" in answer:
        raise UnreadableFile(answer["code"])
    return SourceText.from_plain(answer)


def _with_text(kind: str, source: SourceText) -> SourceText:
    letters = sum(letter.isalpha() for block in source.blocks for letter in block.text)
    if letters == 0 or (kind == "pdf" and letters < FEWEST_LETTERS):
        raise UnreadableFile("no_text")
    return source
