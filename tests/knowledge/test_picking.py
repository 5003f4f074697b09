"""Which sentences of a passage are picked out as those that answer."""

import numpy as np
import pytest

from knowledge.late import as_tokens
from knowledge.picking import MOST, pick
from tests.knowledge.conftest import approved
from tests.knowledge.test_search import a_text

DIRECTIONS = np.eye(6, dtype=np.float32)


def sentence(*directions: int):
    return as_tokens(DIRECTIONS[list(directions)].reshape(-1, 6))


def test_the_nearest_sentence_is_picked_and_what_adds_to_it_in_order():
    question = DIRECTIONS[[0, 1, 2]]
    assert pick(question, [sentence(5), sentence(2, 4), sentence(3), sentence(0, 1)]) == [1, 3]


def test_a_sentence_that_adds_nothing_is_left_out():
    assert pick(DIRECTIONS[[0, 1]], [sentence(0, 1), sentence(0), sentence(1)]) == [0]


def test_no_more_than_four_are_picked():
    assert len(pick(DIRECTIONS, [sentence(one) for one in range(6)])) == MOST


@pytest.mark.parametrize("unread", [0, 1])
def test_a_sentence_that_the_model_did_not_read_is_not_picked_beside_one_it_read(unread):
    sentences = [sentence(0), sentence(0)]
    sentences[unread] = sentence()
    assert pick(DIRECTIONS[[0]], sentences) == [1 - unread]


def test_something_is_picked_even_where_nothing_was_read():
    assert pick(DIRECTIONS[[0]], [sentence()]) == [0]


def test_a_hit_names_sentences_of_its_quote_word_for_word(library):
    body = "The school opens at eight. A meal costs two euro. Buses leave at noon."
    approved(library, a_text("en", body))
    hit = library.search("a meal costs", language="en").hits[0]
    assert hit.sentences == ("A meal costs two euro.",)
    assert hit.sentences[0] in hit.quote


@pytest.mark.model
@pytest.mark.parametrize(
    "parts",
    [
        ["Shkolla e regjistron fëmijën.", "Nuk kërkohet asnjë dokument!", "Kush vendos?"],
        ["- Škola upisuje dete.", "- Odluku donosi centar (u roku od 15 dana)."],
    ],
)
def test_the_tokens_of_a_text_are_divided_where_its_sentences_are(encoder, parts):
    text = "Titulli › Hyrje\n" + "\n".join(parts)
    _, (tokens,) = encoder.passage_states([text])
    divided = encoder.divided(tokens, parts)
    _, alone = encoder.passage_states(parts)
    marks = len(alone[0]) - len(divided[0])
    assert [len(one) for one in divided] == [len(one) - marks for one in alone]
    # The last but one token of the whole text is the last of its last sentence.
    assert (divided[-1][-1] == tokens[-2]).all()
    assert sum(map(len, divided)) < len(tokens) - 2
