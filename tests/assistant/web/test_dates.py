from datetime import UTC, datetime

from assistant.web.dates import written_day, written_moment
from assistant.web.strings import Words

CODES = ("sq", "sr-Latn", "sr-Cyrl", "en")


def test_dates_are_written_out_in_local_time():
    at = datetime(2026, 3, 3, 9, 12, tzinfo=UTC)
    written = {code: written_moment(at, Words(code)) for code in CODES}
    assert written == {
        "sq": "3 mars 2026, 10:12",
        "sr-Latn": "3. marta 2026. u 10:12",
        "sr-Cyrl": "3. марта 2026. у 10:12",
        "en": "3 March 2026, 10:12",
    }
    assert written_day(datetime(2026, 6, 30, 22, 30, tzinfo=UTC), Words("en")) == "1 July 2026"
