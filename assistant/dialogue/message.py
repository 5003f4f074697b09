"""What may be said, and in a conversation of which name."""

import re

from knowledge.language import normalise

# Any string that a database can hold, as Rasa leaves the name of a conversation open.
SENDER = re.compile(r"(?=.*\S)[^\0\ud800-\udfff]{1,64}", re.DOTALL)


class MessageRefused(Exception):
    """A message that cannot be taken; `code` is `empty` or `too_long`."""

    def __init__(self, code: str) -> None:
        """Hold the reason."""
        super().__init__(code)
        self.code = code


def clean(text: str, limit: int) -> str:
    """Return a message normalised.

    Raises:
        MessageRefused: It is empty, or longer than `limit` characters.
    """
    if len(text.strip()) > limit:
        raise MessageRefused("too_long")
    cleaned = normalise(text)
    # A lone full stop or emoji is a message; nothing visible is none.
    if not cleaned:
        raise MessageRefused("empty")
    return cleaned
