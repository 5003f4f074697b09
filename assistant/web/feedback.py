"""What staff said of answers, as trainers read it: how often they helped, and why not."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from assistant.dialogue.feedback import Opinion
from assistant.web.dates import written_day
from assistant.web.strings import Words
from knowledge.language import fold, join
from knowledge.library import DocumentSummary

# The latest that are counted; more than all staff together say before it is deleted.
MOST_OPINIONS = 1000
# The latest that are listed one by one; whoever works through a hundred will reload meanwhile.
MOST_LISTED = 100
# Both parts of a picture can be seen, however small one is.
SMALLEST_SHARE = 2


@dataclass(frozen=True)
class Cited:
    """A document that an answer quoted; one that may not be opened has no address."""

    title: str
    code: str
    address: str


@dataclass(frozen=True)
class Count:
    """How often answers from one document helped, and how often they did not."""

    cited: Cited
    helped: int
    not_helped: int

    @property
    def share(self) -> int:
        """How many of a hundred helped, as it is drawn."""
        exact = round(100 * self.helped / (self.helped + self.not_helped))
        if not (self.helped and self.not_helped):
            return exact
        return min(max(exact, SMALLEST_SHARE), 100 - SMALLEST_SHARE)


@dataclass(frozen=True)
class Complaint:
    """One answer that did not help, in words; never who said so nor what was asked."""

    reason: str
    role: str
    code: str
    day: str
    cited: tuple[Cited, ...]


@dataclass(frozen=True)
class FeedbackSummary:
    """All that a trainer reads of what staff said of answers."""

    counts: tuple[Count, ...]
    complaints: tuple[Complaint, ...]
    helped: int
    not_helped: int


def summed_up(
    opinions: Sequence[Opinion],
    documents: Sequence[DocumentSummary],
    words: Words,
    *,
    readable: Set[str],
) -> FeedbackSummary:
    """Return `opinions` in words; documents that helped least often come first.

    Args:
        opinions: What was said, the latest first.
        documents: What the library lists, for the titles.
        words: The reader's words.
        readable: The states in which the reader may open a document.
    """
    shelf = _Shelf(documents, readable)
    good, bad = (
        Counter(name for one in opinions if one.helpful is helpful for name in one.documents)
        for helpful in (True, False)
    )
    counts = [Count(shelf.find(name), good[name], bad[name]) for name in good | bad]
    counts.sort(key=lambda one: (-one.not_helped, -one.helped, fold(one.cited.title)))
    refused = [one for one in opinions if not one.helpful]
    return FeedbackSummary(
        counts=tuple(counts),
        complaints=tuple(_complaint(one, shelf, words) for one in refused[:MOST_LISTED]),
        helped=len(opinions) - len(refused),
        not_helped=len(refused),
    )


class _Shelf:
    """Finds how a document is called and whether it can be opened, by its id."""

    def __init__(self, documents: Sequence[DocumentSummary], readable: Set[str]) -> None:
        # A document may be listed twice: what can be opened stands for it, not what waits.
        by_use = sorted(documents, key=lambda one: one.state in readable)
        self._listed = {one.document: one for one in by_use}
        self._readable = readable

    def find(self, name: str) -> Cited:
        one = self._listed.get(name)
        if one is None:
            return Cited(name, "", "")
        address = f"/sources/{name}" if one.state in self._readable else ""
        return Cited(one.title, join(one.language, one.script), address)


def _complaint(one: Opinion, shelf: _Shelf, words: Words) -> Complaint:
    reason, role = f"widget.reason_{one.reason}", f"roles.{one.role}"
    return Complaint(
        reason=words(reason if words.has(reason) else "feedback.reason_none"),
        role=words(role) if words.has(role) else one.role,
        code=one.language,
        day=written_day(one.at, words),
        cited=tuple(shelf.find(name) for name in one.documents),
    )
