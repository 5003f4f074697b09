"""The words of pages and widget, read from config/interface in the language a person chose."""

from typing import Any

from config.files import load_yaml
from knowledge.language import split
from knowledge.serbian import to_latin

LATIN_SERBIAN = "sr-Latn"


class MissingWord(Exception):
    """No such key in config/interface, or no text for it in this language."""


class Words:
    """Gives the words of one language: `words("topic.key", name=value)`.

    Our Serbian is written once, in Cyrillic. For readers of the Latin script the template is
    transliterated before values are filled in, so that names and numbers stay as they were typed.
    """

    def __init__(self, code: str) -> None:
        """Speak `code`: sq, sr-Latn, sr-Cyrl or en.

        Raises:
            UnknownLanguage: `code` is none of these.
        """
        self.code = code
        self._language, self._script = split(code)

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key` ("topic.key") with `values` filled in.

        Raises:
            MissingWord: The key, or its text in this language, does not exist.
        """
        topic, _, name = key.partition(".")
        return self._text(key, _entries(topic).get(name)).format_map(values)

    def topic(self, name: str) -> dict[str, str]:
        """Return every text of one topic by its key, placeholders unfilled."""
        return {key: self._text(f"{name}.{key}", texts) for key, texts in _entries(name).items()}

    def has(self, key: str) -> bool:
        """Return whether there is a text for `key`."""
        topic, _, name = key.partition(".")
        return self._language in (_entries(topic).get(name) or {})

    def choose(self, **texts: str) -> str:
        """Return the text given for this language (sq, sr, en), Serbian in the reader's script."""
        return self.shown(texts[self._language])

    def shown(self, text: str) -> str:
        """Return a Serbian `text` of ours in the reader's script; other languages unchanged."""
        latin = self._language == "sr" and self._script == "Latn"
        return to_latin(text) if latin else text

    def legible(self, text: str, code: str) -> str:
        """Return a document's `text`, written in `code`, in a script that the reader reads.

        Cyrillic to Latin loses nothing; the other way round would, so Latin stays.
        """
        return to_latin(text) if self.legible_code(code) != code else text

    def legible_code(self, code: str) -> str:
        """Return the code of what `legible` makes of a text written in `code`."""
        return LATIN_SERBIAN if (code, self.code) == ("sr-Cyrl", LATIN_SERBIAN) else code

    def _text(self, key: str, texts: Any) -> str:
        if not isinstance(texts, dict) or self._language not in texts:
            raise MissingWord(key)
        return self.shown(str(texts[self._language]))


def _entries(topic: str) -> dict[str, Any]:
    if not topic.isidentifier():
        raise MissingWord(topic)
    try:
        entries: dict[str, Any] = load_yaml(f"interface/{topic}.yml")
    except FileNotFoundError:
        raise MissingWord(topic) from None
    return entries
