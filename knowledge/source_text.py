"""What a reader hands on: the plain blocks of a file in reading order, or why there are none."""

from collections.abc import Sequence
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
    """A file as plain text: its blocks, a title where the file names one, its front matter.

    `pages_without_text` numbers the pages, mostly scans, of which nothing could be read.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    front: dict[str, Any] = field(default_factory=dict)
    pages_without_text: tuple[int, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """Return the same as what JSON can carry."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "SourceText":
        """Return what `as_plain` gave."""
        blocks = tuple(Block(**block) for block in plain["blocks"])
        return cls(blocks, plain["title"], plain["front"], tuple(plain["pages_without_text"]))


def page_runs(pages: Sequence[int]) -> str:
    """Return rising page numbers as people write them: 2, 4–6."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
