from datetime import date

import pytest

from knowledge.frontmatter import FrontMatter, read, split
from knowledge.source_text import UnreadableFile
from tests.knowledge.files import GUIDE


def test_front_matter_is_taken_off_the_text_and_read():
    values, body = split(GUIDE)
    assert body.lstrip().startswith("## The same day")
    assert read(values) == FrontMatter(
        id="guide",
        title="Bullying at school",
        kind="protocol",
        audience=("teacher", "social_worker"),
        language="en",
        sources=("Working proposal",),
        review="starter",
        valid_from=date(2026, 11, 1),
    )


@pytest.mark.parametrize(
    "text", ["No front matter", "---\nonly a rule\n---\nbelow", "text\n---\nid: a\n---\n", "---\n"]
)
def test_a_text_without_front_matter_stays_whole(text):
    assert split(text) == ({}, text)


def test_unknown_keys_are_ignored():
    assert split("---\ntitle: A\nsecret: B\n---\n")[0] == {"title": "A"}


@pytest.mark.parametrize(
    "front",
    [
        "id: [a",
        "valid_from: soon",
        "when_out_of_date: maybe",
        "kind: guide",
        "id: Two Words",
        "id: ../up",
        f"id: {'a' * 99}",
    ],
)
def test_broken_front_matter_is_refused(front):
    with pytest.raises(UnreadableFile, match="front_matter"):
        read(split(f"---\n{front}\n---\ntext")[0])


def test_a_flood_of_front_matter_is_refused():
    with pytest.raises(UnreadableFile):
        split(f"---\ntitle: {'x' * 30_000}\n---\n")


def test_one_word_is_a_list_of_one():
    assert read({"audience": "teacher"}).audience == ("teacher",)
