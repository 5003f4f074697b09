import zipfile

import pytest
from docx import Document

from knowledge.docx_reader import read_docx, weigh
from knowledge.source_text import HEADING, ITEM, PARAGRAPH, UnreadableFile
from tests.knowledge.files import a_docx, a_docx_bomb, an_overlapping_docx, packed_docx


def test_headings_lists_and_tables_are_read_in_order():
    assert [(block.kind, block.level, block.text) for block in read_docx(a_docx()).blocks] == [
        (HEADING, 1, "Prishja e qetësisë"),
        (HEADING, 1, "Hapi i parë"),
        (PARAGRAPH, 0, "Bisedoni me nxënësin vetëm për vetëm dhe dëgjojeni deri në fund."),
        (ITEM, 0, "• Njoftoni drejtorin."),
        (ITEM, 0, "• Shkruani faktet."),
        (PARAGRAPH, 0, "Afati | 24 orë"),
    ]


def test_the_title_property_is_kept():
    word = Document()
    word.core_properties.title = "Udhëzues"
    word.add_paragraph("Tekst")
    assert read_docx(packed_docx(word)).title == "Udhëzues"


def test_a_merged_cell_is_read_once():
    word = Document()
    table = word.add_table(rows=1, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(0, 2).text = "narrow"
    assert [block.text for block in read_docx(packed_docx(word)).blocks] == ["wide | narrow"]


def test_an_ordinary_file_passes_the_scales():
    weigh(a_docx())


@pytest.mark.parametrize(
    ("content", "code"), [(a_docx_bomb(30), "too_large"), (an_overlapping_docx(), "unreadable")]
)
def test_a_bomb_is_refused_before_it_is_unpacked(content, code):
    with pytest.raises(UnreadableFile, match=code):
        weigh(content)


def test_a_cut_off_file_is_no_archive():
    with pytest.raises(zipfile.BadZipFile):
        weigh(a_docx()[:2000])
