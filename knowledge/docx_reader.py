"""DOCX -> blocks; the archive around it is weighed before anything is unpacked."""

import io
import re
import struct
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from knowledge.lines import BULLET
from knowledge.source_text import HEADING, ITEM, PARAGRAPH, Block, SourceText, UnreadableFile

# A 20 MB document with photographs inflates to little more than itself.
MOST_INFLATED_BYTES = 100 * 1024 * 1024
# The XML parser needs some twenty times the size of a part: this much must fit in the memory limit.
MOST_XML_BYTES = 25 * 1024 * 1024
MOST_ENTRIES = 4000
CHUNK_BYTES = 256 * 1024
LOCAL_HEADER = struct.Struct("<4s22xHH")
CELL = " | "

_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)
_ENCRYPTED_FLAG = 0x1


def read_docx(content: bytes) -> SourceText:
    """Return the text of a Word file; its heading styles become headings.

    Raises:
        UnreadableFile: As `weigh` does.
        Exception: The file is damaged: python-docx fails with whatever the damage causes.
    """
    weigh(content)
    word = Document(io.BytesIO(content))
    title = str(word.core_properties.title or "").strip()
    return SourceText(tuple(_blocks(word)), title)


def weigh(content: bytes) -> None:
    """Refuse an archive that is larger inside than it says, by counting its bytes ourselves.

    Python 3.11's zipfile believes the sizes in the directory and reads entries that overlap: in a
    trial 113 KB became 4 GB.

    Raises:
        UnreadableFile: Too much inside (`too_large`), overlapping entries (`unreadable`), or a
            password (`encrypted`).
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise UnreadableFile("too_large")
        if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
            raise UnreadableFile("encrypted")
        _refuse_overlaps(content, entries)
        left = MOST_INFLATED_BYTES
        for entry in entries:
            allowed = MOST_XML_BYTES if entry.filename.endswith((".xml", ".rels")) else left
            left -= _count_bytes(archive, entry, min(allowed, left))


def _refuse_overlaps(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    end_before = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end_before:
            raise UnreadableFile("unreadable")
        _, name_bytes, extra_bytes = LOCAL_HEADER.unpack_from(content, entry.header_offset)
        start = entry.header_offset + LOCAL_HEADER.size + name_bytes + extra_bytes
        end_before = start + entry.compress_size


def _count_bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, allowed: int) -> int:
    counted = 0
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK_BYTES):
            counted += len(chunk)
            if counted > allowed:
                raise UnreadableFile("too_large")
    return counted


def _blocks(word: Word) -> Iterator[Block]:
    for part in word.iter_inner_content():
        if isinstance(part, Table):
            yield from _table_blocks(part)
        else:
            yield from _paragraph_blocks(part)


def _paragraph_blocks(paragraph: Paragraph) -> Iterator[Block]:
    text = " ".join(paragraph.text.split())
    if not text:
        return
    level = _heading_level(paragraph)
    if level:
        yield Block(HEADING, text, level)
    elif _is_item(paragraph):
        yield Block(ITEM, BULLET + text)
    else:
        yield Block(PARAGRAPH, text)


def _heading_level(paragraph: Paragraph) -> int:
    name = _style_name(paragraph)
    if name.casefold() == "title":
        return 1
    found = _HEADING_STYLE.match(name)
    return int(found[1]) if found else 0


def _is_item(paragraph: Paragraph) -> bool:
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.find(qn("w:numPr")) is not None
    return numbered or _style_name(paragraph).casefold().startswith("list ")


def _style_name(paragraph: Paragraph) -> str:
    style = paragraph.style
    return str(style.name or "") if style is not None else ""


def _table_blocks(table: Table) -> Iterator[Block]:
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            text = " ".join(cell.text.split())
            # A merged cell is handed out once for every column it spans.
            if text and text not in cells[-1:]:
                cells.append(text)
        if cells:
            yield Block(PARAGRAPH, CELL.join(cells))
