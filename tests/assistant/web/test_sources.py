"""The page behind a citation: the approved text, in the reader's script, and nothing else."""

import pytest

from knowledge.library import Upload

LATER = """# Полазак у школу

## Документа

Дете полази у школу одмах и када документа недостају. Школа уписује дете и тражи да општинска
дирекција за образовање среди документа накнадно, у току истог месеца. Дете се не испитује.

## Први дани

Учитељ бира једног друга за првих неколико дана и обавештава психолога школе о напретку детета.
"""


@pytest.fixture
def library(app_parts):
    return app_parts.library


def add(library, text, *, approve=True, title="Полазак у школу"):
    upload = Upload("school.md", text.encode(), title=title, language="sr", kind="protocol")
    added = library.add(upload, by="one trainer")
    if approve:
        library.approve(added.document, by="another trainer")
    return f"/sources/{added.document}", added


def test_the_whole_text_is_shown_with_headings_and_places(library, sign_in):
    address, _ = add(library, LATER)
    page = sign_in("teacher", language="en").get(address).text
    assert "<h2>Документа</h2>" in page
    assert "Учитељ бира једног друга" in page
    assert 'id="p1"' in page
    assert 'id="p2"' in page
    assert '<article class="source stack" lang="sr-Cyrl">' in page
    assert "Protocol" in page


def test_a_reader_of_latin_sees_our_cyrillic_in_latin(library, sign_in):
    address, _ = add(library, LATER)
    page = sign_in("teacher", language="sr-Latn").get(address).text
    assert "Učitelj bira jednog druga" in page
    assert 'lang="sr-Latn"' in page


def test_a_text_that_waits_or_was_rejected_is_not_there(library, sign_in):
    address, added = add(library, LATER, approve=False)
    teacher = sign_in("teacher")
    assert teacher.get(address).status_code == 404
    library.reject(added.document, by="another trainer", reason="no")
    assert teacher.get(address).status_code == 404
    assert teacher.get("/sources/no-such-document").status_code == 404
    assert teacher.get(f"{address}?version=7").status_code == 404


def test_an_older_version_says_that_it_is_not_used_any_more(library, sign_in):
    address, first = add(library, LATER)
    _, second = add(library, LATER.replace("одмах", "истог дана"))
    assert second.document == first.document
    teacher = sign_in("teacher", language="en")
    old = teacher.get(f"{address}?version={first.version}").text
    assert "одмах" in old
    assert "no longer used" in old
    new = teacher.get(address).text
    assert "истог дана" in new
    assert "no longer used" not in new


def test_a_withdrawn_text_is_left_to_those_who_look_after_the_library(library, sign_in):
    address, added = add(library, LATER)
    library.withdraw(added.document, by="one trainer", reason="a name was in it")
    assert sign_in("teacher").get(address).status_code == 404
    assert sign_in("trainer").get(address).status_code == 200


def test_markup_in_a_document_stays_text(library, sign_in):
    address, _ = add(library, LATER.replace("Учитељ", "&lt;b onclick=x&gt; Учитељ"))
    assert "<b onclick" not in sign_in("teacher").get(address).text


def test_who_may_not_ask_may_not_read(library, sign_in):
    address, _ = add(library, LATER)
    assert sign_in("admin").get(address).status_code == 403


def test_a_version_that_is_no_number_is_refused_in_words(library, sign_in):
    address, _ = add(library, LATER)
    refused = sign_in("teacher", language="en").get(f"{address}?version=two")
    assert refused.status_code == 422
    assert "Something needs correcting" in refused.text
