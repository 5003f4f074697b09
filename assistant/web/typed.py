"""Text that arrives as JSON, made safe to keep and to pass on."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

# No field of ours holds more than a list of texts; deeper than Python can follow must not get in.
DEEPEST = 8


def mend(text: Any) -> Any:
    """Return `text`, or what holds texts, with U+FFFD for what no database or reply can hold.

    JSON may spell half of a surrogate pair or a NUL. Replaced and not dropped, so that two
    different texts stay different as often as possible and a length stays a length.

    Raises:
        ValueError: Lists or objects are nested deeper than `DEEPEST`.
    """
    return _mend(text, DEEPEST)


def _mend(value: Any, levels: int) -> Any:
    if isinstance(value, str):
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", "�")
    if not isinstance(value, list | dict):
        return value
    if levels == 0:
        raise ValueError
    if isinstance(value, list):
        return [_mend(one, levels - 1) for one in value]
    return {name: _mend(one, levels - 1) for name, one in value.items()}


Typed = Annotated[str, BeforeValidator(mend)]
# The name of a conversation, chosen by the client; Rasa leaves its form open.
Sender = Annotated[Typed, Field(min_length=1, max_length=64, pattern=r"\S")]
