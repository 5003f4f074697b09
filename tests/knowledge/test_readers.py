"""Bad input first: what an upload may be, and what is said about it."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge import readers
from knowledge.readers import UnreadableFile, read
from tests.knowledge.files import (
    GUIDE,
    a_docx,
    a_docx_bomb,
    a_pdf,
    an_encrypted_pdf,
    an_overlapping_docx,
)

TEXT = "Bisedoni me nxënësin dhe dëgjojeni deri në fund."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def code_of(name: str, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(name, content)
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.txt", b" \n\t\n ", "empty"),
        ("a.pdf", a_pdf([]), "empty"),
        ("a.pdf", a_pdf([[]]), "no_text"),
        ("a.pdf", a_pdf([[("12", 11)]]), "no_text"),
        ("a.pdf", an_encrypted_pdf(), "encrypted"),
        ("a.pdf", a_docx(), "wrong_type"),
        ("a.docx", a_pdf(), "wrong_type"),
        ("a.txt", a_pdf(), "wrong_type"),
        ("a.md", b"<!DOCTYPE html><html><body><p>page</p></body></html>", "wrong_type"),
        ("a.html", TEXT.encode(), "wrong_type"),
        ("a.exe", TEXT.encode(), "wrong_type"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "wrong_type"),
        ("a.doc", OLE, "wrong_type"),
        ("a.docx", OLE, "wrong_type"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.pdf", b"%PDF-1.4\nnothing else", "unreadable"),
        ("a.docx", a_docx()[:3000], "unreadable"),
        ("a.docx", b"PK\x03\x04word/" + b"\xff" * 200, "unreadable"),
        ("a.txt", b"words \x00 more words", "unreadable"),
        ("a.md", b"---\nid: [broken\n---\ntext", "front_matter"),
        ("a.md", b"---\ntitle: Nothing below\n---\n", "no_text"),
        ("a.html", b"<html><body><script>let a = 1</script></body></html>", "no_text"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(name, content, code):
    assert code_of(name, content) == code


def test_a_file_over_the_limit_is_refused_unread():
    began = time.monotonic()
    assert code_of("a.pdf", b"%PDF-1.4" + b"x" * 21 * 1024 * 1024) == "too_large"
    assert time.monotonic() - began < 1


def test_the_limit_can_be_set():
    with pytest.raises(UnreadableFile, match="too_large"):
        read("a.txt", TEXT.encode(), limit_bytes=10)


def test_a_word_file_that_inflates_beyond_measure_is_refused():
    assert code_of("a.docx", a_docx_bomb()) == "too_large"


def test_a_word_file_with_overlapping_parts_is_refused():
    assert code_of("a.docx", an_overlapping_docx()) == "unreadable"


def test_yaml_that_unfolds_into_billions_of_values_is_harmless():
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    content = f"---\nl0: &l0 [x]\n{levels}\ntitle: *l29\n---\n{TEXT}"
    assert read("a.md", content.encode()).front == {"title": []}


def test_a_file_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(readers, "WALL_CLOCK_S", 0.01)
    assert code_of("a.txt", TEXT.encode()) == "unreadable"


def test_at_most_two_files_are_opened_at_once(monkeypatch):
    lock, now, most = threading.Lock(), 0, 0

    def counted(args, **_options):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.05)
        with lock:
            now -= 1
        return subprocess.CompletedProcess(args, 0, b'{"code": "no_text"}')

    monkeypatch.setattr(readers.subprocess, "run", counted)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: code_of("a.txt", TEXT.encode()), range(6)))
    assert most == 2


def test_a_huge_single_line_is_read():
    source = read("a.txt", ("word " * 100_000).encode())
    assert len(source.blocks) == 1


def test_more_text_than_anyone_could_approve_is_refused():
    assert code_of("a.txt", b"word " * 700_000) == "too_large"


def test_every_kind_is_read_through_the_child_process():
    assert "words on a page" in read("a.PDF", a_pdf()).blocks[0].text
    assert read("a.docx", a_docx()).blocks[0].text == "Prishja e qetësisë"
    assert read("a.htm", b"<p>One paragraph</p>").blocks[0].text == "One paragraph"
    assert read("a.txt", TEXT.encode()).blocks[0].text == TEXT
    assert read("guide.md", GUIDE.encode()).front["id"] == "guide"


def test_a_pdf_that_only_forbids_printing_is_read():
    assert read("a.pdf", an_encrypted_pdf(opens_with="")).blocks


def test_the_child_process_is_light_and_sees_no_environment():
    loaded = subprocess.run(
        [sys.executable, "-c", "import knowledge.reader_process, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"torch", "numpy", "sqlalchemy", "pydantic", "config"} & set(loaded)


def test_the_child_process_cannot_grow_without_end():
    code = "from knowledge import reader_process as p; p._limit(); x = bytearray(4 * 2**30)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert b"MemoryError" in ended.stderr


def test_the_child_process_cannot_write_files(tmp_path):
    code = (
        "from knowledge import reader_process as p; p._limit(); "
        f"open({str(tmp_path / 'a')!r}, 'w').write('x' * 9)"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (tmp_path / "a").read_bytes() == b""
