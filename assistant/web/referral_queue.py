"""The list of referrals as it is worked through: filtered, the most urgent first, page by page.

Knows nothing of what was told in a referral: it orders summaries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from actions.referrals.log import ReferralSummary
from actions.referrals.states import ENDED, WITHDRAWN

ROWS_A_PAGE = 50
OVER = ENDED | {WITHDRAWN}


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means everything."""

    status: str = ""
    urgency: str = ""
    municipality: str = ""

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.query)

    @property
    def query(self) -> str:
        """The filters as the query of an address, without the question mark."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    def let_through(self, row: ReferralSummary) -> bool:
        """Return whether `row` belongs to the list."""
        return all(not value or getattr(row, name) == value for name, value in vars(self).items())


@dataclass(frozen=True)
class Queue:
    """One page of the list: those in work first, then those that have ended."""

    open: tuple[ReferralSummary, ...]
    ended: tuple[ReferralSummary, ...]
    open_count: int
    ended_count: int
    page: int
    pages: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on any page."""
        return not (self.open_count or self.ended_count)


def arrange(rows: Iterable[ReferralSummary], filters: Filters, *, page: int = 1) -> Queue:
    """Return a page of those `rows` that pass `filters`.

    Referrals in work come by urgency and then by age, the longest waiting first; ended ones follow
    by their last change, newest first. A page that does not exist is the nearest one that does.
    """
    seen = [row for row in rows if filters.let_through(row)]
    ended = [row for row in seen if row.status in OVER]
    ended.sort(key=lambda row: row.changed_at, reverse=True)
    working = [row for row in seen if row.status not in OVER]
    working.sort(key=lambda row: (row.urgency, row.created_at))
    pages = max(1, -(-len(seen) // ROWS_A_PAGE))
    page = min(max(page, 1), pages)
    shown = (working + ended)[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    return Queue(
        open=_those(shown, over=False),
        ended=_those(shown, over=True),
        open_count=len(working),
        ended_count=len(ended),
        page=page,
        pages=pages,
    )


def _those(rows: Sequence[ReferralSummary], *, over: bool) -> tuple[ReferralSummary, ...]:
    return tuple(row for row in rows if (row.status in OVER) is over)
