import pytest

from knowledge.pdf_reader import read_pdf
from knowledge.source_text import HEADING, ITEM, PARAGRAPH
from tests.knowledge.files import a_pdf

WIDE = "This is a long line of ordinary text that fills the page from side to side, all of it"


def blocks(pages) -> list[tuple[str, str, int]]:
    return [(block.kind, block.text, block.page) for block in read_pdf(a_pdf(pages)).blocks]


def test_lines_become_paragraphs_with_their_page():
    first = [(WIDE, 11), ("and it ends here.", 11), (WIDE, 11), ("and again.", 11)]
    assert blocks([first, [("On the second page there is text.", 11)]]) == [
        (PARAGRAPH, f"{WIDE} and it ends here.", 1),
        (PARAGRAPH, f"{WIDE} and again.", 1),
        (PARAGRAPH, "On the second page there is text.", 2),
    ]


def test_larger_type_makes_headings_of_their_level():
    lines = [("Guide", 20), ("In class", 15), (WIDE, 11), ("slightly larger", 12), ("text.", 11)]
    read = read_pdf(a_pdf([lines])).blocks
    assert [(block.text, block.level) for block in read if block.kind == HEADING] == [
        ("Guide", 1),
        ("In class", 2),
    ]


def test_a_large_sentence_is_no_heading():
    assert blocks([[("Stop now.", 20), (WIDE, 11)]])[0][0] == PARAGRAPH


def test_headers_footers_and_page_numbers_are_left_out():
    pages = [
        [("Ministry handbook", 9), (f"Text number {word} stands here.", 11), (f"Page {n} of 4", 9)]
        for n, word in enumerate(["one", "two", "three", "four"], start=1)
    ]
    assert [text for _, text, _ in blocks(pages)] == [
        f"Text number {word} stands here." for word in ("one", "two", "three", "four")
    ]


def test_a_line_that_returns_inside_the_page_stays():
    pages = [
        [(f"Header {n}a", 9), ("b", 9), ("Call 192.", 11), ("c", 9), ("d", 9)] for n in range(4)
    ]
    assert sum("Call 192." in text for _, text, _ in blocks(pages)) == 4


def test_a_word_broken_at_the_line_end_is_whole_again():
    [(_, text, _)] = blocks([[("The psycho-", 11), ("logist talks with the class.", 11)]])
    assert text == "The psychologist talks with the class."


def test_a_hyphen_before_a_name_stays():
    [(_, text, _)] = blocks([[("the office of Pristina-", 11), ("Center helps.", 11)]])
    assert "Pristina- Center" in text


def test_lists_are_kept():
    found = blocks([[("Do this:", 11), ("• Call the office", 11), ("2. Write it down", 11)]])
    assert [kind for kind, _, _ in found] == [PARAGRAPH, ITEM, ITEM]


@pytest.mark.parametrize("special", ["çështje të nxënësit", "(brackets) and \\slashes"])
def test_special_letters_survive(special):
    assert special in blocks([[(special, 11)]])[0][1]
