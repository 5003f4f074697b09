"""Which words look like a person's name."""

import json
from pathlib import Path

import pytest
import yaml

from knowledge.characters import fold
from knowledge.given_names import FILE as GIVEN
from knowledge.names import hide_names

QUESTIONS = Path("tests/questions")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Ku jeton familja Krasniqi?", "Ku jeton familja *?"),
        ("Agim Berisha u kthye. Arben jo.", "* * u kthye. * jo."),
        ("Is Agim Berisha on the list?", "Is * * on the list?"),
        ("Шта да радим са Агимом Беришом?", "Шта да радим са * *?"),
        ("my pupil Arben does not talk", "my pupil * does not talk"),
        ("Where does family X live?", "Where does family * live?"),
        ("ku jeton arton zhurishti", "ku jeton * *"),
        ("çka me bo me artonin a me artën", "çka me bo me * a me *"),
        ("sta znas o fadilu brezgoriju", "sta znas o * *"),
        ("исметову породицу", "* породицу"),
        ("does the krasniqi family need wood", "does the * family need wood"),
        ("ku jeton familja krasniqi", "ku jeton familja *"),
        ("KU JETON ARTON KRASNIQI", "KU JETON * *"),
    ],
)
def test_names_are_hidden_where_they_stand(text, hidden):
    assert hide_names(text, "*") == hidden


@pytest.mark.parametrize(
    "text",
    [
        "How do I enrol a child in Prizren who came from Syria?",
        "Çka thotë Strategjia për DPRRP-në në Pejë?",
        "Да ли Исламска заједница помаже у Приштини?",
        "KU JETON FAMILJA E KTHYER",
        "",
    ],
)
def test_places_institutions_and_shouting_are_no_names(text):
    assert hide_names(text, "*") == text


@pytest.mark.parametrize(
    "text",
    [
        "zora i nada su lepe reči, kao i mir i rad",
        "sa lirim ka n'jetë e sa shpresë",
        "familja nuk ka dru për dimër",
        "porodica traži pomoć",
    ],
)
def test_everyday_words_that_are_names_too_are_left(text):
    assert hide_names(text, "*") == text


def test_the_name_of_a_place_and_of_whom_documents_speak_may_be_said():
    known = {"arta", "zeneli"}.__contains__
    assert hide_names("why in Bregdrin", "*", known) == "why in Bregdrin"
    assert hide_names("why in Bregdrin", "*") == "why in *"
    assert hide_names("is Arta Zeneli right", "*", known) == "is Arta Zeneli right"
    assert hide_names("is Arta right", "*", known) == "is * right"


def test_given_names_stand_once_in_order():
    for group in ("albanian", "serbian", "other"):
        names = yaml.safe_load(GIVEN.read_text(encoding="utf-8"))[group]
        folded = [fold(name) for name in names]
        assert folded == sorted(set(folded))


def test_hardly_a_question_about_work_loses_a_word():
    lines = (QUESTIONS / "starter.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [text for line in lines for text in json.loads(line)["texts"].values()]
    assert sum(hide_names(text, "*") != text for text in texts) <= len(texts) * 0.02
