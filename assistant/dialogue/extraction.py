"""What a message says about the slots: the mappings of the domain, read in Rasa's order."""

from typing import Any

from assistant.dialogue.script import Script, Slot, SlotMapping
from assistant.dialogue.tracker import REQUESTED, Tracker


def extract(script: Script, tracker: Tracker) -> dict[str, Any]:
    """Return what the latest message says about each slot, by slot name, in domain order.

    For every slot the first mapping that gives a value wins. Intents that the open form ignores
    give nothing, unless a mapping names them.
    """
    found = {}
    for slot in script.slots.values():
        for mapping in slot.mappings:
            if _applies(script, tracker, slot, mapping):
                value = _value(tracker, slot, mapping)
                if value is not None:
                    found[slot.name] = value
                    break
    return found


def extract_from_trigger(script: Script, tracker: Tracker, form: str) -> dict[str, Any]:
    """Return the slots of `form` that the intent which opens it fills by itself."""
    found = {}
    for name in script.forms[form].required_slots:
        for mapping in script.slots[name].mappings:
            if mapping.kind == "from_trigger_intent" and _intent(tracker) in mapping.intents:
                found[name] = mapping.value
    return found


def _applies(script: Script, tracker: Tracker, slot: Slot, mapping: SlotMapping) -> bool:
    intent = _intent(tracker)
    if mapping.intents and intent not in mapping.intents:
        return False
    if intent in mapping.not_intents:
        return False
    if tracker.loop and not mapping.intents:
        if intent in script.forms[tracker.loop].ignored_intents:
            return False
        if mapping.kind == "from_entity" and not _is_meant(script, tracker, slot, mapping):
            return False
    return _conditions_hold(tracker, mapping)


def _conditions_hold(tracker: Tracker, mapping: SlotMapping) -> bool:
    if not mapping.conditions:
        return True
    for condition in mapping.conditions:
        loop_fits = (condition.get("active_loop") or "") == tracker.loop
        slot = condition.get(REQUESTED)
        if loop_fits and (slot is None or slot == tracker.requested):
            return True
    return False


def _is_meant(script: Script, tracker: Tracker, slot: Slot, mapping: SlotMapping) -> bool:
    """Inside a form an entity that could fill several slots fills the one that was asked for."""
    required = script.forms[tracker.loop].required_slots
    if slot.name not in required or slot.name == tracker.requested:
        return True
    rivals = [
        name
        for name in required
        for other in script.slots[name].mappings
        if other.kind == "from_entity" and other.entity == mapping.entity
    ]
    return len(rivals) == 1


def _value(tracker: Tracker, slot: Slot, mapping: SlotMapping) -> Any:
    if mapping.kind == "from_intent":
        return mapping.value
    if mapping.kind == "from_text":
        # Rasa takes "/back" for an answer here (seen in its trace); a payload is never words, and
        # what is clearly a question, by a better reading than Rasa's, is answered as one.
        message = tracker.latest_message
        is_answer = not message.get("is_payload") and not message.get("is_question")
        return _text(tracker) if is_answer else None
    if mapping.kind == "from_entity":
        values = [
            entity["value"]
            for entity in tracker.latest_message["entities"]
            if entity["entity"] == mapping.entity
        ]
        return (values if slot.kind == "list" else values[-1]) if values else None
    return None


def _intent(tracker: Tracker) -> str:
    return str(tracker.latest_message["intent"]["name"])


def _text(tracker: Tracker) -> str | None:
    return tracker.latest_message.get("text") or None
