"""What in a message identifies somebody. Everybody here is invented."""

import pytest
from typer.testing import CliRunner

import knowledge.__main__ as commands
from knowledge.language import LANGUAGES
from knowledge.personal_data import KINDS, find_personal, mask
from knowledge.personal_measures import (
    BadSentences,
    Figures,
    below,
    measure,
    read_sentences,
    together,
)


def found_in(text, public=lambda _: False):
    return [(one.kind, text[one.start : one.end]) for one in find_personal(text, public)]


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("nr personal 1234567890 a vlen", "personal_number", "1234567890"),
        ("lični broj 1234 567 890", "personal_number", "1234 567 890"),
        ("JMBG 0101990910019 je njen", "jmbg", "0101990910019"),
        ("JMBG 0101990910012 with a slip", "jmbg", "0101990910012"),
        ("NID J51215062E nga Tirana", "albanian_id", "J51215062E"),
        ("zovite 063/123-4567", "phone", "063/123-4567"),
        ("thirre 044/123-456 nesër", "phone", "044/123-456"),
        ("038 200 300", "phone", "038 200 300"),
        ("+383 (0)44 123 456", "phone", "+383 (0)44 123 456"),
        ("383 44 123 456", "phone", "383 44 123 456"),
        ("pišite na arta.b@shkolla.net, molim", "email", "arta.b@shkolla.net"),
        ("arta.b (at) shkolla.net", "email", "arta.b (at) shkolla.net"),
        (
            "te XK05 1212 0123 4567 8906 kjo",
            "bank_account",
            "XK05 1212 0123 4567 8906",
        ),
        ("xk061212012345678906 wrong by one", "bank_account", "xk061212012345678906"),
        ("račun 160-5600100160113-79", "bank_account", "160-5600100160113-79"),
        ("makina 01-123-AB", "plate", "01-123-AB"),
        ("makina 01-123-ab", "plate", "01-123-ab"),
        ("auto BG 123-AB", "plate", "BG 123-AB"),
        ("у ул. Краља Петра бр. 5, спрат", "address", "ул. Краља Петра бр. 5"),
        ("te rr. Nëna Terezë 12, Pejë", "address", "rr. Nëna Terezë 12"),
        ("at 12 Mother Teresa Street", "address", "12 Mother Teresa Street"),
        ("ul. Filipa Višnjića bb", "address", "ul. Filipa Višnjića bb"),
        ("XK05-1212-0123-4567-8906", "bank_account", "XK05-1212-0123-4567-8906"),
        ("passport P00123456", "long_number", "P00123456"),
        ("nxënësi Arben Krasniqi mungon", "name", "Arben Krasniqi"),
        ("učenik M. Petrović je tu", "name", "M. Petrović"),
        ("officer Burim Ademi came", "name", "Burim Ademi"),
    ],
)
def test_each_kind_is_found_where_it_stands(text, kind, what):
    assert found_in(text) == [(kind, what)]


@pytest.mark.parametrize(
    "text",
    [
        "Ligji 06/L-082, neni 14, paragrafi 2, viti 2023-2028",
        "upućivanje 2026-00042-7 od 05.03.2026.",
        "Udhëzimi 12/2018, Rregullorja (BE) 2016/679, prot. 02-345/2024",
        "Do I call 192, 112, 116 111 or 0800 12345?",
        "1.250.000 euro, 12 000 €, 48 orë, 12 vjeç, kl. 9-3, 8:30-15:00",
        "shkolla Naim Frashëri, OŠ Sveti Sava, Mother Teresa School",
        "Sipas Kursanit (2015), Prema Jakupiju i Kraji (2018)",
        "ulica do škole je duga 4 km",
        "kemi 4 rrugë, 2 ulice i 3 sheshe; klasa 5 Lagjja Dardania nuk ka",
        "ne jeten time 5 vjet pa shkolle, s'muj me e ul me 7-vjecare",
        "Kush punon në Mitrovicën e Veriut, ko radi u Đeneral Jankoviću?",
        "Room 214, floor 5, entrance B, form F-12",
        "",
    ],
)
def test_laws_dates_sums_schools_and_authors_are_spared(text):
    assert found_in(text) == []


def test_who_is_named_in_approved_documents_may_be_named():
    assert found_in("what did Lirak Zhubi write", {"lirak", "zhubi"}.__contains__) == []
    assert found_in("what did Lirak Zhubi write") == [("name", "Lirak Zhubi")]


@pytest.mark.parametrize("text", ["1" * 2000, "+" * 2000, "Rr. " * 500, "a@" * 1000, "AB12 " * 400])
def test_what_is_made_to_take_long_comes_to_an_end(text):
    assert find_personal(text) is not None


def test_a_mask_takes_the_place_of_each_thing():
    text = "call Arta Zeneli on 049 123 456 now"
    marks = {kind: f"[{kind}]" for kind in KINDS}
    assert mask(text, find_personal(text), marks) == "call [name] on [phone] now"


def test_recall_and_false_alarms_are_counted(tmp_path):
    file = tmp_path / "en.jsonl"
    file.write_text(
        '{"half": "test", "text": "call 049 123 456", "spans":'
        ' [{"kind": "phone", "start": 5, "end": 16}]}\n'
        '{"half": "test", "text": "the code is blue", "spans":'
        ' [{"kind": "address", "start": 12, "end": 16}]}\n'
        '{"half": "test", "text": "call 049 123 456 they say", "spans": []}\n'
        '{"half": "tune", "text": "never read", "spans": []}\n',
        encoding="utf-8",
    )
    figures = measure(read_sentences(file, "test"))
    assert (figures.recall, figures.false_alarms, figures.harmless) == (0.5, 1.0, 1)
    both = together([figures, figures])
    assert both.found["phone"] == (2, 2)
    told = below({"all": both}, {"all": {"recall": 0.98, "false_alarms": 0.02}})
    assert len(told) == 2


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        '{"text": "a", "spans": []}',
        '{"half": "test", "text": "a", "spans": [{"kind": "phone", "start": 0, "end": 2}]}',
        '{"half": "test", "text": "a", "spans": [{"kind": "shoe", "start": 0, "end": 1}]}',
    ],
)
def test_a_bad_line_is_named(tmp_path, line):
    file = tmp_path / "sq.jsonl"
    file.write_text(f'{{"half": "test", "text": "a", "spans": []}}\n{line}\n', encoding="utf-8")
    with pytest.raises(BadSentences, match="line 2"):
        read_sentences(file)


def test_nothing_there_to_find_is_all_found():
    assert Figures({"numbers and addresses": (0, 0)}, 0, 0, 0).recall == 1.0


def command(*words):
    return CliRunner().invoke(commands.app, ["personal-data", *map(str, words)])


def test_the_command_keeps_the_floors_of_the_project():
    ended = command("--half", "test", "--floors", "tests/personal_data/floors.yml")
    assert ended.exit_code == 0
    assert "numbers and addresses" in ended.output


def test_the_command_names_a_floor_that_is_missed(tmp_path):
    floors = tmp_path / "floors.yml"
    floors.write_text("en: {recall: 1.01, false_alarms: 0.02}", encoding="utf-8")
    ended = command("--half", "tune", "--floors", floors)
    assert ended.exit_code == 1
    assert "en recall is" in ended.output


def test_the_command_says_what_is_wrong_with_its_files(tmp_path):
    assert "name one with sentences" in command(tmp_path).output
    assert "tune or test" in command("--half", "whole").output
    for code in LANGUAGES:
        (tmp_path / f"{code}.jsonl").write_text("{}\n", encoding="utf-8")
    assert "sq.jsonl, line 1" in command(tmp_path).output
    bad = tmp_path / "floors.yml"
    bad.write_text("en: {recal: 0.9}", encoding="utf-8")
    assert "no floor" in command("--floors", bad).output
