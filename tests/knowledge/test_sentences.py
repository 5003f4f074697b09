import pytest

from knowledge.sentences import LONGEST_SENTENCE, spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Stop it calmly.", "Then talk!", "Was it seen?"],
        ["Sipas nenit, p.sh. Ligji nr. 05 vlen.", "Njoftoni drejtorin."],
        ["Uredba br. 21 važi od 1. septembra.", "Obavestite roditelje."],
        ["Чл. 5 важи, нпр. Устав.", "Др. Петровић одлучује."],
        ["Ask Dr. Smith, e.g. Monday.", "“He said no.”", "Write it down."],
        ["Call 192.", "112 works too."],
        ["• one item", "• another; with more", "1. Call the police."],
        ["no end"],
    ],
)
def test_sentences_are_found_in_every_language(parts):
    separator = "\n" if parts[0].startswith("•") else " "
    assert sentences(separator.join(parts)) == parts


def test_a_line_end_ends_a_sentence():
    assert sentences("first line\nsecond line\n\nthird") == ["first line", "second line", "third"]


def test_nothing_is_lost_and_order_is_kept():
    text = "  A first one.   A second!\n\nThird... and more. "
    assert "".join(sentences(text)).replace(" ", "") == "".join(text.split())


def test_an_endless_sentence_is_cut_between_words():
    parts = sentences("word " * 1000)
    assert all(len(part) <= LONGEST_SENTENCE and part.strip() == part for part in parts)
    assert sum(len(part.split()) for part in parts) == 1000


def test_a_word_without_end_is_cut_too():
    assert [len(part) for part in sentences("x" * 1500)] == [700, 700, 100]


@pytest.mark.parametrize("text", ["", " \n "])
def test_blank_text_has_no_sentences(text):
    assert sentences(text) == []
