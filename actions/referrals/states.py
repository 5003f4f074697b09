"""The life of a referral: which status may follow which, who may do it, and what needs a reason."""

from collections.abc import Mapping
from datetime import datetime, timedelta

SUBMITTED = "submitted"
WITHDRAWN = "withdrawn"

# What an officer may do next from each status. A status that is missing here ends the story.
MOVES: Mapping[str, tuple[str, ...]] = {
    "draft": (SUBMITTED,),
    SUBMITTED: ("acknowledged", WITHDRAWN),
    "acknowledged": ("triage", "redirected", "declined", WITHDRAWN),
    "triage": ("accepted", "redirected", "declined", WITHDRAWN),
    "accepted": ("in_progress", "redirected", WITHDRAWN),
    "in_progress": (
        *("waiting_info", "waiting_person", "waiting_other"),
        *("closed", "redirected", WITHDRAWN),
    ),
    "waiting_info": ("in_progress", "closed", "redirected", WITHDRAWN),
    "waiting_person": ("in_progress", "closed", "redirected", WITHDRAWN),
    "waiting_other": ("in_progress", "closed", "redirected", WITHDRAWN),
    "closed": ("in_progress",),
    "redirected": ("triage",),
    "declined": ("triage",),
    WITHDRAWN: (),
}
STATUSES = tuple(MOVES)

# Words for these codes stand in config/interface/referral_fields.yml. "belief_only" is counted
# apart, because many of them mean that people are being profiled.
REASONS: Mapping[str, tuple[str, ...]] = {
    "declined": (
        *("outside_mandate", "no_consent", "no_facts"),
        *("belief_only", "duplicate", "other"),
    ),
    "closed": ("helped", "partly", "moved", "refused_help", "not_needed"),
}
# A redirected referral says in free words where it went.
REASON_IN_WORDS = frozenset({"redirected"})

ENDED = frozenset({"closed", "redirected", "declined"})
REOPEN_WITHIN = timedelta(days=90)


class IllegalMove(Exception):
    """A referral cannot go to that status now; `code` says which rule stands in the way."""

    def __init__(self, code: str) -> None:
        """Hold `code`: not_next, reason_needed or too_late."""
        super().__init__(code)
        self.code = code


def next_statuses(status: str) -> tuple[str, ...]:
    """Return the statuses that may follow `status`, the usual one first."""
    return MOVES.get(status, ())


def check_move(status: str, to: str, *, reason: str, since: datetime, at: datetime) -> None:
    """Let a move pass or say why not.

    Args:
        status: Where the referral stands.
        to: Where it shall go.
        reason: A code of `REASONS` for a declined or closed referral, words for a redirected one.
        since: When the referral came to `status`.
        at: The moment of the move.

    Raises:
        IllegalMove: The move skips a step, lacks its reason, or reopens after 90 days.
    """
    if to not in next_statuses(status):
        raise IllegalMove("not_next")
    named = reason in REASONS[to] if to in REASONS else True
    told = bool(reason.strip()) if to in REASON_IN_WORDS else True
    if not (named and told):
        raise IllegalMove("reason_needed")
    if status in ENDED and at - since > REOPEN_WITHIN:
        raise IllegalMove("too_late")
