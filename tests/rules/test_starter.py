"""The starter library: complete in three languages, marked as what it is."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

STARTER = Path(__file__).parents[2] / "knowledge" / "starter"
FILES = sorted(STARTER.rglob("*.md"))
KEYS = {
    "id", "title", "kind", "audience", "language", "sources", "review", "language_review",
    "valid_from",
}  # fmt: skip
KINDS = {"strategy", "protocol", "training", "institution"}


def _read(path: Path) -> tuple[dict, str]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def test_at_least_fifteen_documents_stand_in_each_language():
    by_language = {one: {f.name.split(".")[0] for f in FILES if f".{one}." in f.name}
                   for one in ("sq", "sr", "en")}  # fmt: skip
    assert len(by_language["sq"]) >= 15
    assert by_language["sq"] == by_language["sr"] == by_language["en"]


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_a_starter_text_says_what_it_is(path):
    front, body = _read(path)
    assert set(front) == KEYS
    assert path.name == f"{front['id']}.{front['language']}.md"
    assert front["kind"] in KINDS
    assert front["review"] == "starter"
    assert front["language_review"] == "unconfirmed"
    assert front["sources"]
    assert isinstance(front["valid_from"], date)
    words = [word for word in body.split() if re.search(r"\w", word)]
    assert 150 <= len(words) <= 400
    assert len(re.findall(r"^## ", body, re.M)) >= 2


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_a_starter_text_gives_no_telephone_number_but_192_and_112(path):
    _, body = _read(path)
    assert re.findall(r"\+383|\b0\d{2}[ /-]?\d{3}[ /-]?\d{3}\b|\b0800\b|\b116 ?111\b", body) == []


@pytest.mark.parametrize("path", [p for p in FILES if ".sr." in p.name], ids=lambda p: p.name)
def test_our_serbian_is_cyrillic_with_few_latin_words(path):
    front, body = _read(path)
    latin = len(re.findall(r"[A-Za-z]", body))
    cyrillic = len(re.findall(r"[Ѐ-ӿ]", body))
    assert latin < cyrillic / 10
    mixed = r"\b(?=\w*[A-Za-z])(?=\w*[Ѐ-ӿ])\w+\b"
    assert re.findall(mixed, " ".join([body, front["title"], *front["sources"]])) == []


@pytest.mark.parametrize("name", sorted({f.name.split(".")[0] for f in FILES}))
def test_the_three_languages_have_the_same_sections(name):
    counts = {
        path.name: len(re.findall(r"^## ", _read(path)[1], re.M))
        for path in FILES if path.name.startswith(f"{name}.")
    }  # fmt: skip
    assert len(set(counts.values())) == 1, counts
