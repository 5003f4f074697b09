"""What the emergency panel shows: numbers from the directory, steps from the interface words."""

from dataclasses import dataclass

from actions.directory import Directory
from assistant.web.strings import Words

STEPS = ("step_call", "step_safe", "step_tell")


@dataclass(frozen=True)
class Number:
    """One number to call, and whom it reaches; where we have it from helps nobody in danger."""

    name: str
    number: str


@dataclass(frozen=True)
class EmergencyPanel:
    """Numbers first, then the few steps that matter."""

    numbers: tuple[Number, ...]
    steps: tuple[str, ...]


def emergency_panel(directory: Directory, words: Words) -> EmergencyPanel:
    """Return the panel in the language of `words`."""
    numbers = tuple(
        Number(
            name=words.choose(sq=line.sq, sr=line.sr, en=line.en),
            number=line.number,
        )
        for line in directory.helplines
    )
    return EmergencyPanel(numbers, tuple(words(f"emergency.{step}") for step in STEPS))
