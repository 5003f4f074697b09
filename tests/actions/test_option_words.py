"""Typed answers to questions with fixed choices."""

import pytest

from actions.option_words import category_groups, is_send_word, options_in
from actions.referrals.fields import OPTIONS
from config.files import load_yaml

WORDS = load_yaml("referral_words.yml")
LABELS = load_yaml("interface/referral_fields.yml")


@pytest.mark.parametrize(
    ("field", "text", "found"),
    [
        ("category", "C", ["C"]),
        ("category", "bullying in class", ["L"]),
        ("category", "bullizmi në klasë", ["L"]),
        ("category", "vršnjačko nasilje", ["L"]),
        ("category", "вршњачко насиље", ["L"]),
        ("category", "grua me dënim me kusht", ["D"]),
        ("category", "žena sa uslovnom kaznom", ["D"]),
        ("category", "nuk ka pikë kontakti", ["Q"]),
        ("category", "something else", []),
        ("urgency", "not urgent", ["U3"]),
        ("urgency", "jo urgjente", ["U3"]),
        ("urgency", "nije hitno", ["U3"]),
        ("urgency", "shumë urgjente", ["U1"]),
        ("urgency", "хитно", ["U1"]),
        ("urgency", "U0", ["U0"]),
        ("urgency", "rrezik për jetën", ["U0"]),
        ("emergency_called", "po", ["yes"]),
        ("emergency_called", "nuk e thirra", ["no"]),
        ("emergency_called", "још не", ["no"]),
        ("emergency_called", "nije potrebno", ["not_needed"]),
        ("wanted_service", "psikolog dhe mësim plotësues", ["psychologist", "catch_up"]),
        (
            "wanted_service",
            "психолог, надокнада градива и клуб",
            ["psychologist", "catch_up", "activity"],
        ),
        ("wanted_service", "help with rent and a job", ["housing", "training_job"]),
        ("consent_status", "personi nuk pranoi", ["refused"]),
        ("consent_status", "roditelj je saglasan", ["given_by_carer"]),
        ("consent_status", "мајка је сагласна", ["given_by_carer"]),
        ("consent_status", "gjyshja pajtohet", ["given_by_carer"]),
        ("person_group", "žena", ["woman"]),
        ("person_group", "nxënës", ["child_8_17"]),
        ("legal_basis_without_consent", "mbrojtja e fëmijës", ["child_protection_duty"]),
        ("legal_basis_without_consent", "налог суда", ["court_order"]),
    ],
)
def test_an_answer_is_understood_in_every_language(field, text, found):
    assert options_in(field, text, OPTIONS[field]) == found


@pytest.mark.parametrize("field", OPTIONS)
def test_the_words_of_a_button_are_its_option_in_every_language(field):
    for option in OPTIONS[field]:
        for label in LABELS[f"{field}.{option}"].values():
            assert options_in(field, label, OPTIONS[field]) == [option]


def test_an_answer_that_fits_two_choices_names_both():
    assert options_in("urgency", "urgent, but routine", OPTIONS["urgency"]) == ["U1", "U3"]


def test_every_option_and_group_has_words_of_its_own():
    for field, options in OPTIONS.items():
        assert set(WORDS[field]) == set(options)
    assert set(category_groups()) >= set(WORDS["group"])


def test_every_kind_of_case_is_in_a_group():
    offered = {one for kinds in category_groups().values() for one in kinds}
    assert offered == set(OPTIONS["category"])
    assert all(f"group.{one}" in LABELS for one in category_groups())


def test_words_are_written_folded():
    for field in (*OPTIONS, "group"):
        for phrases in WORDS[field].values():
            for phrase in phrases:
                assert phrase.isascii()
                assert phrase == phrase.lower()


@pytest.mark.parametrize("text", ["send", "Dërgoje.", "POŠALJI", "Пошаљите", "Пошаљите DPRRP-у"])
def test_send_is_understood_alone(text):
    assert is_send_word(text)


@pytest.mark.parametrize("text", ["yes", "po", "да", "send the child to school", "do not send", ""])
def test_less_or_more_than_send_does_not_send(text):
    assert not is_send_word(text)
