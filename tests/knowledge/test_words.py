import numpy as np
import pytest

from knowledge.words import WordIndex


def test_shared_and_rare_words_score_higher():
    index = WordIndex([["school", "plan"], ["school"], ["prison", "plan"]])
    scores = index.scores(["prison", "plan", "unknown"])
    assert scores[2] > scores[0] > scores[1] == 0


@pytest.mark.parametrize("passages", [[], [[], []], [["word"], []]])
@pytest.mark.parametrize("question", [[], ["other"], [""]])
def test_nothing_shared_scores_nothing(passages, question):
    assert WordIndex(passages).scores(question).tolist() == [0.0] * len(passages)


def test_the_best_of_several_names_counts_and_a_longer_one_no_more():
    index = WordIndex([["school", "plan"], ["plan"], ["prison", "plan", "plan"]])
    one, two = (index.scores([word]) for word in ("school", "plan"))
    together = index.scores_of_names([["school", "plan"], [], ["plan"]])
    assert together == pytest.approx(
        [max(*pair) for pair in zip((one + two) / 2, two, strict=True)]
    )


def test_passages_that_come_later_score_as_if_they_had_been_there():
    passages = [["school", "plan"], ["plan", "day"], ["prison", "plan"], ["day"]] * 50
    later = [["school", "day"], [], ["unheard"]]
    index = WordIndex(passages).extended(later)
    whole = WordIndex(passages + later)
    for words in (["school", "plan"], ["day", "prison", "none"]):
        assert index.scores(words) == pytest.approx(whole.scores(words), rel=0.05)
        names = [words, ["plan"]]
        assert index.scores_of_names(names) == pytest.approx(whole.scores_of_names(names), rel=0.05)
    assert np.flatnonzero(index.scores(["unheard"])).tolist() == [202]
    assert len(index.extended([["unheard"]]).scores(["unheard"])) == 201
