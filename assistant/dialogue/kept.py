"""A conversation and its turns, as they are kept between two messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Kept:
    """What is kept of a conversation between two turns; `draft` is set while a referral is open."""

    sender: str
    owner: str
    language: str
    script: str
    state: dict[str, Any]
    draft: dict[str, Any] | None = None
    updated_at: datetime | None = None
    draft_expired: bool = False


@dataclass(frozen=True)
class Said:
    """One turn as it is to be kept; `form` is where it was said, `ends` that the form is over.

    `number` is the turn's own where it was kept before; `goes_on` that more will be said in it.
    """

    text: str
    replied: Sequence[dict[str, Any]]
    form: str = ""
    ends: bool = False
    by_button: bool = False
    number: int = 0
    goes_on: bool = False


@dataclass(frozen=True)
class PastTurn:
    """One turn as its owner may read it; a redacted one was part of a referral."""

    id: int
    at: datetime
    said: str
    replied: list[dict[str, Any]] = field(default_factory=list)
    form: str = ""
    redacted: bool = False
