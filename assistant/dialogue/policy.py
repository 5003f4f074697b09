"""Which action comes next: the open form first, then the rules; knows nothing of words."""

from assistant.dialogue.script import NO_FORM, Rule, Script
from assistant.dialogue.tracker import LISTEN, Tracker

FALLBACK = "utter_default"
FORM_FALLBACK = "utter_form_default"


def next_action(script: Script, tracker: Tracker) -> str:
    """Return the name of the next action, `action_listen` when it is the person's turn.

    An open form runs before any rule, until it says that a message was not for it; then the rules
    answer, and the form runs again, which asks its question anew. Nothing ends without a word: a
    message that no rule knows gets the fallback.
    """
    if tracker.followup:
        return tracker.followup
    if tracker.paused:
        return LISTEN
    if tracker.loop and not tracker.rejected:
        return LISTEN if _last_action(tracker) == tracker.loop else tracker.loop
    following = _by_rule(script, tracker)
    if following not in ("", LISTEN):
        return following
    if tracker.loop:
        return FORM_FALLBACK if not following and not _spoke(tracker) else tracker.loop
    return FALLBACK if not following and not _spoke(tracker) else LISTEN


def _by_rule(script: Script, tracker: Tracker) -> str:
    """Return what the longest fitting rule says, `action_listen` at its end, "" when none fits."""
    matches = [(_matched(rule, tracker), rule) for rule in script.rules]
    fitting = [(length, rule) for length, rule in matches if length]
    if not fitting:
        return ""
    length, rule = max(fitting, key=lambda match: (match[0], bool(match[1].loop)))
    if length == len(_steps(rule)):
        return LISTEN
    kind, value = _steps(rule)[length]
    return value if kind == "action" else LISTEN


def _matched(rule: Rule, tracker: Tracker) -> int:
    """Return how many steps of `rule` the turn has come through, 0 when it does not fit.

    A rule that begins with a message must account for the whole turn; one that begins with an
    action (the form is complete: log it) for the end of it.
    """
    steps = _steps(rule)
    turn = tracker.turn
    if steps[0][0] == "intent":
        fits = rule.loop in ("", tracker.loop_at_message or NO_FORM) and turn == steps[: len(turn)]
        return len(turn) if fits else 0
    for length in range(min(len(steps), len(turn)), 0, -1):
        if turn[len(turn) - length :] == steps[:length]:
            return length
    return 0


def _steps(rule: Rule) -> list[tuple[str, str]]:
    return [(step.kind, step.value or "") for step in rule.steps if step.kind != "slot_was_set"]


def _last_action(tracker: Tracker) -> str:
    actions = [value for kind, value in tracker.turn if kind == "action"]
    return actions[-1] if actions else ""


def _spoke(tracker: Tracker) -> bool:
    return any(kind == "action" for kind, _ in tracker.turn)
