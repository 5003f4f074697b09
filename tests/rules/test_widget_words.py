"""The widget asks for no word that is missing, and no word waits in vain."""

import re
from pathlib import Path

from config.files import load_yaml

STATIC = Path(__file__).parents[2] / "assistant" / "web" / "static"
SCRIPTS = [path.read_text(encoding="utf-8") for path in sorted(STATIC.glob("widget*.js"))]
WORDS = set(load_yaml("interface/widget.yml"))
# Sent beside them, so that a day is written as on the pages.
DATES = set(load_yaml("interface/dates.yml"))
# A key that is put together: `reason_${reason}` stands for every word that begins with "reason_".
BEGINNING = re.compile(r"`(\w+_)\$\{")
ENDING = re.compile(r"`\$\{\w+\}(_\w+)`")
QUOTED = re.compile(r'"([a-z][a-z_]+)"')


def test_every_word_of_the_widget_is_there_and_used():
    text = "\n".join(SCRIPTS)
    said = set(re.findall(r'say\("(\w+)"', text))
    assert said - WORDS - DATES == set()
    beginnings, endings = BEGINNING.findall(text), ENDING.findall(text)
    plain = set(QUOTED.findall(text))
    unused = {
        word
        for word in WORDS - plain
        if not word.startswith(tuple(beginnings)) and not word.endswith(tuple(endings))
    }
    assert unused == set()


def test_nothing_a_person_reads_stands_in_the_scripts():
    # A letter that neither English code nor our Latin-only identifiers have; the two tables that
    # must name them, transliteration and the languages' own names, are left out.
    sources = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("widget*.js")}
    tables = {"widget-serbian.js", "widget-words.js"}
    found = [name for name, text in sources.items() if re.search("[ëçčćšžđЀ-ӿ]", text)]
    assert set(found) <= tables
