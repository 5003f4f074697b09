"""What speaks for a passage in the other languages of its document."""

import numpy as np
import pytest

from knowledge.voices import Voices, voices_of
from tests.fakes import FakeEncoder
from tests.knowledge.conftest import an_upload, approved

GUIDE = "---\nid: {family}\ntitle: {family}\nlanguage: {language}\n---\n## Steps\n{text}\n"


def a_guide(family: str, language: str, text: str):
    content = GUIDE.format(family=family, language=language, text=text)
    return an_upload(content, name="a.md", title=None, language=None)


@pytest.fixture
def index(library):
    approved(library, a_guide("report", "en", "Count every absence.\n## More\nCount absences."))
    approved(library, a_guide("bullying", "en", "A child is bullied at school."))
    approved(library, a_guide("bullying", "sq", "Një fëmijë ngacmohet në shkollë."))
    return library._index.current()


def test_only_other_languages_speak_for_a_document(index):
    view = index.view("sq", "Latn")
    rows = view.rows
    families = [index.passages[row].family for row in rows]
    vector = FakeEncoder().queries(["child bullied"])[0]
    voices = voices_of(index, view, vector, rows)
    assert voices.heard.tolist() == [family == "bullying" for family in families]
    of_bullying = families.index("bullying")
    spoken = index.passages[voices.first[of_bullying]]
    assert (spoken.family, spoken.language) == ("bullying", "en")
    assert voices.first[of_bullying] == voices.second[of_bullying]


def test_where_nothing_speaks_a_passage_keeps_its_own_nearness():
    heard, rows = np.array([True, False]), np.array([3, 3])
    own = np.array([0.5, 0.9], np.float32)
    mixture = Voices(heard, rows, rows).mixed_into(own, lambda _: np.ones(2, np.float32), 0.5)
    assert mixture.tolist() == pytest.approx([0.75, 0.9])


def test_a_library_in_one_language_has_no_voices(library):
    approved(library, a_guide("report", "en", "Count every absence."))
    index = library._index.current()
    view = index.view("en", "Latn")
    voices = voices_of(index, view, index.vectors(view.rows)[0], view.rows)
    assert not voices.heard.any()
