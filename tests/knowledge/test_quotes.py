from knowledge.quotes import pieces, quote

TEXT = "First sentence here. Second sentence is here. The third one closes."


def test_a_short_text_is_quoted_whole():
    assert quote(TEXT, 700, []) == TEXT


def test_whole_sentences_around_the_best_one_are_quoted():
    assert quote(TEXT, 50, [0.1, 0.9, 0.2]) == "Second sentence is here. The third one closes."
    assert quote(TEXT, 48, [0.3, 0.9, 0.2]) == "First sentence here. Second sentence is here."
    assert quote(TEXT, 30, [0.1, 0.2, 0.9]) == "The third one closes."


def test_a_quotation_is_verbatim_and_within_the_limit():
    text = "word " * 400
    found = quote(text, 700, [0.5] * 3)
    assert found in text
    assert 0 < len(found) <= 700


def test_a_single_sentence_over_the_limit_is_cut():
    assert quote(TEXT, 10, [0.9, 0.1, 0.1]) == TEXT[:10]


def test_a_quotation_is_taken_apart_where_the_answering_sentences_are():
    first, second, third = (
        "First sentence here.",
        "Second sentence is here.",
        "The third one closes.",
    )
    assert pieces(TEXT, [first, third]) == [(first, True), (f" {second} ", False), (third, True)]
    assert pieces(TEXT, [second, "nowhere"])[1] == (second, True)
    assert pieces(TEXT, []) == [(TEXT, False)]
    assert "".join(text for text, _ in pieces(TEXT, [second])) == TEXT
