"""The values that go into the referral log and come out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class ReferralNotFound(Exception):
    """No such referral, or not this reader's to see; the two look alike on purpose."""


class NotAllowed(Exception):
    """The reader sees the referral but may not do this to it."""


class KeyReused(Exception):
    """The key already stands for a referral with other content."""


@dataclass(frozen=True)
class Reader:
    """Somebody who asks the log: who, in which role, and with which rights."""

    person: str
    role: str
    reads_all: bool = False
    handles: bool = False


@dataclass(frozen=True)
class NewReferral:
    """What a person sends, every field already checked by `actions.referrals.fields`."""

    category: str
    person_group: str
    municipality: str
    urgency: str
    concern_facts: str = field(repr=False)
    done_so_far: str = field(repr=False)
    wanted_service: tuple[str, ...]
    consent_status: str | None
    referrer_contact: str = field(repr=False)
    referrer_role: str
    referrer_institution: str
    language: str
    legal_basis_without_consent: str | None = None
    emergency_called: str | None = None

    @classmethod
    def of(
        cls, checked: Mapping[str, Any], *, role: str, institution: str, language: str
    ) -> "NewReferral":
        """Return the referral made of `fields.check_all`'s answer and of who sends it."""
        return cls(
            **{**checked, "wanted_service": tuple(checked["wanted_service"])},
            referrer_role=role,
            referrer_institution=institution,
            language=language,
        )


@dataclass(frozen=True)
class Receipt:
    """What the sender gets back."""

    number: str
    status: str


@dataclass(frozen=True)
class EventView:
    """One step in a referral's life; `text` is a note or the reason of a move."""

    kind: str
    status: str
    by: str
    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True)
class ReferralSummary:
    """One line in a list of referrals, without what was told."""

    number: str
    status: str
    created_at: datetime
    changed_at: datetime
    category: str
    person_group: str
    municipality: str
    urgency: str


@dataclass(frozen=True)
class ReferralView:
    """One referral in full, as far as the reader may see it."""

    number: str
    status: str
    created_at: datetime
    changed_at: datetime
    author: str
    content: NewReferral
    events: tuple[EventView, ...]
    next_statuses: tuple[str, ...]
