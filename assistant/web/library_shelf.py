"""The list of documents as trainers see it: narrowed, counted by state, page by page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from assistant.web.dates import written_day, written_moment
from assistant.web.strings import Words
from knowledge.frontmatter import FLAG
from knowledge.language import fold, join
from knowledge.library import DocumentSummary, HistoryEntry
from knowledge.review import OPERATOR, STARTER

ROWS_A_PAGE = 25
# What waits for a decision stands first.
STATES = ("waiting", "approved", "superseded", "rejected", "withdrawn")
# These two are always offered; the others only when there is something in them.
USUAL = frozenset({"waiting", "approved"})
KINDS = ("protocol", "strategy", "training", "institution")
TONES = {"waiting": "warning", "approved": "success", "rejected": "danger"}


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means everything."""

    state: str = ""
    kind: str = ""
    language: str = ""
    text: str = ""

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.query)

    @property
    def only_waiting(self) -> bool:
        """Whether the list shows all that waits, and nothing else."""
        return self == Filters(state="waiting")

    @property
    def query(self) -> str:
        """The filters as the query of an address, without the question mark."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    def let_through(self, one: DocumentSummary) -> bool:
        """Return whether `one` belongs to the list; words in a title are found however written."""
        return (
            self.state in {"", one.state}
            and self.kind in {"", one.kind}
            and self.language in {"", join(one.language, one.script)}
            and fold(self.text) in fold(f"{one.title} {one.document}")
        )


@dataclass(frozen=True)
class Row:
    """One line of the list, in words."""

    document: str
    version: int
    title: str
    code: str
    kind: str
    state: str
    passages: int
    who: str
    day: str


@dataclass(frozen=True)
class Shelf:
    """One page of the list, and how many documents each state holds under the other filters."""

    rows: tuple[Row, ...]
    counts: tuple[tuple[str, int], ...]
    page: int
    pages: int


@dataclass(frozen=True)
class Line:
    """One sentence of a document's history, with its reason."""

    sentence: str
    reason: str
    version: int


class LibraryWords:
    """Tells documents in one reader's language; `names` are the names of people by id."""

    def __init__(self, words: Words, names: Mapping[str, str]) -> None:
        """Speak with `words`."""
        self._words = words
        self._names = names

    def who(self, by: str) -> str:
        """Return who did something."""
        known = {STARTER: "by_starter", OPERATOR: "by_command"}.get(by)
        if known:
            return self._words(f"library.{known}")
        return self._names.get(by) or self._words("library.by_gone")

    def kind(self, code: str) -> str:
        """Return what a kind is called; one that a file invented stays as it is written."""
        key = f"library.kind.{code}"
        return self._words(key) if self._words.has(key) else code

    def audience(self, roles: Sequence[str]) -> str:
        """Return for whom a document is."""
        if not roles or "all" in roles:
            return self._words("library.audience_all")
        keys = [f"roles.{role}" for role in roles]
        named = [self._words(key) if self._words.has(key) else key[6:] for key in keys]
        return ", ".join(named)

    def row(self, one: DocumentSummary) -> Row:
        """Return one line of the list."""
        return Row(
            document=one.document,
            version=one.version,
            title=one.title,
            code=join(one.language, one.script),
            kind=self.kind(one.kind),
            state=one.state,
            passages=one.passages,
            who=self.who(one.added_by),
            day=written_day(one.added_at, self._words),
        )

    def validity(self, one: DocumentSummary) -> str:
        """Return from when until when a document answers; empty when it always does."""
        limits = (("valid_from", one.valid_from), ("valid_until", one.valid_until))
        told = [
            self._words(f"library.{key}", day=written_day(day, self._words))
            for key, day in limits
            if day
        ]
        return " ".join(told)

    def state_help(self, one: DocumentSummary) -> str:
        """Return what the state means for the chat."""
        state = one.state
        if state == "approved" and one.out_of_date:
            state = "flagged" if one.when_out_of_date == FLAG else "expired"
        if state == "approved" and one.too_early:
            state = "too_early"
        return self._words(f"library.state_help.{state}")

    def out_of_date(self, one: DocumentSummary) -> str:
        """Return the last day of a document that is shown although it is over; mostly empty."""
        flagged = one.out_of_date and one.when_out_of_date == FLAG and one.valid_until
        return written_day(flagged, self._words) if flagged else ""

    def history(self, entries: Sequence[HistoryEntry]) -> list[Line]:
        """Return what happened as sentences, oldest first."""
        before: dict[int, str] = {}
        lines = []
        for entry in entries:
            back = entry.state == "approved" and before.get(entry.version) == "withdrawn"
            before[entry.version] = entry.state
            sentence = self._words(
                f"library.event.{'restored' if back else entry.state}",
                version=entry.version,
                who=self.who(entry.by),
                when=written_moment(entry.at, self._words),
            )
            lines.append(Line(sentence, entry.reason, entry.version))
        return lines


def arrange(
    summaries: Sequence[DocumentSummary], chosen: Filters, told: LibraryWords, *, page: int = 1
) -> Shelf:
    """Return a page of those `summaries` that pass, what waits first, then by title."""
    any_state = [one for one in summaries if replace(chosen, state="").let_through(one)]
    by_state = Counter(one.state for one in any_state)
    shown = [one for one in any_state if chosen.state in {"", one.state}]
    shown.sort(key=lambda one: (one.state != "waiting", fold(one.title), one.document))
    pages = max(1, -(-len(shown) // ROWS_A_PAGE))
    page = min(max(page, 1), pages)
    return Shelf(
        rows=tuple(told.row(one) for one in shown[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]),
        counts=(
            ("", len(any_state)),
            *((s, by_state[s]) for s in STATES if s in USUAL or by_state[s] or s == chosen.state),
        ),
        page=page,
        pages=pages,
    )
