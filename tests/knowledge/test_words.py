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
