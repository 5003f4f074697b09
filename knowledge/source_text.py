"""What a reader hands on: the plain blocks of a file in reading order, or why there are none."""

from dataclasses import asdict, dataclass, field
from typing import Any

HEADING, PARAGRAPH, ITEM = "heading", "paragraph", "item"

REASONS = ("unreadable", "encrypted", "empty", "too_large", "wrong_type", "no_text")


class UnreadableFile(Exception):
    """A file that cannot become a document; `code` is one of REASONS and says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or one item of a list; `level` counts for headings (1 the highest)."""

    kind: str
    text: str
    level: int = 0
    page: int | None = None


@dataclass(frozen=True)
class SourceText:
    """A file as plain text: its blocks, a title where the file names one, its front matter."""

    blocks: tuple[Block, ...]
    title: str = ""
    front: dict[str, Any] = field(default_factory=dict)

    def as_plain(self) -> dict[str, Any]:
        """Return the same as what JSON can carry."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "SourceText":
        """Return what `as_plain` gave."""
        blocks = tuple(Block(**block) for block in plain["blocks"])
        return cls(blocks, plain["title"], plain["front"])
