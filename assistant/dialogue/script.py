"""What the conversation is made of: domain, example messages and rules, read from Rasa's files.

Knows the file formats; what makes a script incomplete is decided in `script_checks.py`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.dialogue.script_checks import ScriptHasGaps, find_gaps
from config.files import FOLDER, read_yaml

# [text](entity) or [text]{"entity": "x", "value": "y"}: Rasa's marks inside an example.
MARK = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<entity>[^)]+)\)|(?P<about>\{[^}]*\}))")


@dataclass(frozen=True)
class SlotMapping:
    """One way in which a slot gets a value from a message."""

    kind: str
    entity: str = ""
    intents: tuple[str, ...] = ()
    not_intents: tuple[str, ...] = ()
    value: Any = None
    conditions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Slot:
    """One thing a conversation remembers."""

    name: str
    kind: str
    initial: Any
    mappings: tuple[SlotMapping, ...]

    @property
    def is_free_text(self) -> bool:
        """A typed answer is the only way to fill it: no button and no intent names a value."""
        kinds = {mapping.kind for mapping in self.mappings}
        return "from_text" in kinds and kinds <= {"from_text", "custom"}


@dataclass(frozen=True)
class Form:
    """Slots that are asked for one by one."""

    name: str
    required_slots: tuple[str, ...]
    ignored_intents: tuple[str, ...]


@dataclass(frozen=True)
class Variation:
    """One wording of a response, and when it is the one to use."""

    conditions: tuple[Mapping[str, Any], ...]
    text: str
    buttons: tuple[Mapping[str, str], ...]
    custom: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One step of a rule: kind is intent, action, active_loop or slot_was_set."""

    kind: str
    value: Any


# A rule's `loop` when no form may be open.
NO_FORM = "no form"


@dataclass(frozen=True)
class Rule:
    """What follows what; `loop` names the form that must be open, or NO_FORM, or "" for any."""

    name: str
    loop: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Example:
    """A message as people write it, what it means, and in which file (language) it stands."""

    intent: str
    language: str
    text: str
    entities: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Script:
    """Everything a deployment decides about conversations; `domain` is Rasa's own form of it."""

    domain: Mapping[str, Any]
    intents: frozenset[str]
    slots: Mapping[str, Slot]
    forms: Mapping[str, Form]
    responses: Mapping[str, tuple[Variation, ...]]
    rules: tuple[Rule, ...]
    examples: tuple[Example, ...]
    patterns: tuple[tuple[str, str], ...] = ()
    actions: frozenset[str] = frozenset()
    session_minutes: int = field(default=60)


@cache
def load_script(folder: Path = FOLDER) -> Script:
    """Return the script in `folder` (domain/, data/nlu/, data/rules.yml); read once.

    Raises:
        ScriptHasGaps: Something a conversation would need is missing; names every gap.
    """
    domain_files = [_read(path) for path in sorted((folder / "domain").glob("*.yml"))]
    nlu_files = {path.stem: _read(path) for path in sorted((folder / "data/nlu").glob("*.yml"))}
    rules = _read(folder / "data/rules.yml").get("rules", [])
    domain = merge(domain_files)
    examples = tuple(
        example for language, nlu in nlu_files.items() for example in _examples(language, nlu)
    )
    gaps = find_gaps(domain_files, domain, rules, {example.intent for example in examples})
    if gaps:
        raise ScriptHasGaps(gaps)
    return Script(
        domain=domain,
        intents=frozenset(_names(domain["intents"])),
        slots={name: _slot(name, about) for name, about in domain["slots"].items()},
        forms={name: _form(name, about) for name, about in domain["forms"].items()},
        responses={
            name: tuple(_variation(one) for one in variations)
            for name, variations in domain["responses"].items()
        },
        rules=tuple(_rule(one) for one in rules),
        examples=examples,
        patterns=tuple(pattern for nlu in nlu_files.values() for pattern in _patterns(nlu)),
        actions=frozenset(_names(domain["actions"])),
        session_minutes=int(domain["session_config"].get("session_expiration_time", 60)),
    )


def merge(domain_files: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the parts of a domain as one, lists joined without repetition."""
    whole: dict[str, Any] = {
        "version": "3.1",
        "session_config": {},
        "intents": [],
        "entities": [],
        "slots": {},
        "forms": {},
        "actions": [],
        "responses": {},
    }
    for part in domain_files:
        for key, value in part.items():
            if isinstance(value, dict):
                whole.setdefault(key, {}).update(value)
            elif isinstance(value, list):
                known = whole.setdefault(key, [])
                known.extend(item for item in value if item not in known)
            else:
                whole[key] = value
    return whole


def _read(path: Path) -> dict[str, Any]:
    content = read_yaml(path)
    return content if isinstance(content, dict) else {}


def _names(entries: Iterable[Any]) -> Iterable[str]:
    """An entry is a name or a mapping of one name to its options."""
    for entry in entries:
        yield next(iter(entry)) if isinstance(entry, dict) else str(entry)


def _slot(name: str, about: Mapping[str, Any]) -> Slot:
    mappings = tuple(
        SlotMapping(
            kind=one["type"],
            entity=one.get("entity", ""),
            intents=_listed(one.get("intent")),
            not_intents=_listed(one.get("not_intent")),
            value=one.get("value"),
            conditions=tuple(one.get("conditions", ())),
        )
        for one in about["mappings"]
    )
    return Slot(name, about["type"], about.get("initial_value"), mappings)


def _form(name: str, about: Mapping[str, Any]) -> Form:
    return Form(name, tuple(about["required_slots"]), _listed(about.get("ignored_intents")))


def _variation(about: Mapping[str, Any]) -> Variation:
    return Variation(
        conditions=tuple(about.get("condition", ())),
        text=about.get("text", ""),
        buttons=tuple(about.get("buttons", ())),
        custom=about.get("custom", {}),
    )


def _rule(about: Mapping[str, Any]) -> Rule:
    loops = [one["active_loop"] for one in about.get("condition", ()) if "active_loop" in one]
    steps = tuple(
        Step(kind, step[kind])
        for step in about["steps"]
        for kind in ("intent", "action", "active_loop", "slot_was_set")
        if kind in step
    )
    loop = (loops[0] or NO_FORM) if loops else ""
    return Rule(about["rule"], loop, steps)


def _examples(language: str, nlu: Mapping[str, Any]) -> Iterable[Example]:
    for entry in nlu.get("nlu", ()):
        if "intent" in entry:
            for line in _lines(entry["examples"]):
                yield _example(entry["intent"], language, line)


def _example(intent: str, language: str, line: str) -> Example:
    entities = []
    for mark in MARK.finditer(line):
        about = yaml.safe_load(mark["about"]) if mark["about"] else {"entity": mark["entity"]}
        entities.append((about["entity"], mark["text"], str(about.get("value", mark["text"]))))
    return Example(intent, language, MARK.sub(lambda mark: mark["text"], line), tuple(entities))


def _patterns(nlu: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for entry in nlu.get("nlu", ()):
        if "regex" in entry:
            yield from ((entry["regex"], line) for line in _lines(entry["examples"]))


def _lines(examples: str) -> Iterable[str]:
    for line in examples.splitlines():
        text = line.strip().removeprefix("- ").strip()
        if text:
            yield text


def _listed(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
