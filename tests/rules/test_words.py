"""Every word a person can read exists in every language, and none lives in Python."""

import ast
import re
from pathlib import Path

import pytest

from config.files import load_folder

ROOT = Path(__file__).parents[2]
PACKAGES = ("assistant", "actions", "knowledge", "config")
LANGUAGES = {"sq", "sr", "en"}
CYRILLIC = re.compile(r"[Ѐ-ӿ]")
# Letters no Serbian or English word has; a sentence with them in Python is a stray translation.
FOREIGN = re.compile(r"[ëçËÇ]|[А-Яа-яЂђЈјЉљЊњЋћЏџ]{3,}")


def entries(node, trail=()):
    if isinstance(node, dict) and set(node) >= LANGUAGES:
        yield ".".join(map(str, trail)), node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from entries(value, (*trail, key))


TOPICS = load_folder("interface")
ENTRIES = [
    (f"{topic}.{key}", words) for topic, node in TOPICS.items() for key, words in entries(node)
]


def test_there_are_words_to_check():
    assert len(ENTRIES) > 100


@pytest.mark.parametrize(("key", "words"), ENTRIES, ids=[key for key, _ in ENTRIES])
def test_a_word_is_there_in_every_language_with_the_same_blanks(key, words):
    for language in LANGUAGES:
        assert str(words[language]).strip(), f"{key} is empty in {language}"
    blanks = {one: sorted(re.findall(r"\{(\w+)\}", str(words[one]))) for one in LANGUAGES}
    assert blanks["sq"] == blanks["sr"] == blanks["en"]


def test_our_serbian_is_written_in_cyrillic():
    latin = [
        key
        for key, words in ENTRIES
        if re.search(r"[a-zčćšžđ]{4,}", re.sub(r"\{\w+\}", "", str(words["sr"])))
        and not CYRILLIC.search(str(words["sr"]))
    ]
    # Names of languages and products keep their own script.
    assert [key for key in latin if "language" not in key and "_name" not in key] == []


def test_nothing_is_left_without_a_translation():
    def leaves(node, trail=()):
        if isinstance(node, dict) and not LANGUAGES & set(node):
            for key, value in node.items():
                yield from leaves(value, (*trail, key))
        elif isinstance(node, dict) and not set(node) >= LANGUAGES:
            yield ".".join(map(str, trail))

    assert [key for topic in TOPICS.values() for key in leaves(topic)] == []


def test_no_translation_hides_in_python():
    hidden = []
    for path in (path for name in PACKAGES for path in (ROOT / name).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and " " in node.value and FOREIGN.search(node.value):
                hidden.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    docstrings_may = [one for one in hidden if not _is_docstring(one)]
    assert docstrings_may == []


def _is_docstring(place: str) -> bool:
    path, line = place.rsplit(":", 1)
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            first = body[0].value
            if isinstance(first, ast.Constant) and first.lineno == int(line):
                return True
    return False
