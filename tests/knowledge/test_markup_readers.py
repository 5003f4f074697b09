import pytest

from knowledge.markup_readers import read_html, read_markdown, read_plain
from knowledge.source_text import HEADING, ITEM, PARAGRAPH


def blocks(source) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in source.blocks]


def test_a_page_loses_its_scripts_styles_and_navigation():
    page = """<html><head><title> My  page </title><style>p {color: red}</style></head><body>
    <nav><ul><li>Menu</li></ul></nav><script>alert("x")</script><h1>Head<br>line</h1>
    <p>One <b>bold</b> word&nbsp;&amp; more.</p><p hidden>Hidden</p>
    <div aria-hidden="true"><p>Deep <i>hidden</i></p></div><footer>Foot</footer></body></html>"""
    source = read_html(page)
    assert source.title == "My page"
    assert blocks(source) == [(HEADING, "Head line"), (PARAGRAPH, "One bold word & more.")]


def test_lists_keep_their_marks():
    page = "<ul><li>a<li><p>b</p></li></ul><ol><li>one</li><li>two</li></ol>after"
    assert blocks(read_html(page)) == [
        (ITEM, "• a"),
        (ITEM, "• b"),
        (ITEM, "1. one"),
        (ITEM, "2. two"),
        (PARAGRAPH, "after"),
    ]


def test_table_rows_stay_together():
    page = "<table><tr><th>Who<th>When<tr><td>CSW<td>24 hours</table>"
    assert blocks(read_html(page)) == [(PARAGRAPH, "Who | When"), (PARAGRAPH, "CSW | 24 hours")]


@pytest.mark.parametrize("page", ["<p", "<<>><p>", "</div></ol>", "<ul><li></ul>", "<td>", "<!--"])
def test_broken_html_does_no_harm(page):
    assert read_html(page).blocks in ((), read_html(page).blocks)


def test_heading_levels_are_kept():
    assert [block.level for block in read_html("<h1>a</h1><h3>b</h3>").blocks] == [1, 3]


def test_markdown_is_read_without_its_marks():
    text = """# Title *here*

One **bold** [link](http://example.org) and `code`
over two lines.

- first
- second

  with a paragraph

2. step

> quoted

| Who | When |
|-----|------|
| CSW | now  |

<div>raw <script>bad()</script></div>
"""
    assert blocks(read_markdown(text)) == [
        (HEADING, "Title here"),
        (PARAGRAPH, "One bold link and code over two lines."),
        (ITEM, "• first"),
        (ITEM, "• second"),
        (ITEM, "with a paragraph"),
        (ITEM, "2. step"),
        (PARAGRAPH, "quoted"),
        (PARAGRAPH, "Who | When"),
        (PARAGRAPH, "CSW | now"),
        (PARAGRAPH, "raw"),
    ]


def test_plain_text_has_paragraphs_lists_and_cautious_headings():
    text = """My title
========

What to do

Talk with the child
in a quiet place.
- listen
- write
  it down

Signed, the principal"""
    assert blocks(read_plain(text)) == [
        (HEADING, "My title"),
        (HEADING, "What to do"),
        (PARAGRAPH, "Talk with the child in a quiet place."),
        (ITEM, "• listen"),
        (ITEM, "• write it down"),
        (PARAGRAPH, "Signed, the principal"),
    ]


def test_a_sentence_alone_on_its_line_is_no_heading():
    source = read_plain("Call the office.\n\nMore text.\n")
    assert {block.kind for block in source.blocks} == {PARAGRAPH}
