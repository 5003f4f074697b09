"""Codes, cleaning, folding, telling languages apart, restoring diacritics, lemmas."""

import json
import unicodedata
from pathlib import Path

import pytest
import yaml

from knowledge import language
from knowledge.detection import STOPWORDS

QUESTIONS = Path("tests/questions")


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("sq", ("sq", "Latn")),
        ("sr-Latn", ("sr", "Latn")),
        ("sr-Cyrl", ("sr", "Cyrl")),
        ("en", ("en", "Latn")),
    ],
)
def test_codes_part_into_language_and_script_and_join_again(code, parts):
    assert language.split(code) == parts
    assert language.join(*parts) == code


@pytest.mark.parametrize("code", ["sr", "SQ", "sq-Latn", "de", "", "sr-Arab"])
def test_other_codes_are_refused(code):
    with pytest.raises(language.UnknownLanguage):
        language.split(code)


def test_albanian_and_english_have_one_script_only():
    assert language.join("sq", "Cyrl") == "sq"
    with pytest.raises(language.UnknownLanguage):
        language.join("sr", "Arab")


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  a \t\n b ", "a b"),
        ("fe\u0308mije\u0308", "fëmijë"),
        ("a\x00b\x07c", "abc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\u202eevil\u202c", "evil"),
        ("\ud800half", "half"),
        ("ﬁle №", "file No"),
        ("😀", "😀"),
        ("", ""),
        ("\u00ad\u200b \u200b", ""),
        ("\ufdfa", "صلى الله عليه وسلم"),
    ],
)
def test_normalising_leaves_nothing_invisible(typed, clean):
    assert language.normalise(typed) == clean


@pytest.mark.parametrize(
    "text", ["plain ascii", "Fëmijë", "дете", "a  b", "\u0130\u200b", "x\ufdfa"]
)
def test_normalising_twice_changes_nothing_more(text):
    once = language.normalise(text)
    assert language.normalise(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ђорђе", "Djordje"),
        ("Đorđe", "djordje"),
        ("ЉУБАВ", "ljubav"),
        ("Fëmijë", "FEMIJE"),
        ("Çka", "cka"),
        ("Škola", "школа"),
    ],
)
def test_folding_makes_spellings_of_one_word_equal(one, other):
    assert language.fold(one) == language.fold(other)


@pytest.mark.parametrize(
    ("text", "spoken", "script"),
    [
        ("a mundem me regjistru femijen pa dokumente", "sq", "Latn"),
        ("çka duhet me bo kur nxënësi s'vjen në shkollë", "sq", "Latn"),
        ("qysh me fol me prindin", "sq", "Latn"),
        ("dete nema papire za skolu", "sr", "Latn"),
        ("kako da razgovaram sa ocem", "sr", "Latn"),
        ("шта да радим", "sr", "Cyrl"),
        ("can i enrol a child without papers", "en", "Latn"),
        ("WHO DO I CALL ABOUT THIS", "en", "Latn"),
    ],
)
def test_questions_are_read_for_certain(text, spoken, script):
    assert language.detect(text) == language.Detected(spoken, script, certain=True)


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "ok thanks",
        "hello",
        "po",
        "Arben Krasniqi",
        "Marko Petrović",
        "Prishtina",
        "Severna Mitrovica",
        "044 123 456",
        "ura@rks-gov.net",
        "wo finde ich eine wohnung",
        "kush je ti?",
        "a je robot",
        "okula yeni gelen çocuk nerede",
        "x",
        "https://rks-gov.net/sq/fëmijët",
    ],
)
def test_names_courtesies_and_other_languages_are_never_certain(text):
    assert not language.detect(text).certain


@pytest.mark.parametrize("text", ["", " ", "12", "👍", "???", "\u200b", "2026-00042-7"])
def test_without_letters_there_is_no_telling(text):
    assert language.detect(text) == language.Detected(None, "Latn", certain=False)


def test_a_quoted_cyrillic_name_does_not_make_english_serbian():
    assert language.detect("who is responsible for the school in Звечан").language == "en"


@pytest.mark.parametrize("half", ["tune", "test"])
def test_what_is_certain_is_right_on_the_question_files(half):
    heard = [
        (form, language.detect(text))
        for name in ("starter", "out_of_scope", "utterances")
        for form, text in _questions(name, half)
    ]
    certain = [(form, detected) for form, detected in heard if detected.certain]
    wrong = [form for form, detected in certain if not form.startswith(detected.language or "-")]
    right = [form for form, detected in heard if form.startswith(detected.language or "-")]
    assert len(wrong) < len(certain) * 0.01
    assert len(certain) > len(heard) * 0.8
    assert len(right) > len(heard) * 0.97


@pytest.mark.parametrize(
    ("typed", "meant", "spoken"),
    [
        ("nje femije ne shkolle", "një fëmijë në shkollë", "sq"),
        ("Nxenesi eshte i semure", "Nxënësi është i sëmurë", "sq"),
        ("e ka marre DPRRP", "e ka marrë DPRRP", "sq"),
        ("sta moze skola", "šta može škola", "sr"),
        ("rodjen je pre rata, zena kaze", "rođen je pre rata, žena kaže", "sr"),
        ("WordPress NE", "WordPress NE", "sq"),
        ("шта може", "шта може", "sr"),
        ("a nice cafe", "a nice cafe", "en"),
        ("", "", "sq"),
    ],
)
def test_missing_diacritics_are_restored(typed, meant, spoken):
    assert language.restore_diacritics(typed, spoken) == meant


def test_short_words_of_a_writer_who_uses_diacritics_are_meant_as_they_stand():
    assert language.restore_diacritics("ne jemi te zyra për një femije", "sq") == (
        "ne jemi te zyra për një fëmijë"
    )


@pytest.mark.parametrize(("form", "floor"), [("sq", 0.9), ("sr-Cyrl", 0.96)])
def test_most_words_of_the_question_files_come_back(form, floor):
    spoken, _ = language.split(form)
    right = words = 0
    for name in ("starter", "out_of_scope"):
        for asked, text in _questions(name):
            latin = language.to_latin(text)
            if asked != form or latin.isascii():
                continue
            restored = language.restore_diacritics(_plain(latin), spoken).split()
            right += sum(a == b for a, b in zip(restored, latin.split(), strict=True))
            words += len(restored)
    assert right > floor * words


@pytest.mark.parametrize(
    ("one", "other", "spoken"),
    [
        ("fëmijët në shkollë", "femija te shkolla", "sq"),
        ("мајка детета", "majku deteta", "sr"),
        ("nasilje u školama", "насиље у школи", "sr"),
        ("the schools' bullies", "bully at school", "en"),
    ],
)
def test_forms_of_one_word_share_a_lemma(one, other, spoken):
    assert set(language.lemmas(one, spoken)) & set(language.lemmas(other, spoken))


def test_lemmas_are_folded_and_leave_out_stop_words():
    assert language.lemmas("Kjo është një shkollë për fëmijë", "sq") == ["shkolle", "femije"]


@pytest.mark.parametrize(
    ("text", "spoken"), [("DPRRP-ja", "sq"), ("DPRRP-u", "sr"), ("ДПРРП-у", "sr"), ("DPRRP", "en")]
)
def test_endings_tied_to_an_abbreviation_are_cut(text, spoken):
    assert language.lemmas(text, spoken) == ["dprrp"]


@pytest.mark.parametrize("text", ["", "a", "😀", "--", "-a-", "\ud800", "x" * 3000, "ce" * 40])
@pytest.mark.parametrize("spoken", ["sq", "sr", "en"])
def test_odd_texts_are_survived(text, spoken):
    assert isinstance(language.lemmas(text, spoken), list)
    assert isinstance(language.restore_diacritics(text, spoken), str)
    assert language.detect(text).script == "Latn"


def test_the_word_lists_hold_words_only():
    lists = yaml.safe_load(STOPWORDS.read_text(encoding="utf-8"))
    words = [word for kind in lists.values() for group in kind.values() for word in group]
    # An unquoted "no" or "on" in YAML is a truth value.
    assert {type(word) for word in words} == {str}


def test_warming_up_loads_all_that_a_first_question_needs():
    language.warm_up()
    assert language.lemmas("fëmijët", "sq") == ["femije"]


def _questions(name: str, half: str = "") -> list[tuple[str, str]]:
    lines = (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [
        (form, text)
        for row in rows
        if half in ("", row["half"])
        for form, text in row["texts"].items()
    ]


def _plain(text: str) -> str:
    marked = unicodedata.normalize("NFD", text.replace("đ", "dj").replace("Đ", "Dj"))
    return "".join(letter for letter in marked if not unicodedata.combining(letter))
