"""Blocks of a file -> passages that make sense alone, each with its heading trail and page."""

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest
from operator import itemgetter

from knowledge.sentences import spans
from knowledge.source_text import HEADING, ITEM, PARAGRAPH, Block, SourceText

# Words in a passage. Up to the first number a section stays whole; longer ones are divided evenly.
MOST_WORDS = 140
# A passage below this is joined to its neighbour of the same section, where it has one.
FEWEST_WORDS = 40
# Words of an unbroken table or code can be of any length; characters bound them.
MOST_CHARACTERS = 1400
# A heading over nothing is left out; so many of them in a row are no headings.
IDLE_HEADINGS = 3
TRAIL = " › "
LONGEST_TITLE = 300


@dataclass(frozen=True)
class Passage:
    """A piece of a document in its own words; `section` is its heading trail, from the top."""

    section: str
    page: int | None
    text: str


@dataclass(frozen=True)
class _Unit:
    """A sentence or a list item: never divided."""

    text: str
    page: int | None
    starts_line: bool

    @property
    def words(self) -> int:
        # A string without blanks counts by its length, as if its words were joined.
        by_length = (len(self.text) + 1) * MOST_WORDS / MOST_CHARACTERS
        return max(len(self.text.split()), math.ceil(by_length))


def title_of(source: SourceText) -> str:
    """Return the title that a file carries: its first heading, else the one in its properties."""
    headings = (block.text for block in source.blocks if block.kind == HEADING)
    return clean(next(headings, "") or source.title)[:LONGEST_TITLE]


def divide(source: SourceText, title: str) -> list[Passage]:
    """Return the passages of a file in reading order.

    A passage never crosses a heading. Its text is the file's own: blocks joined by line ends,
    sentences by blanks.

    Args:
        source: What a reader made of the file.
        title: Title of the document; a heading that only repeats it is left out of the trails.
    """
    return [
        passage
        for section, blocks in _sections(source.blocks, title)
        for passage in _divide_section(section, blocks)
    ]


def clean(text: str) -> str:
    """Return `text` composed (NFC), with single blanks, without control and direction marks.

    Unlike a question, a stored text keeps its typography: it is quoted as its author wrote it.
    """
    kept = "".join(
        letter for letter in text if letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _sections(blocks: tuple[Block, ...], title: str) -> Iterator[tuple[str, list[Block]]]:
    trail: dict[int, str] = {}
    held: list[Block] = []
    clear = [replace(block, text=clean(block.text)) for block in blocks]
    for block in _with_lists_as_text(clear):
        if block.kind != HEADING:
            held.append(block)
            continue
        if held:
            yield _join_trail(trail, title), held
            held = []
        trail = {level: text for level, text in trail.items() if level < block.level}
        trail[block.level] = block.text[:LONGEST_TITLE]
    if held:
        yield _join_trail(trail, title), held


def _with_lists_as_text(blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks, among them a list whose lines are set as headings as what it is."""
    idle = [
        block.kind == HEADING
        and (following is None or (following.kind == HEADING and following.level <= block.level))
        for block, following in zip_longest(blocks, blocks[1:])
    ]
    for is_idle, run in groupby(zip(idle, blocks, strict=True), key=itemgetter(0)):
        some = [block for _, block in run]
        is_list = is_idle and len(some) >= IDLE_HEADINGS
        yield from (replace(block, kind=PARAGRAPH) for block in some) if is_list else some


def _join_trail(trail: dict[int, str], title: str) -> str:
    return TRAIL.join(text for text in trail.values() if text and text != title)


def _divide_section(section: str, blocks: list[Block]) -> list[Passage]:
    units = [unit for block in blocks for unit in _units(block)]
    total = sum(unit.words for unit in units)
    parts = -(-total // MOST_WORDS)
    passages: list[Passage] = []
    for group in _groups(units, total / max(parts, 1)):
        text = "".join(
            ("\n" if unit.starts_line else " ") * bool(place) + unit.text
            for place, unit in enumerate(group)
        )
        passages.append(Passage(section, group[0].page, text))
    return passages


def _units(block: Block) -> Iterator[_Unit]:
    if block.kind == ITEM and len(block.text) <= MOST_CHARACTERS // 2:
        yield _Unit(block.text, block.page, starts_line=True)
        return
    for place, (start, end) in enumerate(spans(block.text)):
        yield _Unit(block.text[start:end], block.page, starts_line=place == 0)


def _groups(units: list[_Unit], target: float) -> Iterator[list[_Unit]]:
    """Yield runs of units of about `target` words, none above the limit unless a unit is."""
    group: list[_Unit] = []
    words = 0
    left = sum(unit.words for unit in units)
    for unit in units:
        # A paragraph's end is the better place, so it is taken a little early.
        enough = target * (0.8 if unit.starts_line else 1.0)
        full = words >= enough or words + unit.words > MOST_WORDS
        # A page's end is the best place: citations name the page that a passage begins on.
        full = full or (words >= FEWEST_WORDS and unit.page != group[-1].page)
        # A tail too short to stand alone stays; a lead-in ("Do this:") goes with what it leads to.
        if group and full and left >= FEWEST_WORDS and not _leads_in(group[-1]):
            yield group
            group, words = [], 0
        group.append(unit)
        words += unit.words
        left -= unit.words
    if group:
        yield group


def _leads_in(unit: _Unit) -> bool:
    return unit.text.endswith(":")
