"""In which language and script a conversation is held."""

from dataclasses import replace

from assistant.dialogue.kept import Kept
from assistant.dialogue.memory import Memory
from assistant.dialogue.tracker import Tracker
from assistant.dialogue.understanding import Understood
from assistant.people.people import PersonView
from knowledge.language import LATIN, detect, split

# A message changes the language of the replies when it is at least this long and certain.
FEWEST_WORDS = 3


def choose_language(
    tracker: Tracker,
    kept: Kept | None,
    memory: Memory,
    *,
    who: PersonView,
    asked: str | None,
) -> Memory:
    """Set the language: the page's if it just changed, else as before, else the account's.

    Args:
        tracker: The conversation, whose slots are set.
        kept: What is kept of it, None when it is new.
        memory: What it remembers of its last turn.
        who: Who is signed in.
        asked: The language that the page is shown in, a code of the edge.

    Raises:
        UnknownLanguage: There is no such language.
    """
    if asked and (kept is None or asked != memory.shown):
        language, script = split(asked)
    elif kept:
        language, script = kept.language, kept.script
    else:
        language, script = who.language, who.script
    tracker.slots.update(language=language, script=script)
    return replace(memory, shown=asked or memory.shown)


def follow_language(tracker: Tracker, understood: Understood) -> None:
    """Reply in the language of the message when that is certain; a button never changes it."""
    if understood.is_payload:
        return
    found = detect(understood.text)
    # Cyrillic is Serbian, however short; a Latin word or two may be a name or borrowed.
    if found.script == LATIN and len(understood.text.split()) < FEWEST_WORDS:
        return
    if found.certain and found.language:
        tracker.slots.update(language=found.language, script=found.script)
