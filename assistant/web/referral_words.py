"""A referral in words: its fields with their labels, its timeline as sentences, its next steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from actions.directory import Directory
from actions.referrals import states
from actions.referrals.log import ReferralView
from actions.referrals.values import EventView
from assistant.web.dates import written_day, written_moment
from assistant.web.strings import Words
from knowledge.language import fold

# What was told stands first; then what kind of case it is, then the ground for sharing it.
TOLD = ("concern_facts", "done_so_far", "wanted_service")
KIND = ("category", "person_group", "municipality", "urgency", "emergency_called")
GROUND = ("consent_status", "legal_basis_without_consent")
SENDER = ("referrer_role", "referrer_institution", "referrer_contact")
AS_TYPED = frozenset({"concern_facts", "done_so_far", "referrer_institution", "referrer_contact"})
# The order of the Serbian alphabet, which code points do not follow.
AZBUKA = "абвгдђежзијклљмнњопрстћуфхцчџш"
# What a state looks like beside its word.
TONES = {
    "submitted": "new",
    "acknowledged": "accent",
    "triage": "accent",
    "accepted": "accent",
    "in_progress": "accent",
    "waiting_info": "warning",
    "waiting_person": "warning",
    "waiting_other": "warning",
    "closed": "success",
    "declined": "danger",
}
# How urgent it is stands as words; danger alone is louder than any state.
URGENCY_PILLS = {"U0": "pill--alarm", "U1": "pill--plain pill--warning"}
# Where hours count, the time of day is told with the date.
BY_THE_HOUR = frozenset(URGENCY_PILLS)


@dataclass(frozen=True)
class Fact:
    """One field with its label; `typed` says that a person wrote the value."""

    label: str
    value: str
    typed: bool = False


@dataclass(frozen=True)
class Line:
    """One sentence of the timeline, with the reason or note that belongs to it."""

    sentence: str
    text: str
    is_note: bool


@dataclass(frozen=True)
class Step:
    """A status that may follow: `reasons` to choose from, or words, or neither.

    `word` is the key of what it is called; `usual` says that it is the ordinary way on.
    """

    to: str
    word: str
    reasons: tuple[str, ...]
    in_words: bool
    final: bool
    usual: bool


class ReferralWords:
    """Tells referrals in one reader's language."""

    def __init__(self, words: Words, directory: Directory) -> None:
        """Speak with `words`, and name places as `directory` does."""
        self._words = words
        self._directory = directory

    def status(self, code: str) -> str:
        """Return what the status `code` is called."""
        return self._words(f"referral_fields.status.{code}")

    def value(self, field: str, code: str) -> str:
        """Return what `code` of `field` is called."""
        if field == "municipality":
            return self.municipality(code)
        topic = "roles" if field == "referrer_role" else f"referral_fields.{field}"
        key = f"{topic}.{code}"
        return self._words(key) if self._words.has(key) else code

    def municipality(self, code: str) -> str:
        """Return the name of the municipality `code`, or the code where it has none."""
        place = self._directory.by_code(code)
        return self._words.choose(sq=place.sq, sr=place.sr, en=place.en) if place else code

    def municipalities(self) -> list[tuple[str, str]]:
        """Return the code and name of every municipality, in the order of the alphabet."""
        named = [(one.code, self.municipality(one.code)) for one in self._directory.municipalities]
        return sorted(named, key=lambda pair: self._place_in_alphabet(pair[1]))

    def sent(self, at: datetime, urgency: str) -> str:
        """Return when a referral came: the day, and the time too where hours count."""
        written = written_moment if urgency in BY_THE_HOUR else written_day
        return written(at, self._words)

    def facts(self, view: ReferralView, fields: tuple[str, ...]) -> list[Fact]:
        """Return those of `fields` that were answered, with their labels."""
        return [
            Fact(self._label(name), self._answer(name, given), name in AS_TYPED)
            for name in fields
            if (given := getattr(view.content, name))
        ]

    def timeline(self, view: ReferralView, who: Mapping[str, str], *, me: str) -> list[Line]:
        """Return what happened as sentences, oldest first.

        Args:
            view: The referral, already cut to what the reader may see.
            who: The names of people the reader may know, by id; others act for DPRRP.
            me: The reader's own id.
        """
        before, lines = "", []
        for event in view.events:
            is_note = event.kind != "move"
            kind = "note" if is_note else _turn(before, event.status)
            lines.append(self._line(event, kind, who, me))
            before = before if is_note else event.status
        return lines

    def _line(self, event: EventView, kind: str, who: Mapping[str, str], me: str) -> Line:
        is_note = kind == "note"
        own = f"referrals.event_you.{kind}"
        mine = event.by == me and self._words.has(own)
        sentence = self._words(
            own if mine else f"referrals.event.{kind}",
            who=who.get(event.by, self._words("referrals.dprrp")),
            when=written_moment(event.at, self._words),
        )
        coded = not is_note and event.text in states.REASONS.get(event.status, ())
        text = self._words(f"referral_fields.reason.{event.text}") if coded else event.text
        return Line(sentence, text, is_note)

    def _label(self, field: str) -> str:
        # The form asks for "your" contact; here others read it too.
        own = f"referrals.field.{field}"
        return self._words(own if self._words.has(own) else f"referral_fields.field.{field}")

    def _answer(self, field: str, given: object) -> str:
        if isinstance(given, tuple):
            return ", ".join(self.value(field, code) for code in given)
        return str(given) if field in AS_TYPED else self.value(field, str(given))

    def _place_in_alphabet(self, name: str) -> list[int]:
        if self._words.code == "sr-Cyrl":
            return [AZBUKA.find(letter) for letter in name.casefold()]
        return [ord(letter) for letter in fold(name)]


def next_steps(view: ReferralView) -> list[Step]:
    """Return what the reader may do next with the referral, the usual step first."""
    return [_step(view.status, to, place) for place, to in enumerate(view.next_statuses)]


def withdrawal(view: ReferralView) -> Step | None:
    """Return the one step that is open to its author, or None when it is too late for it."""
    possible = states.WITHDRAWN in states.next_statuses(view.status)
    return _step(view.status, states.WITHDRAWN) if possible else None


def _step(status: str, to: str, place: int = 1) -> Step:
    reasons, in_words = states.REASONS.get(to, ()), to in states.REASON_IN_WORDS
    return Step(
        to=to,
        word=_turn(status, to),
        reasons=reasons,
        in_words=in_words,
        final=not states.next_statuses(to),
        usual=place == 0 and status not in states.ENDED and not (reasons or in_words),
    )


def _turn(before: str, to: str) -> str:
    """Return what a step is called: going back into work has names of its own."""
    if before in states.ENDED and to != states.WITHDRAWN:
        return "reopened"
    return "went_on" if before.startswith("waiting_") and to == "in_progress" else to
