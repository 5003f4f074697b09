"""HTML, Markdown and plain text -> blocks."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.frontmatter import split
from knowledge.lines import BULLET, join_lines, looks_like_heading
from knowledge.source_text import HEADING, ITEM, PARAGRAPH, Block, SourceText

# What a reader of the page would not call its text.
SILENT = frozenset(
    str.split(
        "script style nav footer aside template noscript svg math select button iframe object "
        "canvas audio video textarea dialog"
    )
)
VOID = frozenset(str.split("area base br col embed hr img input link meta source track wbr"))
HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Everything else is inline: it does not end a paragraph.
BREAKS = frozenset(
    str.split(
        "address article blockquote body center dd details div dl dt fieldset figcaption figure "
        "form header hr html li main ol p pre section summary table tbody tfoot thead tr ul"
    )
) | frozenset(HEADINGS)
CELL = " | "
# Of a line in a plain text that stands alone; a title above all of them has 1.
HEADING_LEVEL = 2

_UNDERLINE = re.compile(r"(=+|-+)\s*")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def read_html(text: str) -> SourceText:
    """Return the visible text of an HTML page, without scripts, styles and navigation."""
    page = _Page()
    page.feed(text)
    page.close()
    page.end_block()
    return SourceText(tuple(page.blocks), " ".join("".join(page.title).split()))


def read_markdown(text: str) -> SourceText:
    """Return the text of a Markdown file; its front matter, if any, apart.

    Raises:
        UnreadableFile: The front matter is not valid YAML (`unreadable`).
    """
    front, body = split(text)
    walk = _MarkdownWalk()
    for token in MarkdownIt("commonmark").enable("table").parse(body):
        walk.take(token)
    return SourceText(tuple(walk.blocks), front=front)


def read_plain(text: str) -> SourceText:
    """Return the paragraphs of a plain text file, with short lines that stand alone as headings.

    Raises:
        UnreadableFile: It has front matter that is not valid YAML (`unreadable`).
    """
    front, body = split(text)
    groups = [group for group in _BLANK_LINE.split(body) if group.strip()]
    # After the last one comes nothing to stand above: a signature, a date.
    lone = [*map(_is_heading, groups), True]
    blocks: list[Block] = []
    for place, group in enumerate(groups):
        level = HEADING_LEVEL if lone[place] and not lone[place + 1] else 0
        # Lines that stand alone one after another are a list; above it may stand its title.
        if lone[place] and place == 0 and len(groups) > 1:
            level = 1
        blocks.extend([Block(HEADING, group.strip(), level)] if level else _plain_blocks(group))
    return SourceText(tuple(blocks), front=front)


def _is_heading(group: str) -> bool:
    return "\n" not in group.strip() and looks_like_heading(group.strip())


def _plain_blocks(group: str) -> list[Block]:
    lines = [line.strip() for line in group.splitlines() if line.strip()]
    if len(lines) > 1 and _UNDERLINE.fullmatch(lines[1]):
        heading = Block(HEADING, lines[0], 1 if lines[1].startswith("=") else 2)
        return [heading, *join_lines(lines[2:])]
    return join_lines(lines)


class _Page(HTMLParser):
    """Collects blocks while the parser walks over a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.title: list[str] = []
        self._silent: list[str] = []
        self._parts: list[str] = []
        self._kind, self._level = PARAGRAPH, 0
        self._counts: list[int] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID and (self._silent or tag in SILENT or _is_hidden(attrs)):
            self._silent.append(tag)
        if self._silent:
            return
        if tag == "title":
            self._in_title = True
        elif tag in {"td", "th"} and self._parts:
            self._parts.append(CELL)
        elif tag == "br":
            self._parts.append(" ")
        elif tag in BREAKS:
            self._start_block(tag)

    def _start_block(self, tag: str) -> None:
        # A paragraph inside a list item, as editors write it, is the item.
        inside_item = tag == "p" and self._kind == ITEM and not "".join(self._parts[1:]).strip()
        if inside_item:
            return
        self.end_block()
        self._level = HEADINGS.get(tag, 0)
        self._kind = HEADING if self._level else PARAGRAPH
        if tag in {"ol", "ul"}:
            self._counts.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._kind = ITEM
            self._parts.append(self._next_mark())

    def _next_mark(self) -> str:
        if not self._counts or self._counts[-1] < 0:
            return BULLET
        self._counts[-1] += 1
        return f"{self._counts[-1]}. "

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            # Unclosed tags inside a silent part end with it.
            if tag in self._silent:
                while self._silent.pop() != tag:
                    pass
            return
        if tag == "title":
            self._in_title = False
        elif tag in BREAKS:
            self.end_block()
            self._kind, self._level = PARAGRAPH, 0
            if tag in {"ol", "ul"} and self._counts:
                self._counts.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            (self.title if self._in_title else self._parts).append(data)

    def end_block(self) -> None:
        """Close the block that is open, if it has any words."""
        # The first part of an item is its mark, which alone is no text.
        words = "".join(self._parts[1:] if self._kind == ITEM else self._parts)
        if words.strip(CELL + "\n\t"):
            text = " ".join("".join(self._parts).split()).strip(CELL)
            self.blocks.append(Block(self._kind, text, self._level))
        self._parts.clear()


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    return any(
        name == "hidden" or (name, value) == ("aria-hidden", "true") for name, value in attrs
    )


class _MarkdownWalk:
    """Collects blocks while it is handed the tokens of a Markdown text, one by one."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._level = 0
        self._mark: str | None = None
        self._depth = 0
        self._row: list[str] | None = None

    def take(self, token: Token) -> None:
        """Take in the next token."""
        if token.type == "inline":
            self._take_text(_inline_text(token))
        elif token.type in {"fence", "code_block"}:
            self._add(PARAGRAPH, " ".join(token.content.split()))
        elif token.type == "html_block":
            self.blocks.extend(read_html(token.content).blocks)
        else:
            self._take_mark(token)

    def _take_mark(self, token: Token) -> None:
        if token.type == "heading_open":
            self._level = int(token.tag[1:])
        elif token.type == "list_item_open":
            self._mark = f"{token.info}{token.markup} " if token.info else BULLET
            self._depth += 1
        elif token.type == "list_item_close":
            self._depth -= 1
        elif token.type == "tr_open":
            self._row = []
        elif token.type == "tr_close":
            self._add(PARAGRAPH, CELL.join(self._row or []))
            self._row = None

    def _take_text(self, text: str) -> None:
        if self._row is not None:
            self._row.append(text)
        elif self._level:
            self._add(HEADING, text, self._level)
        elif self._depth:
            self._add(ITEM, (self._mark or "") + text)
        else:
            self._add(PARAGRAPH, text)
        self._level, self._mark = 0, None

    def _add(self, kind: str, text: str, level: int = 0) -> None:
        if text.strip(CELL + BULLET):
            self.blocks.append(Block(kind, text, level))


def _inline_text(token: Token) -> str:
    words = ""
    for child in token.children or []:
        if child.type in {"text", "code_inline", "image"}:
            words += child.content
        elif child.type in {"softbreak", "hardbreak"}:
            words += " "
    return " ".join(words.split())
