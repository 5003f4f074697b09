"""Who is who and where: institutions, municipalities and helplines, from config/directory.yml."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from actions.place_names import PlaceName, PlaceNames
from config.clock import Clock, now
from config.files import load_yaml

# A telephone number that nobody has confirmed for so long may be dead, and is not shown.
CONFIRMED_FOR = timedelta(days=183)


@dataclass(frozen=True)
class Municipality:
    """One of the 38; the names are the ones to show, Serbian in Cyrillic."""

    code: str
    sq: str
    sr: str
    en: str


@dataclass(frozen=True)
class Institution:
    """One body of the field, its other names and abbreviations, and who confirmed it when."""

    id: str
    sq: str
    sr: str
    en: str
    also: tuple[str, ...] = ()
    confirmed_by: str | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True)
class Helpline:
    """One telephone number, where it comes from, and who tried it when (None: nobody yet)."""

    id: str
    number: str
    national: bool
    sq: str
    sr: str
    en: str
    source: str
    confirmed_by: str | None
    confirmed_on: date | None


class Directory:
    """Finds institutions and municipalities by any of their names."""

    def __init__(
        self, content: Mapping[str, Any], *, clock: Clock = now, places: PlaceNames | None = None
    ) -> None:
        """Hold `content`, in the shape of config/directory.yml; `places` where they are indexed."""
        self._now = clock
        self.institutions = tuple(_institution(one) for one in content["institutions"])
        self.municipalities = tuple(_municipality(one) for one in content["municipalities"])
        self._by_code = {one.code: one for one in self.municipalities}
        self._lines = tuple(_helpline(one) for one in content["helplines"])
        self._places = places or _index(content)

    @classmethod
    def load(cls, *, clock: Clock = now) -> "Directory":
        """Return the directory in config/directory.yml."""
        return cls(load_yaml("directory.yml"), clock=clock, places=_shipped_places())

    def municipality(self, text: str) -> Municipality | None:
        """Return the one municipality that `text` names, in any case form, script or spelling.

        Codes are not names. None when `text` names none, or more than one; see `candidates`.
        """
        found = self.candidates(text)
        return found[0] if len(found) == 1 else None

    def candidates(self, text: str) -> tuple[Municipality, ...]:
        """Return every municipality that `text` may mean: two for a bare "Mitrovica"."""
        codes = self._places.find(text)
        return tuple(one for one in self.municipalities if one.code in codes)

    def ambiguous(self, text: str) -> bool:
        """Return whether `text` may mean more than one municipality."""
        return len(self.candidates(text)) > 1

    def by_code(self, code: str) -> Municipality | None:
        """Return the municipality with this very code."""
        return self._by_code.get(code)

    @property
    def helplines(self) -> tuple[Helpline, ...]:
        """The numbers that may be shown today: the national ones, and those lately confirmed."""
        oldest = self._now().date() - CONFIRMED_FOR
        return tuple(line for line in self._lines if line.national or _confirmed(line, oldest))


def _confirmed(line: Helpline, oldest: date) -> bool:
    return line.confirmed_on is not None and line.confirmed_on >= oldest


def _institution(entry: Mapping[str, Any]) -> Institution:
    names = {language: entry[language] for language in ("sq", "sr", "en")}
    return Institution(
        id=entry["id"],
        **names,
        also=tuple(entry.get("also", ())),
        confirmed_by=entry["confirmed_by"],
        confirmed_on=entry["confirmed_on"],
    )


def _municipality(entry: Mapping[str, Any]) -> Municipality:
    sq, sr = entry["sq"][0], entry["sr"][0]
    return Municipality(code=entry["code"], sq=sq, sr=sr, en=entry["en"])


def _helpline(entry: Mapping[str, Any]) -> Helpline:
    names = {language: entry[language] for language in ("sq", "sr", "en")}
    return Helpline(
        id=entry["id"],
        number=entry["number"],
        national=entry.get("national", False),
        **names,
        source=entry["source"],
        confirmed_by=entry["confirmed_by"],
        confirmed_on=entry["confirmed_on"],
    )


@cache
def _shipped_places() -> PlaceNames:
    return _index(load_yaml("directory.yml"))


def _index(content: Mapping[str, Any]) -> PlaceNames:
    ordinary = [word for one in content["municipalities"] for word in one.get("ordinary", ())]
    return PlaceNames(_place_names(content), ordinary=ordinary, before=content["before_place"])


def _place_names(content: Mapping[str, Any]) -> Iterable[PlaceName]:
    for entry in content["municipalities"]:
        codes = frozenset([entry["code"]])
        for language in ("sq", "sr"):
            yield from (PlaceName(name, codes, language) for name in entry[language])
        yield from (PlaceName(name, codes) for name in entry.get("also", ()))
    for entry in content["ambiguous"]:
        yield from (PlaceName(name, frozenset(entry["codes"])) for name in entry["names"])
