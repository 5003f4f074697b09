"""Bytes of a text file -> characters, for the encodings that staff in Kosovo still meet."""

import codecs

from knowledge.source_text import UnreadableFile

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Old Windows and Unix encodings of our languages, the likelier first: it wins a tie.
OLD_ENCODINGS = ("cp1250", "cp1252", "cp1251", "iso8859-2", "iso8859-5")

_LATIN = "ëçËÇšđčćžŠĐČĆŽ"
_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_TYPOGRAPHY = "„“”‘’–—…«»§€°\xa0"
EXPECTED = frozenset(_LATIN + _CYRILLIC + _CYRILLIC.upper() + _TYPOGRAPHY)

# Stands for every byte that is no part of a letter.
BROKEN = "\ufffd"

# A byte is a hint worth reading this far; a guess does not need the whole of a long file.
SAMPLE_BYTES = 200_000


def decode(content: bytes) -> str:
    """Return `content` as text, its line ends as single newlines.

    A byte order mark decides, then UTF-16 by its zero bytes, then UTF-8 if it fits but for some
    damaged letters, which become U+FFFD, then the old 8-bit encoding under which most special
    letters are letters of our languages.

    Raises:
        UnreadableFile: The bytes are not text (`unreadable`).
    """
    text = _decode_marked(content)
    if text is None:
        text = _decode_bare(content)
    # A zero byte means a binary file; a form feed or a bell is only an untidy one.
    if "\x00" in text:
        raise UnreadableFile("unreadable")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")


def _decode_marked(content: bytes) -> str | None:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _decode_strictly(content, encoding)
    return None


def _decode_bare(content: bytes) -> str:
    wide = _wide_encoding(content)
    if wide:
        return _decode_strictly(content, wide)
    text = content.decode("utf-8", errors="replace")
    # A file of another encoding has no letters that UTF-8 knows; a damaged one has most.
    if 2 * text.count(BROKEN) <= sum(letter > "\x7f" for letter in text):
        return text
    sample = content[:SAMPLE_BYTES]
    best = max(OLD_ENCODINGS, key=lambda encoding: _share_expected(sample, encoding))
    return content.decode(best, errors="replace")


def _decode_strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile("unreadable") from None


def _wide_encoding(content: bytes) -> str:
    """Return the UTF-16 that `content` is in, or nothing; UTF-8 text has no zero bytes at all."""
    sample = content[:SAMPLE_BYTES]
    if b"\x00" not in sample:
        return ""
    even, odd = sample[0::2], sample[1::2]
    if _is_high_half(odd) and not _is_high_half(even):
        return "utf-16-le"
    if _is_high_half(even) and not _is_high_half(odd):
        return "utf-16-be"
    return ""


def _is_high_half(half: bytes) -> bool:
    # Upper bytes of our letters: 0 and 1 Latin, 4 Cyrillic, 0x20 typographic marks.
    return sum(half.count(byte) for byte in (0x00, 0x01, 0x04, 0x20)) > 0.9 * max(len(half), 1)


def _share_expected(sample: bytes, encoding: str) -> float:
    special = [letter for letter in sample.decode(encoding, errors="replace") if letter > "\x7f"]
    return sum(letter in EXPECTED for letter in special) / max(len(special), 1)
