"""Cyrillic in Latin letters."""

import pytest

from knowledge.serbian import to_latin

CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
LATIN = "abvgdđežzijklljmnnjoprstćufhcčdžš"


def test_every_letter_has_its_latin_form():
    assert to_latin(CYRILLIC) == LATIN
    assert to_latin(CYRILLIC.upper()) == LATIN.upper()


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Љубав", "Ljubav"),
        ("ЉУБАВ", "LJUBAV"),
        ("Његош", "Njegoš"),
        ("КОЊ", "KONJ"),
        ("КОЊ.", "KONJ."),
        ("Њ", "Nj"),
        ("Љ. П.", "Lj. P."),
        ("ЏЕМПЕР и Џемпер", "DŽEMPER i Džemper"),
        ("ЊЉ", "NJLJ"),
        ("Ђорђе Џамић", "Đorđe Džamić"),
        ("инјекција, надживети", "injekcija, nadživeti"),
    ],
)
def test_capital_digraphs_follow_their_neighbours(cyrillic, latin):
    assert to_latin(cyrillic) == latin


@pytest.mark.parametrize(
    "text", ["", "Fëmijë pa dokumente", "čćžšđ Lj", "2026-00042-7", "😀 a@b.c"]
)
def test_everything_else_stays_as_it_is(text):
    assert to_latin(text) == text


def test_mixed_text_changes_only_its_cyrillic_part():
    assert to_latin("Пошаљите на ura@rks-gov.net, ДПРРП (DPRRP)") == (
        "Pošaljite na ura@rks-gov.net, DPRRP (DPRRP)"
    )
