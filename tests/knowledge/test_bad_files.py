"""Files that are damaged, scanned, foreign or odd: read whole, or refused; nothing is lost."""

import io

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter

from knowledge import readers
from knowledge.intake import draft_of
from knowledge.library import Library, UnknownLanguage, UnreadableFile, Upload
from knowledge.pdf_reader import read_pdf
from knowledge.ranking import BM25
from knowledge.readers import read, read_trusted
from tests.fakes import FakeEncoder
from tests.knowledge.conftest import ARTA, an_upload, approved
from tests.knowledge.files import FOREIGN, SCAN, a_pdf, packed_docx

FILLER = "Everybody who works with the family keeps to what was agreed in the plan and notes it."


def word(number: int) -> str:
    """Return a word that stands for a number and has no digits."""
    return "q" + "".join("abcdefghij"[int(digit)] for digit in str(number))


def a_page(number: int) -> list[tuple[str, int]]:
    return [
        (f"The office {word(number)} opens at nine.", 11),
        *[(FILLER, 11)] * 20,
        (f"The form {word(5000 + number)} closes this page.", 11),
    ]


def compressed(pdf: bytes) -> bytes:
    """Return a PDF as most programs write it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        page.compress_content_streams()
    packed = io.BytesIO()
    writer.write(packed)
    return packed.getvalue()


SHORT = a_pdf([a_page(number) for number in range(1, 7)])
FORMS = {"plain": SHORT, "compressed": compressed(SHORT)}


def code_of(name: str, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(name, content)
    return refused.value.code


class Blunt(FakeEncoder):
    """An encoder that gives a passage a single token: long texts are done in no time."""

    name = "blunt"

    def _tokens(self, text):
        return self._vector(text)[None]


@pytest.fixture
def by_words(open_library, monkeypatch) -> Library:
    """A library that finds by words alone, so that a rare word finds its one passage."""
    # The limit on processor time stays; how long that takes says more about the machine.
    monkeypatch.setattr(readers, "WALL_CLOCK_S", 600)
    return open_library(encoder=Blunt(), recipe=BM25)


@pytest.mark.slow
def test_of_five_hundred_pages_each_is_cited_by_its_number(by_words):
    content = compressed(a_pdf([a_page(number) for number in range(1, 501)]))
    approved(by_words, Upload("long.pdf", content, "Long", "en"))
    for number in (1, 2, 250, 251, 499, 500):
        for asked in (word(number), word(5000 + number)):
            hit = by_words.search(f"where is {asked}", language="en").hits[0]
            assert asked in hit.passage.replace(".", "").split()
            assert hit.page == number


def test_a_scan_has_no_text_however_long_it_is():
    assert code_of("scan.pdf", a_pdf([SCAN] * 30)) == "no_text"


def test_pages_that_are_scans_are_named(library):
    content = a_pdf([a_page(1), SCAN, a_page(3), SCAN, SCAN, SCAN, [("7", 11)], a_page(8)])
    added = library.add(Upload("half.pdf", content, "Half", "en"), by=ARTA)
    assert added.pages_without_text == (2, 4, 5, 6, 7)
    [listed] = library.list()
    assert listed.pages_without_text == (2, 4, 5, 6, 7)
    assert {view.page for view in library.passages("half")} == {1, 3, 8}
    assert library.add(Upload("whole.pdf", SHORT, "Whole", "en"), by=ARTA).pages_without_text == ()


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("percent", [30, 60, 90])
def test_a_pdf_cut_short_is_refused_through_the_child_process(content, percent):
    assert code_of("cut.pdf", content[: len(content) * percent // 100]) == "unreadable"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_a_pdf_cut_anywhere_is_read_whole_or_not_at_all(content):
    whole = read_pdf(content)
    refused = 0
    for percent in range(1, 100):
        try:
            assert read_pdf(content[: len(content) * percent // 100]) == whole
        except AssertionError:
            raise
        except Exception:  # noqa: BLE001 - as read_pdf says: whatever the damage causes
            refused += 1
    assert refused > 90


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_a_pdf_that_lost_the_way_to_its_table_is_read_whole(content):
    lost = content.replace(b"startxref\n", b"startxref\n9", 1)
    assert read("lost.pdf", lost) == read("whole.pdf", content)


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_a_pdf_whose_table_is_rubbish_is_refused(content):
    start = content.rfind(b"xref\n0") + 20
    assert code_of("a.pdf", content[:start] + b"9" * 150 + content[start + 150 :]) == "unreadable"


def test_a_page_that_cannot_be_decompressed_is_named():
    content = FORMS["compressed"]
    start = content.index(b"stream\n") + len(b"stream\n")
    source = read("a.pdf", content[:start] + bytes(40) + content[start + 40 :])
    assert len(source.pages_without_text) == 1


def test_a_word_file_of_a_picture_has_no_text():
    # The smallest picture there is: one black dot.
    dot = (
        b"GIF87a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01"
        b"\x00\x00\x02\x02D\x01\x00;"
    )
    document = Document()
    document.add_picture(io.BytesIO(dot))
    assert code_of("a.docx", packed_docx(document)) == "no_text"


ALBANIAN = (
    "Drejtori i shkollës i regjistron fëmijët e kthyer pa kërkuar dokumente. Mësuesja bisedon me "
    "familjen e secilit fëmijë dhe e njofton me shkrim shërbimin. "
)
SERBIAN = (
    "Direktor škole upisuje decu koja su se vratila bez traženja dokumenata. Učiteljica razgovara "
    "sa porodicom svakog deteta i pismeno obaveštava službu. "
)
BOSNIAN = (
    "Direktor škole upisuje djecu koja su se vratila bez traženja dokumenata. Učiteljica "
    "razgovara s porodicom svakog djeteta i pismeno obavještava službu."
)


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_a_text_in_a_fourth_language_asks_for_its_language(library, text):
    with pytest.raises(UnknownLanguage):
        library.add(an_upload(text, language=None), by=ARTA)
    assert library.list() == []
    # Whoever says a language anyway is believed.
    assert library.add(an_upload(text, language="en"), by=ARTA).passages == 1


@pytest.mark.parametrize(("text", "code"), [(ALBANIAN, "sq"), (SERBIAN, "sr"), (BOSNIAN, "sr")])
def test_our_languages_and_their_next_of_kin_are_told(library, text, code):
    library.add(an_upload(text * 3, language=None), by=ARTA)
    assert [one.language for one in library.list()] == [code]


@pytest.mark.parametrize(
    "text",
    [ALBANIAN + SERBIAN, ALBANIAN * 2 + SERBIAN * 3, SERBIAN * 2 + "\n\n" + ALBANIAN * 3],
)
def test_a_text_in_two_languages_asks_under_which_it_is_found(library, text):
    with pytest.raises(UnknownLanguage):
        library.add(an_upload(text, language=None), by=ARTA)
    approved(library, an_upload(text, language="sq"))
    for question in ("mësuesja bisedon me familjen", "učiteljica razgovara sa porodicom"):
        assert library.search(question, language="sq").hits


def test_a_quotation_in_another_language_asks_nothing(library):
    library.add(an_upload(ALBANIAN * 4 + SERBIAN, language=None), by=ARTA)
    assert [one.language for one in library.list()] == ["sq"]


def added_text(library: Library, upload: Upload) -> str:
    document = approved(library, upload)
    return "\n".join(view.text for view in library.passages(document))


ODD = {
    "right-to-left marks": "Call\u200f the \u202eprincipal\u202c now.",
    "zero-width characters": "C\u200ball the prin\u200dci\u00adpal\ufeff now.",
    "control characters": "Call\x0b the\x1b principal\x07 now.",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", ["note.txt", "note.md", "note.html"])
def test_what_is_invisible_hides_nothing(library, text, name):
    written = f"<p>{text}</p>" if name.endswith("html") else text
    assert added_text(library, an_upload(written, name=name)) == "Call the principal now."
    assert library.search("princi\u200bpal", language="en").hits[0].document == "bullying"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("note.txt", b"Call the\x00 principal."),
        ("note.html", b"<p>Call the\x00 principal.</p>"),
        ("note.txt", "Call the principal.".encode("utf-16") + b"\x00\xd8"),
    ],
)
def test_a_text_with_zero_bytes_or_half_letters_is_refused(library, name, content):
    with pytest.raises(UnreadableFile, match="unreadable"):
        library.add(Upload(name, content, "Note", "en"), by=ARTA)
    assert library.list() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "Nxënësi është i qetë dhe ".encode() + b"\xed\xa0\x80" + "mëson.".encode()),
        ("a.txt", "Nxënësi është i qetë dhe mëson. Çdo ditë ".encode() + b"\xc3"),
        ("a.html", "<p>Nxënësi është i qetë dhe &#xD800; mëson.</p>".encode()),
        ("a.md", "Nxënësi është i qetë dhe &#xD800; mëson.".encode()),
    ],
)
def test_one_broken_letter_spoils_no_other(library, name, content):
    text = added_text(library, Upload(name, content, "Nxënësi", "sq"))
    assert text.startswith("Nxënësi është i qetë dhe ")
    text.encode()


def test_half_letters_in_front_matter_reach_no_page(library):
    facts = 'title: "A\\ud800B"\nsources: ["S\\ud800"]\nkind: "protocol\\ud800"'
    text = f"---\n{facts}\n---\nCall the school."
    library.add(an_upload(text, name="a.md", title=None), by=ARTA)
    [listed] = library.list()
    assert (listed.title, listed.sources, listed.kind) == ("AB", ("S",), "protocol")


@pytest.mark.slow
def test_a_megabyte_in_one_line_is_found_to_its_end(by_words):
    text = " ".join([*(word(number % 200) for number in range(300_000)), word(149_999)])
    assert len(text) > 1_000_000
    kept = added_text(by_words, an_upload(text))
    assert kept.split() == text.split()
    hit = by_words.search(word(149_999), language="en").hits[0]
    assert hit.passage.split()[-1] == word(149_999)


@pytest.mark.slow
@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_of_a_hundred_thousand_lines_of_one_word_none_is_lost(name, between):
    words = [word(number) for number in range(100_000)]
    upload = an_upload(between.join(words), name=name)
    passages = draft_of(upload, read_trusted(name, upload.content)).passages
    told = " ".join(f"{passage.section} {passage.text}" for passage in passages)
    assert set(words) <= set(told.split())


def test_a_list_of_short_lines_that_stand_alone_is_kept():
    lines = [f"Centre for social work {word(number)} 038 123 456" for number in range(5)]
    source = read(
        "a.txt", "\n\n".join(["Contacts", *lines, "Call them from nine to four."]).encode()
    )
    assert [block.text for block in source.blocks if block.level == 0][:4] == lines[:4]


@pytest.mark.parametrize("level", [1, 3])
def test_a_list_in_the_style_of_headings_is_kept(library, level):
    document = Document()
    document.add_paragraph("These offices help.")
    for number in range(6):
        document.add_heading(f"Office {word(number)}", level=level)
    kept = added_text(library, Upload("a.docx", packed_docx(document), "Offices", "en"))
    assert [word(number) for number in range(6) if word(number) in kept] == list(
        map(word, range(6))
    )
