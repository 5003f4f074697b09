"""Tells whether the answer to a question depends on who asks it: whether it says our, we or my."""

from pathlib import Path

import yaml

from knowledge.cues import any_of, sentences

OURS = any_of(yaml.safe_load(Path(__file__).with_name("ours.yml").read_text(encoding="utf-8")))


def speaks_of_own(question: str) -> bool:
    """Return whether a question speaks of what belongs to the asker, in any of the languages."""
    return any(OURS.search(sentence) for sentence in sentences(question))
