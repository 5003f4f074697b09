"""The time of day, as something that can be passed in."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this moment as aware UTC."""
    return datetime.now(UTC)
