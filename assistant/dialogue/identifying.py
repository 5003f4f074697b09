"""Messages that seem to identify somebody: held back until sent on purpose, and kept masked."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from actions.words import Voice
from assistant.dialogue.responses import Item
from assistant.dialogue.tracker import Tracker
from assistant.dialogue.understanding import Understood
from knowledge.personal_data import Found, find_personal, mask

TOPIC = "personal_data"
# The one answer of a form that is there to reach somebody: the sender's own telephone or e-mail.
CONTACT = "referrer_contact"
EDIT = "/edit_message"
_SEND = re.compile(r"\s*/send_anyway(\{.+\})\s*", re.DOTALL)


def unwrap(text: str) -> tuple[str, bool]:
    """Return what is said, and whether it was held back before and is now sent on purpose.

    The message waits in the client and nowhere else: in the payload of the button that sends it.
    """
    wrapped = _SEND.fullmatch(text)
    try:
        content = json.loads(wrapped[1]) if wrapped else None
    except (ValueError, RecursionError):
        content = None
    message = content.get("text") if isinstance(content, dict) else None
    return (message, True) if isinstance(message, str) else (text, False)


def found_in(
    understood: Understood, asked: str, public: Callable[[str], bool] | None
) -> tuple[Found, ...]:
    """Return what in a typed message identifies somebody, but for the sender's own contact.

    Args:
        understood: The message.
        asked: The slot that is asked for, if any.
        public: As for `find_personal`.
    """
    if understood.is_payload or asked == CONTACT:
        return ()
    return find_personal(understood.text, public)


def held(text: str, found: Sequence[Found], voice: Voice) -> list[Item]:
    """Return the reply to a message that is held back: what was found, and two ways on.

    As data: the message in `parts`, each with the `kind` of what it is and its name, or empty, and
    the message `masked`, as it would be kept.
    """
    payload = json.dumps({"text": text}, ensure_ascii=False, separators=(",", ":"))
    buttons = [
        {"title": voice.say("edit", topic=TOPIC), "payload": EDIT},
        {"title": voice.say("send_anyway", topic=TOPIC), "payload": f"/send_anyway{payload}"},
    ]
    data = {
        "kind": "held",
        "parts": _parts(text, found, voice),
        "masked": masked(text, found, voice),
    }
    said = voice.say("held", topic=TOPIC, what=_named(found, voice))
    return [{"text": said, "buttons": buttons, "custom": {"data": data}}]


def edit_hint(voice: Voice) -> list[Item]:
    """Return the reply to who chose to edit, in a client that cannot give the text back."""
    return [{"text": voice.say("edit_hint", topic=TOPIC)}]


def form_hint(found: Sequence[Found], voice: Voice) -> Item:
    """Return the warning that an answer of a form seems to identify somebody; it is kept as is."""
    return {"text": voice.say("in_form", topic=TOPIC, what=_named(found, voice))}


def masked(text: str, found: Sequence[Found], voice: Voice) -> str:
    """Return `text` with the name of its kind in brackets for all that was `found` in it."""
    return mask(text, found, {one.kind: f"[{_name(one.kind, voice)}]" for one in found})


def forget_in(tracker: Tracker, text: str, instead: str) -> None:
    """Put `instead` wherever a conversation remembers the whole message `text`."""
    tracker.restore(_replaced(tracker.to_json(), text, instead))


def _replaced(value: Any, text: str, instead: str) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(one, text, instead) for name, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, text, instead) for one in value]
    return instead if value == text else value


def _parts(text: str, found: Sequence[Found], voice: Voice) -> list[dict[str, str]]:
    parts, kept_to = [], 0
    for one in found:
        parts.append({"text": text[kept_to : one.start], "kind": "", "name": ""})
        name = _name(one.kind, voice)
        parts.append({"text": text[one.start : one.end], "kind": one.kind, "name": name})
        kept_to = one.end
    parts.append({"text": text[kept_to:], "kind": "", "name": ""})
    return [part for part in parts if part["text"]]


def _named(found: Sequence[Found], voice: Voice) -> str:
    return ", ".join(dict.fromkeys(_name(one.kind, voice) for one in found))


def _name(kind: str, voice: Voice) -> str:
    return voice.say(f"kind_{kind}", topic=TOPIC)
