"""The child process that opens uploads: bytes on its input, blocks as JSON on its output.

A file from outside may be built to break its reader, so it is opened where memory, processor time
and files are limited, and where there is nothing to steal: no database, no keys, no environment.
"""

import json
import resource
import sys
from collections.abc import Callable

from knowledge.decoding import decode
from knowledge.source_text import SourceText, UnreadableFile

# python-docx took 598 MB for a 292 KB file; what needs more than this is refused.
MEMORY_BYTES = 1536 * 1024 * 1024
PROCESSOR_S = 40
# Some thousand pages: more than a person can approve, and an hour of encoding.
MOST_CHARACTERS = 3_000_000


def parse(kind: str, content: bytes) -> SourceText:
    """Return the text of a file of a known kind (pdf, docx, html, markdown, plain).

    Raises:
        UnreadableFile: See `knowledge.source_text`.
    """
    source = PARSERS[kind](content)
    if sum(len(block.text) for block in source.blocks) > MOST_CHARACTERS:
        raise UnreadableFile("too_large")
    return source


def main() -> None:
    """Read one file from standard input, as the kind named by the first argument.

    A damaged file may end the process with any error: the parent takes silence for `unreadable`.
    """
    _limit()
    kind = sys.argv[1]
    try:
        answer = parse(kind, sys.stdin.buffer.read()).as_plain()
    except UnreadableFile as refusal:
        answer = {"code": refusal.code}
    sys.stdout.write(json.dumps(answer))


def _limit() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


# Each library is loaded only for its own kind: the child lives for a fraction of a second.
def _pdf(content: bytes) -> SourceText:
    from knowledge.pdf_reader import read_pdf  # noqa: PLC0415 - see above

    return read_pdf(content)


def _docx(content: bytes) -> SourceText:
    from knowledge.docx_reader import read_docx  # noqa: PLC0415 - see above

    return read_docx(content)


def _html(content: bytes) -> SourceText:
    from knowledge.markup_readers import read_html  # noqa: PLC0415 - see above

    return read_html(decode(content))


def _markdown(content: bytes) -> SourceText:
    from knowledge.markup_readers import read_markdown  # noqa: PLC0415 - see above

    return read_markdown(decode(content))


def _plain(content: bytes) -> SourceText:
    from knowledge.markup_readers import read_plain  # noqa: PLC0415 - see above

    return read_plain(decode(content))


PARSERS: dict[str, Callable[[bytes], SourceText]] = {
    "pdf": _pdf,
    "docx": _docx,
    "html": _html,
    "markdown": _markdown,
    "plain": _plain,
}

if __name__ == "__main__":
    main()
