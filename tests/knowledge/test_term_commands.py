"""The own terms as a table: taken out, and taken in whole or not at all."""

import pytest

from tests.knowledge.test_main import data, run

__all__ = ["data", "run"]
ROWS = "en,sq,sr\nbagrem club,klubi bagrem / bagremi,клуб Багрем\nacacia,akacie,akacija\n"


@pytest.fixture
def table(tmp_path):
    def written(text: str | bytes, name: str = "terms.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def complaints(result) -> list[str]:
    assert result.exit_code == 1
    return [line.removeprefix("knowledge: ") for line in result.stderr.splitlines()]


def test_what_is_imported_is_exported_again(run, table, tmp_path):
    done = run("terms", "import", table(ROWS))
    assert (done.exit_code, done.stdout) == (0, "2 terms added\n")
    out = tmp_path / "out.csv"
    assert run("terms", "export", out).stdout == "2 terms written\n"
    assert out.read_bytes().decode("utf-8-sig").splitlines() == [
        "en,sq,sr",
        "bagrem club,klubi bagrem / bagremi,klub Bagrem",
        "acacia,akacie,akacija",
    ]


def test_an_exported_table_can_be_imported_elsewhere(run, table, tmp_path):
    out = tmp_path / "out.csv"
    run("terms", "import", table(ROWS))
    run("terms", "export", out)
    assert complaints(run("terms", "import", out)) == [
        "out.csv, line 2: a term with the same first names is there already",
        "out.csv, line 3: a term with the same first names is there already",
        "nothing was added",
    ]
    more = out.read_text(encoding="utf-8").replace("bagrem", "lipa").replace("acacia", "linden")
    assert run("terms", "import", table(more)).stdout == "2 terms added\n"


def test_bad_rows_are_named_one_a_line_and_nothing_is_added(run, table, tmp_path):
    bad = f"{ROWS}acacia,akacie,akacija\n,bletë,и\np q r s t u,bletë,\x07\nschool,shkollë,škola\n"
    said = complaints(run("terms", "import", table(bad)))
    assert said == [
        "terms.csv, line 4: a term with the same first names is there already",
        "terms.csv, line 5: en: nothing in it, sr: no form that a question could name",
        "terms.csv, line 6: en: a form of more than 5 words (only so many are looked at), "
        "sr: an invisible or control character in it",
        "terms.csv, line 7: a term that Ura comes with says all of this",
        "nothing was added",
    ]
    assert run("terms", "export", tmp_path / "out.csv").stdout == "0 terms written\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("en,sq\na,b\n", "terms.csv, line 1: the columns are en, sq, sr"),
        ("", "terms.csv, line 1: the columns are en, sq, sr"),
        ("en;sq;sr\na;b;c\n", "terms.csv, line 1: the columns are en, sq, sr"),
        ("en,sq,sr\na,b,c,d\n", "terms.csv, line 2: more cells than columns"),
        (b"en,sq,sr\nklub\xeb,a,b\n", "terms.csv: no CSV file in UTF-8"),
        ('en,sq,sr\n"a,b,c\n', "terms.csv: no CSV file in UTF-8"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_a_line(run, table, content, said):
    assert complaints(run("terms", "import", table(content)))[0].startswith(said)


def test_a_file_that_cannot_be_opened_is_named(run, tmp_path):
    for step in ("import", "export"):
        [line] = complaints(run("terms", step, tmp_path / "none" / "terms.csv"))
        assert line.endswith("terms.csv: No such file or directory")
