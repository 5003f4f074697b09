"""One message as it is heard: checked and cleaned, with who said it and how."""

from dataclasses import dataclass

from assistant.dialogue.identifying import unwrap
from assistant.dialogue.message import clean
from assistant.people.people import PersonView


@dataclass(frozen=True)
class Heard:
    """A message, who said it, and the language that the page is shown in.

    `on_purpose` says that it was held back before, because it seems to identify somebody.
    """

    text: str
    who: PersonView
    language: str | None = None
    on_purpose: bool = False


def hear(text: str, who: PersonView, *, language: str | None, limit: int) -> Heard:
    """Return what `who` says.

    Args:
        text: What was written, or the payload of a button.
        who: Who is signed in.
        language: The language the page is shown in, a code of the edge.
        limit: Longest message, in characters.

    Raises:
        MessageRefused: The message is empty or too long.
    """
    said, on_purpose = unwrap(text)
    return Heard(clean(said, limit), who, language, on_purpose)
