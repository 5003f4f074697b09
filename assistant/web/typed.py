"""Text that arrives as JSON, made safe to keep and to pass on."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field


def mend(text: Any) -> Any:
    """Return `text`, or a list of them, with U+FFFD for what no database or reply can hold.

    JSON may spell half of a surrogate pair or a NUL. Replaced and not dropped, so that two
    different texts stay different as often as possible and a length stays a length.
    """
    if isinstance(text, list):
        return [mend(one) for one in text]
    if not isinstance(text, str):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "�")


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError
    return text


Typed = Annotated[str, BeforeValidator(mend)]
# The name of a conversation, chosen by the client; Rasa leaves its form open.
Sender = Annotated[
    Typed, Field(min_length=1, max_length=64, pattern=r"\S"), AfterValidator(_printable)
]
