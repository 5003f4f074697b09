import json

import pytest

from knowledge.questions import BadQuestions, Gold, Question, read_questions

ROWS = [
    {"id": "s1", "document": "dprrp", "half": "tune", "texts": {"sq": "kush", "en": "who"}},
    {"id": "o1", "kind": "weather", "half": "test", "texts": {"en": "rain"}},
    {
        "id": "r1",
        "kind": "how much",
        "half": "test",
        "gold": [{"document": "a", "quote": "ten euros"}, {"document": "b", "section": 2}],
        "texts": {"sr-Cyrl": "колико"},
    },
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join([*map(json.dumps, ROWS), ""]), encoding="utf-8")
    return path


def test_a_line_gives_one_question_for_each_form(path):
    assert read_questions(path) == [
        Question("s1", "sq", "kush", "", (Gold("dprrp"),)),
        Question("s1", "en", "who", "", (Gold("dprrp"),)),
        Question("o1", "en", "rain", "weather"),
        Question(
            "r1", "sr-Cyrl", "колико", "how much", (Gold("a", quote="ten euros"), Gold("b", 2))
        ),
    ]


def test_one_half_may_be_read_and_nothing_else(path):
    assert [one.id for one in read_questions(path, "test")] == ["o1", "r1"]
    assert [one.answerable for one in read_questions(path, "test")] == [False, True]


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"id": "x"}',
        '{"id": "x", "texts": {"de": "wer"}}',
        '{"id": "x", "texts": {"en": 3}}',
        '{"id": "x", "texts": {"en": "a"}, "gold": [{"page": 3}]}',
    ],
)
def test_what_is_no_question_is_refused_with_its_line(path, line):
    path.write_text(json.dumps(ROWS[0]) + "\n" + line, encoding="utf-8")
    with pytest.raises(BadQuestions, match=r"questions\.jsonl, line 2"):
        read_questions(path)
