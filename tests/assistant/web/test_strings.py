"""The words of the pages: there in every language, in the right script, filled in safely."""

import pytest

from assistant.web.strings import MissingWord, Words
from config.files import FOLDER, load_yaml
from knowledge.language import LANGUAGES, UnknownLanguage

TOPICS = sorted(path.stem for path in (FOLDER / "interface").glob("*.yml"))


@pytest.mark.parametrize("topic", TOPICS)
def test_every_key_has_a_text_in_every_language(topic):
    for code in LANGUAGES:
        texts = Words(code).topic(topic)
        assert texts
        assert all(text.strip() for text in texts.values())


@pytest.mark.parametrize("topic", TOPICS)
def test_placeholders_are_the_same_in_every_language(topic):
    for key, texts in load_yaml(f"interface/{topic}.yml").items():
        assert len({placeholders(text) for text in texts.values()}) == 1, key


def test_serbian_is_shown_in_the_script_of_the_reader():
    assert Words("sr-Cyrl")("common.library") == "Библиотека"
    assert Words("sr-Latn")("common.library") == "Biblioteka"


def test_what_a_person_typed_is_never_transliterated():
    filled = Words("sr-Latn")("sources.page", page="Петар, Injekcija")
    assert filled == "Strana Петар, Injekcija"


def test_braces_in_a_value_stay_braces():
    assert Words("en")("sources.page", page="{0} {secret}") == "Page {0} {secret}"


def test_a_missing_key_is_refused():
    for key in ("common.nothing_like_it", "no_topic.chat", "../settings.x", "chat"):
        with pytest.raises(MissingWord):
            Words("en")(key)


def test_an_unknown_language_is_refused():
    with pytest.raises(UnknownLanguage):
        Words("de")


def placeholders(text: str) -> frozenset[str]:
    return frozenset(part.split("}")[0] for part in str(text).split("{")[1:])
