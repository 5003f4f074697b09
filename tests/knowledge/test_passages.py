from knowledge.passages import FEWEST_WORDS, MOST_CHARACTERS, MOST_WORDS, clean, divide, title_of
from knowledge.source_text import HEADING, ITEM, PARAGRAPH, Block, SourceText

SENTENCE = "Ten words stand in this sentence about a quiet school. "


def a_source(*blocks: Block) -> SourceText:
    return SourceText(tuple(blocks))


def a_paragraph(words: int, page: int | None = None) -> Block:
    return Block(PARAGRAPH, (SENTENCE * (words // 10)).strip(), page=page)


def test_a_short_section_is_one_passage_under_its_heading_trail():
    source = a_source(
        Block(HEADING, "Guide", 1),
        Block(HEADING, "In class", 2),
        a_paragraph(50),
        Block(HEADING, "At home", 2),
        Block(HEADING, "Parents", 3),
        a_paragraph(20),
    )
    assert [passage.section for passage in divide(source, "Guide")] == [
        "In class",
        "At home › Parents",
    ]


def test_a_passage_never_crosses_a_heading():
    source = a_source(
        Block(HEADING, "A", 1), a_paragraph(10), Block(HEADING, "B", 1), a_paragraph(10)
    )
    assert len(divide(source, "")) == 2


def test_a_heading_of_the_same_level_replaces_the_one_before():
    source = a_source(
        Block(HEADING, "A", 2), Block(HEADING, "B", 2), a_paragraph(10), Block(HEADING, "C", 1)
    )
    assert [passage.section for passage in divide(source, "")] == ["B"]


def test_a_long_section_is_divided_evenly_between_sentences():
    passages = divide(a_source(a_paragraph(300), a_paragraph(100)), "")
    counts = [len(passage.text.split()) for passage in passages]
    assert sum(counts) == 400
    assert all(FEWEST_WORDS <= count <= MOST_WORDS for count in counts)
    assert all(passage.text.endswith(".") for passage in passages)


def test_the_words_are_those_of_the_source():
    source = a_source(a_paragraph(40), Block(ITEM, "• Call the office."), Block(ITEM, "• Write."))
    [passage] = divide(source, "")
    assert passage.text.endswith("school.\n• Call the office.\n• Write.")


def test_a_lead_in_stays_with_the_list_it_leads_to():
    items = [Block(ITEM, f"• {SENTENCE.strip()}") for _ in range(12)]
    source = a_source(a_paragraph(80), Block(PARAGRAPH, "Do this now:"), *items)
    for passage in divide(source, ""):
        assert not passage.text.endswith(":")


def test_a_passage_names_the_page_on_which_it_begins():
    source = a_source(a_paragraph(130, page=3), a_paragraph(130, page=4))
    assert [passage.page for passage in divide(source, "")] == [3, 4]


def test_an_endless_word_becomes_bounded_passages():
    passages = divide(a_source(Block(PARAGRAPH, "x" * 50_000)), "")
    assert all(len(passage.text) <= MOST_CHARACTERS for passage in passages)
    assert sum(len(passage.text.replace(" ", "")) for passage in passages) == 50_000


def test_the_same_source_gives_the_same_passages():
    source = a_source(a_paragraph(500))
    assert divide(source, "t") == divide(source, "t")


def test_stored_text_is_composed_and_free_of_invisible_marks():
    assert clean("Fe\u0308mija\u200b \u202eis  he\u00adre\x07…") == "Fëmija is here…"


def test_the_title_is_the_first_heading_else_the_property_of_the_file():
    heading = Block(HEADING, "First", 2)
    assert title_of(SourceText((a_paragraph(10), heading), title="Property")) == "First"
    assert title_of(SourceText((a_paragraph(10),), title="Property")) == "Property"
    assert title_of(SourceText(())) == ""
