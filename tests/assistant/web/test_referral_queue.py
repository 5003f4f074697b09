from datetime import UTC, datetime, timedelta

from actions.referrals.log import ReferralSummary
from assistant.web.referral_queue import ROWS_A_PAGE, Filters, arrange

BEGIN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def a_row(place: int, status: str = "submitted", urgency: str = "U3") -> ReferralSummary:
    at = BEGIN + timedelta(minutes=place)
    return ReferralSummary(
        number=f"2026-{place:05d}-0",
        status=status,
        created_at=at,
        changed_at=at,
        category="C",
        person_group="child_8_17",
        municipality="KLI",
        urgency=urgency,
    )


def test_a_long_list_is_cut_into_pages_and_what_has_ended_comes_last():
    rows = [a_row(place) for place in range(ROWS_A_PAGE + 1)]
    rows.append(a_row(99, status="withdrawn", urgency="U0"))
    first, last = arrange(rows, Filters()), arrange(rows, Filters(), page=2)
    assert (first.pages, first.open_count, first.ended_count) == (2, ROWS_A_PAGE + 1, 1)
    assert len(first.open) == ROWS_A_PAGE
    assert [row.status for row in last.ended] == ["withdrawn"]


def test_a_page_that_does_not_exist_is_the_nearest_one():
    rows = [a_row(place) for place in range(3)]
    assert [arrange(rows, Filters(), page=page).page for page in (-1, 0, 7)] == [1, 1, 1]


def test_ended_referrals_are_shown_by_their_last_change():
    rows = [a_row(1, "closed", "U0"), a_row(2, "declined"), a_row(3, "redirected")]
    shown = arrange(rows, Filters())
    assert [row.status for row in shown.ended] == ["redirected", "declined", "closed"]
    assert shown.open == ()
    assert not shown.is_empty
    assert arrange(rows, Filters(urgency="U1")).is_empty
