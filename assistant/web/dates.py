"""Days and moments as people write them, in the local time of Kosovo and the reader's language."""

from datetime import UTC, date, datetime

from assistant.web.depends import LOCAL_TIME
from assistant.web.strings import Words


def written_day(day: date | datetime, words: Words) -> str:
    """Return `day` with the month in words, such as "3 March 2026"; a moment is taken locally."""
    local = _local(day) if isinstance(day, datetime) else day
    return words("dates.day", **_parts(local, words))


def written_moment(at: datetime, words: Words) -> str:
    """Return `at` with the month in words and the local time, such as "3 March 2026, 10:12"."""
    local = _local(at)
    return words("dates.moment", time=local.strftime("%H:%M"), **_parts(local, words))


def _local(at: datetime) -> datetime:
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(LOCAL_TIME)


def _parts(day: date, words: Words) -> dict[str, str]:
    month = words(f"dates.month_{day.month}")
    return {"day": str(day.day), "month": month, "year": str(day.year)}
