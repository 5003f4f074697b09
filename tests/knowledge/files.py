"""Makes small files of every kind that the library reads, and some that it must not."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from docx import Document
from pypdf import PdfReader, PdfWriter

GUIDE = """---
id: guide
title: "Bullying at school"
kind: protocol
audience: [teacher, social_worker]
language: en
sources:
  - "Working proposal"
review: starter
valid_from: 2026-11-01
---

## The same day
Stop the behaviour calmly and check that the child is safe. Talk with each pupil separately.

## Repeated bullying
The principal and the psychologist write a plan. Check every week whether it works.
"""

# Texts in languages that are none of ours.
FOREIGN = {
    "Turkish": "Okul müdürü, geri dönen çocukların kaydını belge istemeden yapar. Öğretmen her "
    "çocuğun ailesiyle konuşur ve durumu yazılı olarak bildirir.",
    "German": "Der Schulleiter nimmt zurückgekehrte Kinder ohne Unterlagen auf. Die Lehrerin "
    "spricht mit der Familie jedes Kindes und meldet den Fall schriftlich.",
    "Macedonian": "Директорот на училиштето ги запишува децата што се вратиле без да бара "
    "документи. Наставникот разговара со семејството на секое дете и ја известува службата.",
    "Bulgarian": "Директорът на училището записва завърналите се деца, без да иска документи. "
    "Учителят разговаря със семейството на всяко дете и писмено уведомява службата за това.",
}

Line = tuple[str, int]
# In place of the lines of a page: a picture of them.
SCAN = None
PICTURE = (
    b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
    b"/BitsPerComponent 8 /Length 1 >>\nstream\n\x80\nendstream"
)


def a_pdf(
    pages: Sequence[Sequence[Line] | None] = ((("Some words on a page of this file.", 11),),),
) -> bytes:
    """Return a PDF file; each page is lines of (text, size), top to bottom, or SCAN."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    for lines in pages:
        stream = _page_stream(lines)
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 "
            b"%d 0 R >> /XObject << /Picture %d 0 R >> >> /Contents %d 0 R >>"
            % (3 + 2 * len(pages), 4 + 2 * len(pages), len(objects) + 2)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    objects += [font, PICTURE]
    return _pdf_file(objects)


def an_encrypted_pdf(opens_with: str = "secret") -> bytes:
    """Return a PDF file that opens with one password only."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf())))
    writer.encrypt(user_password=opens_with, owner_password="owner", algorithm="AES-256")
    packed = io.BytesIO()
    writer.write(packed)
    return packed.getvalue()


def a_docx() -> bytes:
    """Return a Word file with headings, paragraphs, a list and a table."""
    word = Document()
    word.add_heading("Prishja e qetësisë", level=0)
    word.add_heading("Hapi i parë", level=1)
    word.add_paragraph("Bisedoni me nxënësin vetëm për vetëm dhe dëgjojeni deri në fund.")
    word.add_paragraph("Njoftoni drejtorin.", style="List Bullet")
    word.add_paragraph("Shkruani faktet.", style="List Bullet")
    table = word.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Afati"
    table.cell(0, 1).text = "24 orë"
    return packed_docx(word)


def packed_docx(word: Document) -> bytes:
    """Return the bytes of a Word file."""
    packed = io.BytesIO()
    word.save(packed)
    return packed.getvalue()


def a_docx_bomb(megabytes: int = 200) -> bytes:
    """Return a small Word file whose main part inflates to `megabytes`."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_docx())) as whole,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in whole.namelist():
            if name != "word/document.xml":
                bomb.writestr(name, whole.read(name))
        with bomb.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(b" " * 1024 * 1024)
    return packed.getvalue()


def an_overlapping_docx(copies: int = 50) -> bytes:
    """Return an archive whose directory lists one stored entry under many names."""
    content = zlib.compress(b"x" * 10_000)[2:-4]
    check = zlib.crc32(b"x" * 10_000)
    sizes = (0x14, 0, 8, 0, 0, check, len(content), 10_000)
    name = b"word/document.xml"
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", *sizes, len(name), 0) + name + content
    directory = b""
    for number in range(copies):
        entry = b"word/%06d.xml" % number
        head = struct.pack("<4sH", b"PK\x01\x02", 0x14)
        head += struct.pack("<HHHHHIIIHHHHHII", *sizes, len(entry), 0, 0, 0, 0, 0, 0)
        directory += head + entry
    end = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, copies, copies, len(directory), len(local), 0
    )
    return local + directory + end


def _page_stream(lines: Sequence[Line] | None) -> bytes:
    if lines is SCAN:
        return b"q 495 0 0 742 50 50 cm /Picture Do Q"
    parts = [b"BT"]
    height = 800
    for text, size in lines:
        shown = (
            text.encode("cp1252")
            .replace(b"\\", b"\\\\")
            .replace(b"(", b"\\(")
            .replace(b")", b"\\)")
        )
        parts.append(b"/F1 %d Tf 1 0 0 1 60 %d Tm (%s) Tj" % (size, height, shown))
        height -= size + 6
    return b"\n".join([*parts, b"ET"])


def _pdf_file(objects: Sequence[bytes]) -> bytes:
    content = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return content
