"""The words of fields, options, statuses and refusals."""

import re

import pytest

from actions.referrals.fields import FIELDS, OPTIONS
from actions.referrals.states import REASONS, STATUSES
from actions.words import Voice, button, is_cyrillic
from config.files import load_yaml

LABELS = load_yaml("interface/referral_fields.yml")


def test_every_field_option_status_and_reason_has_its_words():
    needed = {f"field.{field}" for field in FIELDS}
    needed |= {f"{field}.{option}" for field, options in OPTIONS.items() for option in options}
    needed |= {f"{kind}.{status}" for kind in ("status", "status_help") for status in STATUSES}
    needed |= {f"reason.{one}" for reasons in REASONS.values() for one in reasons}
    needed |= {f"urgency_help.{one}" for one in OPTIONS["urgency"]}
    assert needed <= set(LABELS)


@pytest.mark.parametrize("topic", ["referral_fields", "citation"])
def test_every_text_is_there_in_three_languages_with_the_same_placeholders(topic):
    for key, texts in load_yaml(f"interface/{topic}.yml").items():
        assert set(texts) == {"sq", "sr", "en"}, key
        assert all(texts.values()), key
        filled = {tuple(sorted(re.findall(r"{\w+}", text))) for text in texts.values()}
        assert len(filled) == 1, key
        assert not any("!" in text for text in texts.values()), key


def test_serbian_is_written_in_cyrillic_but_for_names():
    for key, texts in LABELS.items():
        latin = re.sub(r"{\w+}", "", texts["sr"])
        assert not re.search("[a-zA-Z]", latin), key


def test_serbian_is_shown_in_the_reader_s_script():
    assert Voice("sr", "Cyrl").say("urgency.U3") == "Редовна подршка"
    assert Voice("sr", "Latn").say("urgency.U3") == "Redovna podrška"


def test_what_is_filled_in_keeps_its_script():
    text = Voice("sr", "Latn").say("button.change", field="Поље")
    assert text == "Promenite: Поље"


@pytest.mark.parametrize(
    ("slots", "code"),
    [
        ({}, "en"),
        ({"language": "sq", "script": "Cyrl"}, "sq"),
        ({"language": "sr", "script": "Cyrl"}, "sr-Cyrl"),
        ({"language": "sr", "script": "Latn"}, "sr-Latn"),
        ({"language": "sr", "script": None}, "sr-Latn"),
    ],
)
def test_a_conversation_has_one_voice(slots, code):
    assert Voice.of(slots).code == code


def test_a_button_says_what_it_means():
    assert button("Po", "urgency", "U1") == {"title": "Po", "payload": '/inform{"urgency":"U1"}'}


def test_cyrillic_is_recognised():
    assert is_cyrillic("Пећ")
    assert not is_cyrillic("Peć")
