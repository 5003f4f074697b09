from pathlib import Path

import pytest

from tests.knowledge.conftest import ARTA, BLERIM, an_upload
from tests.knowledge.files import GUIDE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "starter" / "protocols"
    folder.mkdir(parents=True)
    (folder / "guide.en.md").write_text(GUIDE, encoding="utf-8")
    return folder.parent


def change(folder: Path) -> None:
    (folder / "protocols" / "guide.en.md").write_text(
        GUIDE.replace("Stop the behaviour", "End the behaviour"), encoding="utf-8"
    )


def versions(library) -> list[tuple[int, str, str]]:
    return [(one.version, one.state, one.added_by) for one in library.list()]


def test_starter_documents_answer_at_once(library, folder):
    assert library.load_starter(folder=folder) == 1
    assert library.ready
    assert versions(library) == [(1, "approved", "starter")]


def test_what_did_not_change_is_not_loaded_again(library, folder):
    library.load_starter(folder=folder)
    assert library.load_starter(folder=folder) == 0


def test_a_changed_document_replaces_the_one_before(library, folder):
    library.load_starter(folder=folder)
    change(folder)
    assert library.load_starter(folder=folder) == 1
    assert versions(library) == [(2, "approved", "starter")]


def test_what_people_withdrew_stays_withdrawn(library, folder):
    library.load_starter(folder=folder)
    library.withdraw("guide.en", by=ARTA, reason="wrong")
    assert library.load_starter(folder=folder) == 0
    change(folder)
    library.load_starter(folder=folder)
    assert versions(library) == [(1, "withdrawn", "starter"), (2, "waiting", "starter")]


def test_what_people_replaced_is_not_overwritten(library, folder):
    library.load_starter(folder=folder)
    library.add(an_upload(GUIDE.replace("calmly", "firmly"), name="g.md", title=None), by=ARTA)
    library.approve("guide.en", by=BLERIM)
    change(folder)
    library.load_starter(folder=folder)
    assert versions(library) == [(2, "approved", ARTA), (3, "waiting", "starter")]


def test_the_shipped_documents_load(library):
    count = library.load_starter()
    listed = library.list()
    assert count == len(listed) >= 45
    assert {one.review for one in listed} == {"starter"}
    assert {one.state for one in listed} == {"approved"}
