import re

import pytest

from assistant.web.strings import Words
from config.settings import Settings
from tests.assistant.web.markup import mistakes_in, text_of
from tests.assistant.web.uploads import TEXT, upload
from tests.knowledge.files import FOREIGN, GUIDE, SCAN, a_docx, a_pdf, an_encrypted_pdf

CODES = ("sq", "sr-Latn", "sr-Cyrl", "en")
FIELDS = {
    "title": "Guide for <class> teachers",
    "language": "sr-Cyrl",
    "kind": "training",
    "audience": ["teacher", "imam"],
}
MEGABYTE = 1024 * 1024


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data=tmp_path, upload_limit_mb=1, _env_file=None)


@pytest.fixture
def trainer(sign_in):
    return sign_in("trainer")


@pytest.mark.parametrize(
    ("name", "content"),
    [("guide.pdf", a_pdf()), ("guide.docx", a_docx()), ("guide.md", GUIDE.encode())],
)
def test_every_usual_kind_of_file_is_taken(trainer, name, content):
    reply = upload(trainer, content, name, title="", language="")
    assert reply.status_code == 303
    assert text_of(trainer.get("/library?state=waiting").text).count("version 1") == 1


BAD = [
    ("broken.pdf", b"%PDF-1.4 nothing follows", "errors.file_unreadable"),
    ("closed.pdf", an_encrypted_pdf(), "errors.file_encrypted"),
    ("empty.md", b"", "errors.file_empty"),
    ("picture.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 200, "errors.file_wrong_type"),
    ("program.exe", b"MZ" + b"0" * 200, "errors.file_wrong_type"),
    ("scan.pdf", a_pdf([[]]), "errors.file_no_text"),
]


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_a_file_that_cannot_be_used_is_explained_and_the_form_kept(sign_in, code):
    trainer = sign_in("trainer", language=code)
    for name, content, key in BAD:
        page = upload(trainer, content, name, **FIELDS)
        assert page.status_code == 422, name
        assert Words(code)(key) in text_of(page.text)
        assert Words(code)("library.file_again", name=name) in text_of(page.text)
        assert 'value="Guide for &lt;class&gt; teachers"' in page.text
        assert re.search(r'<option value="sr-Cyrl"[^>]* selected', page.text)
        assert re.search(r'<option value="training"[^>]* selected', page.text)
        ticked = re.findall(r'name="audience" value="(\w+)" checked', page.text)
        assert ticked == ["teacher", "imam"]
        assert mistakes_in(page.text) == []


def test_a_file_over_the_limit_is_refused_with_the_form_kept(trainer):
    page = upload(trainer, b"word " * (MEGABYTE // 5 + 10), "long.txt", **FIELDS)
    assert page.status_code == 422
    assert Words("en")("errors.file_too_large") in text_of(page.text)
    assert "Guide for &lt;class&gt; teachers" in page.text


def test_a_form_without_a_file_asks_for_one(trainer):
    page = trainer.post("/library/upload", data=FIELDS)
    assert page.status_code == 422
    assert Words("en")("library.file_missing") in text_of(page.text)
    assert "Guide for &lt;class&gt; teachers" in page.text


@pytest.mark.parametrize(
    "text",
    ["これは学校のための短い案内です。先生は子どもの話を聞きます。", *FOREIGN.values()],
    ids=["Japanese", *FOREIGN],
)
def test_a_language_that_cannot_be_told_is_asked_for(trainer, text):
    page = upload(trainer, text.encode(), "guide.txt", **FIELDS | {"language": ""})
    assert page.status_code == 422
    assert 'value="Guide for &lt;class&gt; teachers"' in page.text
    assert re.search(r'<option value="training"[^>]* selected', page.text)
    assert Words("en")("library.language_unknown") in text_of(page.text)
    assert re.search(r'<select id="language"[^>]*aria-invalid="true"', page.text)


@pytest.mark.parametrize("code", CODES)
def test_pages_without_text_are_named_to_who_adds_and_who_approves(sign_in, code):
    text = [("Talk with the carer and name one contact person at school.", 11)]
    pdf = a_pdf([text, SCAN, [("Write down what was agreed with the family.", 11)], SCAN, SCAN])
    told = Words(code)("library.without_text", pages="2, 4–5")
    reply = upload(sign_in("trainer", language=code), pdf, "half.pdf")
    for name in ("trainer", "colleague"):
        page = sign_in("trainer", name=name, language=code).get(reply.headers["location"])
        assert told in text_of(page.text)
        assert mistakes_in(page.text) == []


def test_a_script_gets_the_same_answers_as_json(trainer):
    asked = {"Accept": "application/json"}
    files = {"file": ("guide.md", TEXT)}
    good = trainer.post("/library/upload", data={"language": "en"}, files=files, headers=asked)
    assert good.json() == {"location": "/library/guide?version=1&done=added"}
    files = {"file": ("guide.md", b" ")}
    bad = trainer.post("/library/upload", data={}, files=files, headers=asked)
    assert bad.status_code == 422
    told = {"message": Words("en")("errors.file_empty"), "field": "file"}
    assert bad.json() == {"error": told}
