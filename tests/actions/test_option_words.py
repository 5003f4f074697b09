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
        ("category", "žena sa uslovnom osudom", ["D"]),
        ("category", "nuk ka pikë fokale", ["Q"]),
        ("category", "nuk ka pikë kontakti", ["Q"]),
        ("category", "нема контакт тачке", ["Q"]),
        ("category", "nema kontakt osobe", ["Q"]),
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
            "психолог, допунска настава и клуб",
            ["psychologist", "catch_up", "activity"],
        ),
        ("wanted_service", "надокнада градива", ["catch_up"]),
        ("wanted_service", "help with rent and a job", ["housing", "training_job"]),
        ("person_group", "žena", ["woman"]),
        ("person_group", "nxënës", ["child_8_17"]),
        ("legal_basis_without_consent", "mbrojtja e fëmijës", ["child_protection_duty"]),
        ("legal_basis_without_consent", "налог суда", ["court_order"]),
    ],
)
def test_an_answer_is_understood_in_every_language(field, text, found):
    assert options_in(field, text, OPTIONS[field]) == found


@pytest.mark.parametrize(
    ("option", "texts"),
    [
        (
            "given_by_carer",
            [
                *("përkujdesësi pajtohet", "kujdestari pajtohet", "nëna e jep pëlqimin"),
                *("nena e jep pelqimin", "pëlqimin e ka dhënë nëna", "prindërit janë dakord"),
                *("gjyshja pajtohet", "nëna e fëmijës pajtohet", "nuk ka problem, nëna pajtohet"),
                *("personi që kujdeset për fëmijën pajtohet", "po, babai pranoi"),
                *("мајка је дала пристанак", "мајка је сагласна", "сагласна је мајка детета"),
                *("лице које брине о детету дало је пристанак", "родитељи се слажу"),
                *("roditelj je saglasan", "majka pristaje", "majka se slaze", "otac je pristao"),
                *("lice koje brine o detetu je saglasno", "imam pristanak majke"),
                *("staratelj je dao saglasnost", "otac se slaže", "baka je dala pristanak"),
                *("the mother agreed", "caregiver consents", "both parents have given consent"),
                *("I have the mother's consent", "the person who cares for the child agrees"),
            ],
        ),
        (
            "given_by_person",
            [
                *("personi pajtohet", "personi ka dhënë pëlqimin", "klienti është dakord"),
                *("особа је дала пристанак", "klijent je saglasan", "odrasla osoba je pristala"),
                *("the person agreed", "the client gave consent"),
            ],
        ),
        (
            "child_view_asked",
            [
                *("nëna pajtohet dhe fëmija u pyet", "мајка је сагласна, дете је питано"),
                *("majka je saglasna, a dete je pitano", "mother agreed and the child was asked"),
            ],
        ),
        (
            "not_asked_because",
            [
                *("nuk u pyet për shkak të rrezikut", "није тражен пристанак", "nije pitana"),
                "not asked because it would endanger her",
            ],
        ),
        (
            "refused",
            [
                *("nuk pajtohet", "s'pajtohet", "nuk pajtohet nëna", "nëna nuk e jep pëlqimin"),
                *("personi nuk pranoi", "kujdestari refuzoi", "refuzon", "pa pëlqim"),
                *("одбија", "мајка не пристаје", "без сагласности", "родитељ није сагласан"),
                *("odbila je", "majka se ne slaze", "nije pristala", "odbija da da pristanak"),
                *("refuses", "the mother did not agree", "no consent", "consent was refused"),
                *("the caregiver doesn't agree", "she did not give her written consent"),
            ],
        ),
    ],
)
def test_consent_is_understood_in_every_language(option, texts):
    missed = [
        text
        for text in texts
        if options_in("consent_status", text, OPTIONS["consent_status"]) != [option]
    ]
    assert missed == []


@pytest.mark.parametrize(
    "text",
    [
        # Nobody knows, or nobody has answered yet.
        *("nuk e di", "nuk u pyet ende", "nuk e di a pajtohet nëna", "nëna do të pajtohet"),
        *("не знам", "ne znam", "još nije pitana", "jos nije dala saglasnost", "можда"),
        *("mislim da je majka saglasna", "ne znam da li se majka slaže", "ako majka pristane"),
        *("I did not ask yet", "not asked yet", "I do not know if the mother agrees"),
        *("will ask the mother", "does the mother agree?", "a pajtohet nëna?"),
        # Told is not agreed.
        *("nëna u informua", "majka je obaveštena", "the mother was told", "дете је питано"),
        # Those who cannot agree in another's place, and answers that do not say who.
        *("burri i saj pajtohet", "муж је сагласан", "the husband agreed", "the husband refuses"),
        *("kujdestarja e klasës pajtohet", "the mother was told, the principal agreed"),
        *("fëmija pajtohet", "the child agrees", "pajtohem", "ja se slažem", "I agree"),
        *("yes", "po", "да", "agreed", "pristanak"),
        # Two answers in one, and a refusal denied.
        *("mother agreed, father refused", "nëna pajtohet, por babai jo"),
        *("majka pristaje, a otac odbija", "nëna nuk refuzoi", "majka se ne protivi"),
        "she was not at home the last time but the mother agreed",
        "not at home when we called but agreed by phone",
    ],
)
def test_what_is_no_clear_answer_is_not_taken_for_consent_or_refusal(text):
    assert options_in("consent_status", text, OPTIONS["consent_status"]) == []


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
    for field in (*OPTIONS, "group", "consent"):
        for phrases in WORDS[field].values():
            for phrase in phrases:
                assert phrase.isascii()
                assert phrase == phrase.lower()


@pytest.mark.parametrize("text", ["send", "Dërgoje.", "POŠALJI", "Пошаљите", "Пошаљите DPRRP-у"])
def test_send_is_understood_alone(text):
    assert is_send_word(text)


def test_the_button_that_sends_may_be_written_in_every_language():
    assert all(is_send_word(label) for label in LABELS["button.send"].values())


@pytest.mark.parametrize("text", ["yes", "po", "да", "send the child to school", "do not send", ""])
def test_less_or_more_than_send_does_not_send(text):
    assert not is_send_word(text)
