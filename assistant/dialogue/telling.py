"""Lets replies leave while their turn still goes on, each only after it was kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from assistant.dialogue.kept import Said
from assistant.dialogue.responses import Item

# Called with one reply at a time, from the thread in which the turn is played.
Tell = Callable[[Item], None]


class Telling:
    """Tells the replies of one turn to `tell`; without it everything is told at the end only.

    `sender` is the conversation, `number` the turn's own, 0 until something of it is kept.
    """

    def __init__(self, sender: str, tell: Tell | None) -> None:
        """Tell of conversation `sender`."""
        self.number = 0
        self.sender = sender
        self._tell = tell
        self._told = 0

    def tell(self, said: Said, keep: Callable[[Said], int]) -> None:
        """Keep and tell what is new in a turn that goes on; nothing of it will be taken back.

        Args:
            said: The turn until now.
            keep: Keeps the turn it is given and returns its number.
        """
        if self._tell is not None and len(said.replied) > self._told:
            self.number = keep(replace(said, number=self.number, goes_on=True))
            self._tell_rest(said.replied)

    def all(self, items: Sequence[Item], number: int) -> list[Item]:
        """Tell what is left of `items`, kept as turn `number`; return them all as they are told."""
        self.number = number
        self._tell_rest(items)
        return [self._addressed(item) for item in items]

    def _tell_rest(self, items: Sequence[Item]) -> None:
        if self._tell is not None:
            for item in items[self._told :]:
                self._tell(self._addressed(item))
        self._told = len(items)

    def _addressed(self, item: Item) -> Item:
        """Return `item` with its conversation; an answer with the number of its turn as well."""
        addressed: dict[str, Any] = {"recipient_id": self.sender, **item}
        data = item.get("custom", {}).get("data", {})
        if data.get("kind") == "answer":
            addressed["custom"] = {"data": {**data, "turn": self.number}}
        return addressed
