"""One message as it is heard: checked and cleaned, with who said it and how."""

from dataclasses import dataclass

from assistant.dialogue.identifying import unwrap
from assistant.people.people import PersonView
from knowledge.language import normalise


class MessageRefused(Exception):
    """A message that cannot be taken; `code` is `empty` or `too_long`."""

    def __init__(self, code: str) -> None:
        """Hold the reason."""
        super().__init__(code)
        self.code = code


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
    if len(said.strip()) > limit:
        raise MessageRefused("too_long")
    clean = normalise(said)
    # A lone full stop or emoji is a message; nothing visible is none.
    if not clean:
        raise MessageRefused("empty")
    return Heard(clean, who, language, on_purpose)
