"""The life of a referral."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from actions.referrals.states import (
    MOVES,
    REASONS,
    STATUSES,
    IllegalMove,
    check_move,
    next_statuses,
)

NOW = datetime(2026, 11, 2, tzinfo=UTC)
REASON = {"declined": "no_facts", "closed": "helped", "redirected": "te QPS"}


def move(status: str, to: str, **changes: object) -> None:
    told = {"reason": REASON.get(to, ""), "since": NOW, "at": NOW, **changes}
    check_move(status, to, **told)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("to", STATUSES)
def test_only_the_written_moves_are_legal(status, to):
    if to in MOVES[status]:
        move(status, to)
    else:
        with pytest.raises(IllegalMove) as refused:
            move(status, to)
        assert refused.value.code == "not_next"


def test_the_usual_way_leads_from_sent_to_closed():
    way = ["draft", "submitted", "acknowledged", "triage", "accepted", "in_progress"]
    assert all(next_statuses(a)[0] == b for a, b in pairwise(way))
    move("in_progress", "waiting_info")
    move("waiting_info", "in_progress")
    move("in_progress", "closed")


@pytest.mark.parametrize("to", ["declined", "closed", "redirected"])
@pytest.mark.parametrize("reason", ["", "   ", "because"])
def test_an_end_needs_its_reason(to, reason):
    status = next(one for one in STATUSES if to in MOVES[one])
    if to == "redirected" and reason == "because":
        move(status, to, reason=reason)
        return
    with pytest.raises(IllegalMove) as refused:
        move(status, to, reason=reason)
    assert refused.value.code == "reason_needed"


def test_every_reason_of_the_list_is_taken():
    for to, reasons in REASONS.items():
        status = next(one for one in STATUSES if to in MOVES[one])
        for reason in reasons:
            move(status, to, reason=reason)


def test_a_closed_referral_reopens_within_90_days_only():
    move("closed", "in_progress", since=NOW - timedelta(days=90))
    with pytest.raises(IllegalMove) as refused:
        move("closed", "in_progress", since=NOW - timedelta(days=90, seconds=1))
    assert refused.value.code == "too_late"


def test_an_unknown_status_leads_nowhere():
    assert next_statuses("lost") == ()
    with pytest.raises(IllegalMove):
        move("lost", "closed")
