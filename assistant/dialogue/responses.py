"""Turns the name of a response into what a person reads: wording, filled slots, script, buttons."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.dialogue.script import Script, Variation
from assistant.dialogue.script_checks import PLACEHOLDER
from knowledge.language import to_latin

# Placeholders are names of slots, web and mail addresses are addresses: neither changes script.
UNTOUCHED = re.compile(r"(\{\w+\}|https?://\S+|\S+@\S+)")

Item = dict[str, Any]
# The cards that show the answers of a form: before it is sent, and so far.
WITH_ANSWERS = ("summary", "answers")


def render(
    script: Script,
    name: str,
    slots: Mapping[str, Any],
    extra: Mapping[str, Any] | None = None,
) -> Item:
    """Return the reply named `name` for a conversation with `slots`.

    The first variation whose conditions hold is taken, else the one without condition. Serbian is
    written in Cyrillic in the files; for readers of Latin the wording is transliterated before
    anything is filled in, so that what people typed stays as they typed it.

    Args:
        script: The script that holds the response.
        name: The response; an unknown one gives an empty reply.
        slots: The slots of the conversation.
        extra: Values that an action passed along; they win over slots of the same name.
    """
    variation = _choose(script.responses.get(name, ()), slots)
    if variation is None:
        return {}
    values = {**slots, **(extra or {})}
    latin = slots.get("language") == "sr" and slots.get("script") == "Latn"
    item: Item = {}
    if variation.text:
        item["text"] = _fill(_written(variation.text, latin), values)
    if variation.buttons:
        item["buttons"] = [
            {
                "title": _fill(_written(button["title"], latin), values),
                "payload": button["payload"].replace("{{", "{").replace("}}", "}"),
            }
            for button in variation.buttons
        ]
    if variation.custom:
        item["custom"] = dict(variation.custom)
    return item


def shows_answers(items: Sequence[Item]) -> bool:
    """Return whether a card among `items` shows the answers of a form."""
    return any(one.get("custom", {}).get("data", {}).get("kind") in WITH_ANSWERS for one in items)


def render_reply(script: Script, reply: Mapping[str, Any], slots: Mapping[str, Any]) -> Item:
    """Return what an action said with `dispatcher.utter_message`, in Rasa's order of precedence.

    A named response comes first, the action's own buttons are added to its buttons, and every
    other filled field of the action's reply replaces the response's.
    """
    name = reply.get("response") or reply.get("template")
    item = render(script, name, slots, reply) if name else {}
    buttons = [*item.get("buttons", ()), *(reply.get("buttons") or ())]
    if buttons:
        item["buttons"] = buttons
    for field in ("text", "image", "attachment", "custom"):
        if reply.get(field):
            item[field] = reply[field]
    return item


def _choose(variations: Sequence[Variation], slots: Mapping[str, Any]) -> Variation | None:
    for variation in variations:
        if variation.conditions and all(_holds(one, slots) for one in variation.conditions):
            return variation
    return next((one for one in variations if not one.conditions), None)


def _holds(condition: Mapping[str, Any], slots: Mapping[str, Any]) -> bool:
    return bool(slots.get(condition["name"]) == condition["value"])


def _written(template: str, latin: bool) -> str:
    if not latin:
        return template
    parts = UNTOUCHED.split(template)
    return "".join(part if UNTOUCHED.fullmatch(part) else to_latin(part) for part in parts)


def _fill(template: str, values: Mapping[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        found = values.get(match[1])
        return "" if found is None else str(found)

    return PLACEHOLDER.sub(value, template)
