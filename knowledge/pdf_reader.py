"""PDF -> blocks with their page numbers; headings are guessed, and only from larger type."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject, PdfReader

from knowledge.lines import is_item, join_lines, looks_like_heading
from knowledge.source_text import HEADING, Block, SourceText, UnreadableFile

# A heading is set at least this much larger than the text. Smaller steps also mark captions.
HEADING_GROWTH = 1.15
# A line that ends this far before the longest one ends its paragraph.
SHORT_LINE = 0.75
# So many lines at the top and at the bottom of a page may be a running header or footer.
MARGIN_LINES = 2
# A margin line that returns on so many pages is not part of the text.
FEWEST_REPEATS = 3
MOST_PAGES = 3000

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:\w{1,9}\.?\s)?\d{1,4}(?:\s*(?:/|of|nga|od|од)\s*\d{1,4})?[-–—|\s]*"
)
_BROKEN_WORD = re.compile(r"[^\W\d_]-$")


@dataclass(frozen=True)
class _Line:
    text: str
    size: float
    page: int


def read_pdf(content: bytes) -> SourceText:
    """Return the text of a PDF file page by page, without running headers and footers.

    Raises:
        UnreadableFile: It needs a password (`encrypted`), has no pages (`empty`), too many of them
            (`too_large`).
        Exception: The file is damaged: pypdf fails with whatever the damage causes.
    """
    reader = _open(content)
    pages = [_lines(page, number) for number, page in enumerate(reader.pages, start=1)]
    if not pages:
        raise UnreadableFile("empty")
    kept = list(_without_margins(pages))
    lines = [line for page in kept for line in page]
    silent = tuple(number for number, page in enumerate(kept, start=1) if not _says_something(page))
    return SourceText(tuple(_blocks(_join_broken_words(lines))), pages_without_text=silent)


def _open(content: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(content))
    # Many official files forbid printing but open with an empty password: those may be read.
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableFile("encrypted")
    if len(reader.pages) > MOST_PAGES:
        raise UnreadableFile("too_large")
    return reader


def _lines(page: PageObject, number: int) -> list[_Line]:
    """Return the lines of a page, each with the size in which most of it is set."""
    text: list[str] = []
    sizes: list[float] = []

    def visit(piece: str, _cm: Any, tm: Any, _font: Any, size: float | None) -> None:
        text.append(piece)
        scale = abs(tm[3]) or abs(tm[1]) or 1.0
        sizes.extend([round((size or 0.0) * scale, 1)] * len(piece))

    page.extract_text(visitor_text=visit)
    lines: list[_Line] = []
    start = 0
    for raw in "".join(text).split("\n"):
        counted = Counter(
            size for letter, size in zip(raw, sizes[start:], strict=False) if not letter.isspace()
        )
        start += len(raw) + 1
        clean = " ".join(raw.replace("\u00ad", "").split())
        size = counted.most_common(1)[0][0] if counted else 0.0
        lines.append(_Line(clean, size, number))
    return lines


def _without_margins(pages: list[list[_Line]]) -> Iterator[list[_Line]]:
    """Yield the lines of each page without those that return at its edges, and page numbers."""
    seen = Counter(key for page in pages for key in {_shape(line) for line in _margin(page)})
    enough = max(FEWEST_REPEATS, len(pages) // 3)
    for page in pages:
        margin = {id(line) for line in _margin(page)}
        yield [
            line
            for line in page
            if id(line) not in margin
            or not (seen[_shape(line)] >= enough or _PAGE_NUMBER.fullmatch(line.text))
        ]


def _says_something(page: list[_Line]) -> bool:
    return any(letter.isalnum() for line in page for letter in line.text)


def _margin(page: list[_Line]) -> list[_Line]:
    written = [line for line in page if line.text]
    return written[:MARGIN_LINES] + written[MARGIN_LINES:][-MARGIN_LINES:]


def _shape(line: _Line) -> str:
    return _DIGITS.sub("#", line.text.casefold())


def _join_broken_words(lines: list[_Line]) -> list[_Line]:
    joined: list[_Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before and _BROKEN_WORD.search(before.text) and line.text[:1].islower():
            head, _, rest = line.text.partition(" ")
            joined[-1] = _Line(before.text[:-1] + head, before.size, before.page)
            if rest:
                joined.append(_Line(rest, line.size, line.page))
        else:
            joined.append(line)
    return joined


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    body = _body_size(lines)
    width = max((len(line.text) for line in lines), default=0)
    levels = _heading_levels(lines, body)
    paragraph: list[_Line] = []
    for line in lines:
        level = levels.get(line.size, 0) if looks_like_heading(line.text) else 0
        if paragraph and (level or not line.text or _ends_before(paragraph[-1], line, width)):
            yield from join_lines((part.text for part in paragraph), paragraph[0].page)
            paragraph = []
        if level:
            yield Block(HEADING, line.text, level, line.page)
        elif line.text:
            paragraph.append(line)
    if paragraph:
        yield from join_lines((part.text for part in paragraph), paragraph[0].page)


def _ends_before(last: _Line, line: _Line, width: int) -> bool:
    ends_sentence = last.text.endswith((".", "!", "?", ":", "”", "“", '"'))
    is_short = len(last.text) < SHORT_LINE * width
    # A sentence that ends with its page ends its paragraph, so that citations name the right page.
    return ends_sentence and (is_short or last.page != line.page) and not is_item(line.text)


def _body_size(lines: list[_Line]) -> float:
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def _heading_levels(lines: list[_Line], body: float) -> dict[float, int]:
    """Return the level of each size that is clearly larger than the text, the largest being 1."""
    larger = {line.size for line in lines if line.text and line.size >= body * HEADING_GROWTH}
    return {size: place for place, size in enumerate(sorted(larger, reverse=True), start=1)}
