"""Words of config/interface in the language and script of a conversation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.files import load_yaml
from knowledge.language import join, to_latin

REFERRAL = "referral_fields"
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Voice:
    """The language (sq, sr or en) and script (Latn or Cyrl) that a conversation is held in."""

    language: str
    script: str

    @classmethod
    def of(cls, slots: Mapping[str, Any]) -> "Voice":
        """Return the voice that the slots of a conversation ask for."""
        language = slots.get("language") or DEFAULT_LANGUAGE
        cyrillic = language == "sr" and slots.get("script") == "Cyrl"
        return cls(language, "Cyrl" if cyrillic else "Latn")

    @property
    def code(self) -> str:
        """The same as one word: sq, sr-Latn, sr-Cyrl or en."""
        return join(self.language, self.script)

    def say(self, key: str, *, topic: str = REFERRAL, **values: object) -> str:
        """Return the text of `key` in config/interface/<topic>.yml, with `values` filled in.

        Transliterated before the values go in: what somebody typed stays as it was typed.

        Raises:
            KeyError: There is no such text; a test makes sure that every key has every language.
        """
        return self.shown(load_yaml(f"interface/{topic}.yml")[key][self.language]).format(**values)

    def day(self, day: date) -> str:
        """Return `day` with the month in words, such as "3 March 2026"."""
        month = self.say(f"month_{day.month}", topic="dates")
        return self.say("day", topic="dates", day=day.day, month=month, year=day.year)

    def shown(self, text: str) -> str:
        """Return `text`, in Latin letters for a reader of Latin Serbian."""
        return to_latin(text) if (self.language, self.script) == ("sr", "Latn") else text

    def name_of(self, entry: Any) -> str:
        """Return the name of an `entry` of the directory."""
        return self.shown(getattr(entry, self.language))


def is_cyrillic(text: str) -> bool:
    """Return whether there is Serbian Cyrillic in `text`."""
    return to_latin(text) != text


def button(title: str, slot: str, value: str, *, intent: str = "inform") -> dict[str, str]:
    """Return a button that answers with `value` for `slot`."""
    told = json.dumps({slot: value}, separators=(",", ":"))
    return {"title": title, "payload": f"/{intent}{told}"}
