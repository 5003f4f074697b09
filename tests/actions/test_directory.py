"""Who is who and where."""

from datetime import UTC, date, datetime

import pytest

from actions.directory import Directory
from config.files import load_yaml

# At least three forms of each: as people type them, with case endings, without diacritics, in
# Cyrillic, inside a short sentence.
FORMS = {
    "DEC": "Deçanit | në Deqan | u Dečanima | из Дечана",
    "DRG": "Dragashi | u Dragašu | komuna e Sharrit",
    "DRE": "Drenasit | Gllogoci | u Glogovcu | Глоговца",
    "FER": "Ferizajt | u Uroševcu | Урошевцу | urosevac",
    "FKO": "Fushë Kosovës | fushe kosove | u Kosovom Polju | Косова Поља",
    "GJA": "Gjakove | Gjakovës | Đakovici | u Djakovici | Ђаковицу",
    "GJI": "në Gjilan | Gjilanit | u Gnjilanu | Гњилана",
    "GRA": "Graqanica | Graçanicës | u Gracanici",
    "HEL": "Hanit të Elezit | Han i Elezit | u Elez Hanu | Đeneral Jankoviću",
    "IST": "Istog | komuna e Istogut | u Istoku | Istogu",
    "JUN": "Juniku | Junikut | u Juniku",
    "KAC": "Kaqanik | Kaçanikut | u Kačaniku",
    "KAM": "Kamenicës | u Kamenici | Kosovske Kamenice",
    "KLI": "Klinës | ne Kline | u Klini",
    "KLO": "Kllokotit | u Klokotu | Klokot-Vrbovac",
    "LEP": "Leposaviqit | u Leposaviću | Лепосавића",
    "LIP": "Lipjanit | u Lipljanu | Липљану",
    "MAL": "Malishevës | u Mališevu | Malisheva",
    "MAM": "Mamushës | u Mamuši | Мамуше",
    "MIJ": "Mitrovicës së Jugut | u Južnoj Mitrovici | Mitrovica jug | Јужне Митровице",
    "MIV": "Mitrovicës së Veriut | u Severnoj Mitrovici | North Mitrovica | Северна Митровица",
    "NOB": "Novobërdës | u Novom Brdu | Novog Brda",
    "OBI": "Obiliqit | u Obiliću | Обилић",
    "PAR": "Parteshit | u Partešu | Партеша",
    "PEJ": "Pejës | ne Peje | u Peći | Пећ",
    "POD": "Podujevës | u Podujevu | Подујева",
    "PRI": "Prishtinës | ne Prishtine | u Prištini | Приштину",
    "PRZ": "në Prizren | Prizrenit | u Prizrenu | Призрену",
    "RAH": "Rahovecit | u Orahovcu | Ораховца",
    "RAN": "Ranillugut | u Ranilugu | Ранилуг",
    "SHT": "Shtërpcës | u Štrpcu | Strpce",
    "SHM": "Shtime | Shtimes | u Štimlju",
    "SKE": "Skënderajt | Skenderajt | u Srbici",
    "SUH": "Suharekës | u Suvoj Reci | Suvu Reku",
    "VIT": "Viti | në Viti | Vitisë | u Vitini",
    "VUS": "Vushtrrisë | u Vučitrnu | Вучитрна",
    "ZPO": "Zubin Potokut | u Zubinom Potoku | Зубиног Потока",
    "ZVE": "Zveqan | Zveçanit | u Zvečanu",
}
CASES = [(code, form.strip()) for code, forms in FORMS.items() for form in forms.split("|")]


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory.load()


def test_there_are_38_municipalities_with_at_least_three_tried_forms_each(directory):
    assert {one.code for one in directory.municipalities} == set(FORMS)
    assert len(FORMS) == 38
    assert all(len(forms.split("|")) >= 3 for forms in FORMS.values())


@pytest.mark.parametrize(("code", "form"), CASES)
def test_a_municipality_is_found_by_any_form_of_its_name(directory, code, form):
    assert [one.code for one in directory.candidates(form)] == [code]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("PRZ", "Familja jeton në fshat afër PRIZRENIT, nxënësi shkon atje."),
        ("PEJ", "Porodica živi u Peći od 2019."),
        ("IST", "Punoj në Istog, në shkollë"),
        ("VIT", "Vijmë nga komuna e Vitisë"),
        ("VIT", "jemi në Viti"),
        ("FER", "породица је из Урошевца и чека"),
        ("MIJ", "it is in South Mitrovica, near the bridge"),
    ],
)
def test_a_municipality_is_found_inside_a_sentence(directory, code, sentence):
    assert directory.municipality(sentence).code == code


@pytest.mark.parametrize(
    "text",
    ["KAM", "kam një pyetje", "GRA", "gra", "VIT", "MAL", "në mal", "PRI", "POD", "PAR", "PEJ"],
)
def test_a_code_is_never_read_as_a_name(directory, text):
    assert directory.candidates(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "viti i kaluar",
        "në vitin 2019",
        "ka ikur këtë viti shkollor",
        "otišli su na istok",
        "isti dan, istog dana",
        "iz istog razloga",
        "stara peć je hladna",
        "shtimi i numrit",
        "deca se igraju",
        "",
        "🙂",
        "Atlantida",
    ],
)
def test_an_everyday_word_is_not_a_municipality(directory, text):
    assert directory.candidates(text) == ()


@pytest.mark.parametrize(
    "text", ["Mitrovica", "në Mitrovicë", "u Kosovskoj Mitrovici", "Митровица"]
)
def test_a_bare_mitrovica_is_two_municipalities(directory, text):
    assert directory.municipality(text) is None
    assert directory.ambiguous(text)
    assert {one.code for one in directory.candidates(text)} == {"MIJ", "MIV"}


def test_two_places_in_one_answer_are_ambiguous(directory):
    assert directory.ambiguous("nga Peja, tani në Prizren")
    assert not directory.ambiguous("Prizren, në Prizren")


def test_names_are_shown_in_every_language(directory):
    peja = directory.by_code("PEJ")
    assert (peja.sq, peja.sr, peja.en) == ("Pejë", "Пећ", "Pejë/Peć")
    assert directory.by_code("pej") is None


def test_only_national_numbers_are_shown_until_somebody_confirms_another(directory):
    assert [line.number for line in directory.helplines] == ["192", "112"]


def test_a_confirmed_number_is_shown_and_hides_again_after_half_a_year(clock):
    content = load_yaml("directory.yml")
    lines = [dict(line) for line in content["helplines"]]
    lines[2] |= {"confirmed_by": "DPRRP", "confirmed_on": date(2026, 9, 1)}
    directory = Directory({**content, "helplines": lines}, clock=clock)
    assert [line.id for line in directory.helplines] == ["police", "emergency", "suicide"]
    clock.moment = datetime(2027, 4, 1, tzinfo=UTC)
    assert [line.id for line in directory.helplines] == ["police", "emergency"]


def test_every_institution_has_its_names_and_an_id_of_its_own(directory):
    ids = [one.id for one in directory.institutions]
    assert len(ids) == len(set(ids)) >= 46
    assert all(one.sq and one.sr and one.en for one in directory.institutions)
