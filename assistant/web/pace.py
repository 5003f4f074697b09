"""How fast one person may send: so many messages in any minute."""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class TooManyMessages(Exception):
    """This person sends more messages a minute than the setting allows."""


class Pace:
    """Counts what each person sends; in memory, because a restart may well forgive."""

    def __init__(self, per_minute: int) -> None:
        """Allow `per_minute` messages of one person in any minute."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(per_minute)

    def step(self, person: str) -> None:
        """Count one message of `person`.

        Raises:
            TooManyMessages: It would be one too many in this minute.
        """
        if not self._limiter.hit(self._limit, person):
            raise TooManyMessages
