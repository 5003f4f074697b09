import pytest

from knowledge.decoding import decode
from knowledge.source_text import UnreadableFile

ALBANIAN = "Fëmija është i qetë. Çdo nxënës ka të drejtë të mësojë."
LATIN = "Učenik želi da uči. Đak čeka ćaskanje uz šolju čaja."
CYRILLIC = "Ученик жели да учи. Ђак чека ћаскање уз шољу чаја."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ALBANIAN, "utf-8"),
        (ALBANIAN, "utf-8-sig"),
        (ALBANIAN, "utf-16"),
        (ALBANIAN, "utf-16-le"),
        (ALBANIAN, "utf-16-be"),
        (ALBANIAN, "utf-32"),
        (ALBANIAN, "latin-1"),
        (ALBANIAN, "cp1250"),
        (LATIN, "cp1250"),
        (LATIN, "iso8859-2"),
        (LATIN, "utf-16-le"),
        (CYRILLIC, "cp1251"),
        (CYRILLIC, "iso8859-5"),
        (CYRILLIC, "utf-16-be"),
        ("Only plain letters", "ascii"),
    ],
)
def test_text_is_read_whatever_its_encoding(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_line_ends_become_single_newlines():
    assert decode(b"one\r\ntwo\rthree\n") == "one\ntwo\nthree\n"


@pytest.mark.parametrize("content", [b"zero \x00 byte", b"\xff\xfeo", bytes(range(256)) * 3])
def test_what_is_not_text_is_refused(content):
    with pytest.raises(UnreadableFile, match="unreadable"):
        decode(content)
