"""The glossary: terms are found in every case, script and spelling, and lead to the others."""

import pytest

from knowledge.glossary import BadGlossary, Glossary, Term
from tests.knowledge.conftest import an_upload, approved


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return Glossary.shipped()


def found(glossary: Glossary, text: str, language: str) -> set[str]:
    return {term.en[0] for piece in glossary.pieces(text, language) for term in piece.terms}


@pytest.mark.parametrize(
    ("text", "language", "term"),
    [
        ("a duhet t'i them shërbimit sprovues", "sq", "Kosovo Probation Service"),
        ("qendrës për punë sociale", "sq", "Centre for Social Work"),
        ("te QPS-ja edhe te xhamia", "sq", "Centre for Social Work"),
        ("drejtoreshes se shkolles", "sq", "school principal"),
        ("sa zgjat denimi me kusht", "sq", "conditional (suspended) sentence"),
        ("u centru za socijalni rad", "sr", "Centre for Social Work"),
        ("идем у ЦСР", "sr", "Centre for Social Work"),
        ("Пробационе службе", "sr", "Kosovo Probation Service"),
        ("zena sa uslovnom osudom", "sr", "conditional (suspended) sentence"),
        ("the csw did not answer", "en", "Centre for Social Work"),
        ("two social workers came", "en", "social worker"),
    ],
)
def test_a_term_is_found_in_every_case_script_and_spelling(glossary, text, language, term):
    names = found(glossary, text, language)
    assert any(name.startswith(term.split(" (")[0]) for name in names), names


def test_the_longest_name_wins(glossary):
    assert "school" not in found(glossary, "the school psychologist is ill", "en")
    assert "school psychologist" in found(glossary, "the school psychologist is ill", "en")


def test_text_without_a_term_names_none(glossary):
    for text, language in [("hoće li to ipak", "sr"), ("", "sq"), ("🙂 12", "en")]:
        assert found(glossary, text, language) == set()


def test_each_term_has_a_name_in_each_language(glossary):
    assert len(glossary.terms) > 250
    for term in glossary.terms:
        assert all(name.strip() for language in ("en", "sq", "sr") for name in term.names(language))


def test_doubled_and_circular_terms_are_found_once_each():
    there = Term(("camp",), ("kamp", "tabor"), ("logor",))
    back = Term(("tabor",), ("tabor", "kamp"), ("kamp",))
    glossary = Glossary([there, there, back])
    assert glossary.terms == (there, back)
    [piece] = glossary.pieces("kampi", "sq")
    assert piece.terms == (there, back)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("en,sq\na,b\n", "line 1"),
        ("en,sq,sr\na,b,c\nd,,f\n", "line 3"),
        ("en,sq,sr\n\na,b,c\n\nd, ,f\n", "line 5"),
        ("en,sq,sr\na,b\n", "line 2"),
        ("en,sq,sr\na,b,c,d\n", "line 2: a cell too many"),
        ('en,sq,sr\na,b,"c\nd,e,f\n', "unexpected end"),
        ('en,sq,sr\na,"b,c\nd,e,f\n', "unexpected end"),
        ('en,sq,sr\na,b,"c\nd,e,f"\ng,h,i\n', "line 3: .*does not end on its line"),
        ('en,sq,sr\na,b,"c\nd,"e",f\n', "after line 1"),
        ("en,sq,sr\na,b," + "c" * 200_000 + "\n", "field limit"),
        ("", "line 1"),
    ],
)
def test_what_is_no_glossary_is_refused_with_its_line(tmp_path, content, line):
    path = tmp_path / "glossary.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadGlossary, match=line):
        Glossary.load(path)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffen,sq,sr\na,b,c\n",
        "en,sq,sr\r\na,b,c\r\n",
        'sr,more,en,sq\nc,,"a","b"',
    ],
)
def test_marks_line_ends_and_columns_may_be_others(tmp_path, content):
    path = tmp_path / "glossary.csv"
    path.write_bytes(content.encode())
    assert Glossary.load(path).terms == (Term(("a",), ("b",), ("c",)),)


def test_a_glossary_in_an_old_encoding_is_refused(tmp_path):
    path = tmp_path / "glossary.csv"
    path.write_bytes("en,sq,sr\nchild,fëmijë,dete\n".encode("cp1250"))
    with pytest.raises(BadGlossary, match="not UTF-8"):
        Glossary.load(path)


def test_rows_that_name_one_another_in_a_circle_end(tmp_path, open_library, monkeypatch):
    path = tmp_path / "glossary.csv"
    rows = ["alpha,beta,gama", "beta,gama,alpha", "gama,alpha,beta"] * 2
    path.write_text("\n".join(["en,sq,sr", *rows]), encoding="utf-8")
    circle = Glossary.load(path)
    assert len(circle.terms) == 3
    assert [piece.words for piece in circle.pieces("alpha beta gama alpha", "en")] == [
        *["alpha", "beta", "gama", "alpha"]
    ]
    monkeypatch.setattr(Glossary, "shipped", lambda: circle)
    library = open_library()
    document = approved(library, an_upload("beta gama", language="sq", title="Circle"))
    assert library.search("alpha beta", language="en").hits[0].document == document


@pytest.mark.slow
@pytest.mark.parametrize("shared", ["same", "word{}"])
def test_fifty_thousand_rows_are_read_and_asked(tmp_path, shared):
    path = tmp_path / "glossary.csv"
    rows = [f"thing{n},{shared.format(n)},stvar{n}" for n in range(50_000)]
    path.write_text("\n".join(["en,sq,sr", *rows]), encoding="utf-8")
    large = Glossary.load(path)
    [piece] = large.pieces(shared.format(49_999), "sq")
    assert piece.terms[-1].en == ("thing49999",)
    assert len(piece.terms) == (50_000 if shared == "same" else 1)
