"""In which language a message is replied to, when it shows one itself."""

from assistant.dialogue.tracker import Tracker
from assistant.dialogue.understanding import Understood
from knowledge.language import LATIN, detect

# A message changes the language of the replies when it is at least this long and certain.
FEWEST_WORDS = 3


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
