"""What would leave a conversation without a word, found before it starts."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

# Actions that the engine brings itself, under the names that Rasa gives them.
BUILT_IN = frozenset({"action_listen", "action_deactivate_loop", "action_back", "action_restart"})
# Every reply is written for these; the last one, English, is the variation without condition.
WORDINGS = ("sq", "sr", None)
PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
PAYLOAD_INTENT = re.compile(r"^/([^{@]+)")


class ScriptHasGaps(Exception):
    """The files in config/ do not make a whole conversation; `gaps` names what is missing."""

    def __init__(self, gaps: Sequence[str]) -> None:
        """Hold every gap, one sentence each."""
        super().__init__("; ".join(gaps))
        self.gaps = tuple(gaps)


def find_gaps(
    files: Sequence[Mapping[str, Any]],
    domain: Mapping[str, Any],
    rules: Sequence[Mapping[str, Any]],
    intents_with_examples: set[str],
) -> list[str]:
    """Return what is missing or told twice, one sentence each; an empty list is a whole script."""
    return [
        *_told_twice(files),
        *_rule_gaps(domain, rules),
        *_form_gaps(domain),
        *_response_gaps(domain),
        *_example_gaps(domain, intents_with_examples),
    ]


def placeholders(text: str) -> set[str]:
    """Return the names in single braces in `text`."""
    return set(PLACEHOLDER.findall(text))


def _told_twice(files: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Rasa lets the last of two files win in silence; here it is an error."""
    for section in ("slots", "forms", "responses"):
        seen: set[str] = set()
        for part in files:
            for name in part.get(section, {}):
                if name in seen:
                    yield f"{section}: {name} stands in two files"
                seen.add(name)


def _rule_gaps(domain: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    known = {*domain["actions"], *domain["forms"], *domain["responses"], *BUILT_IN}
    for rule in rules:
        for step in rule["steps"]:
            if "action" in step and step["action"] not in known:
                yield f"rule '{rule['rule']}': nobody knows action {step['action']}"
            if "intent" in step and step["intent"] not in domain["intents"]:
                yield f"rule '{rule['rule']}': nobody knows intent {step['intent']}"


def _form_gaps(domain: Mapping[str, Any]) -> Iterator[str]:
    for form, about in domain["forms"].items():
        for slot in about["required_slots"]:
            if slot not in domain["slots"]:
                yield f"form {form}: nobody knows slot {slot}"
            if not question_for(form, slot, domain):
                yield f"form {form}: nothing asks for slot {slot}"
        for intent in _listed(about.get("ignored_intents")):
            if intent not in domain["intents"]:
                yield f"form {form}: nobody knows intent {intent}"


def question_for(form: str, slot: str, domain: Mapping[str, Any]) -> str:
    """Return the action or response that asks for `slot`, or "": Rasa's order of names."""
    for name in (f"ask_{form}_{slot}", f"ask_{slot}"):
        if f"action_{name}" in domain["actions"]:
            return f"action_{name}"
        if f"utter_{name}" in domain["responses"]:
            return f"utter_{name}"
    return ""


def _response_gaps(domain: Mapping[str, Any]) -> Iterator[str]:
    for name, variations in domain["responses"].items():
        by_language = {_language(one): one for one in variations}
        for language in WORDINGS:
            if language not in by_language:
                yield f"response {name}: no wording for {language or 'everybody else (en)'}"
        yield from _uneven(name, variations)
        for payload in {payload for one in variations for payload in _payloads(one)}:
            intent = PAYLOAD_INTENT.match(payload)
            if intent is None or intent[1] not in domain["intents"]:
                yield f"response {name}: a button sends {payload}, which nobody understands"


def _uneven(name: str, variations: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if len({frozenset(placeholders(one.get("text", ""))) for one in variations}) > 1:
        yield f"response {name}: its wordings fill in different slots"
    if len({tuple(_payloads(one)) for one in variations}) > 1:
        yield f"response {name}: its wordings have different buttons"


def _example_gaps(domain: Mapping[str, Any], intents: set[str]) -> Iterator[str]:
    for intent in sorted(intents - set(domain["intents"])):
        yield f"examples: nobody knows intent {intent}"


def _language(variation: Mapping[str, Any]) -> Any:
    for condition in variation.get("condition", ()):
        if condition.get("name") == "language":
            return condition["value"]
    return None


def _payloads(variation: Mapping[str, Any]) -> Iterable[str]:
    return [button["payload"] for button in variation.get("buttons", ())]


def _listed(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
