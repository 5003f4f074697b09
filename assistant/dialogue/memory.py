"""What a conversation remembers of its last turn, beside its tracker."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.phrases import words_of
from assistant.dialogue.responses import Item


@dataclass(frozen=True)
class Memory:
    """What the next turn needs to know of the last one."""

    # The message that an action failed on, so that "try again" can say it once more.
    failed: str = ""
    # The sentence of which was asked whether it is an answer or a question.
    doubted: str = ""
    # The language that the page asked for last: when it asks for another, the person chose it.
    shown: str = ""
    # The buttons of the last reply, payload to title, so that the history can be read.
    buttons: dict[str, str] | None = None
    # The same, folded title to payload; several titles may mean the same.
    titles: dict[str, str] | None = None

    def after(self, items: Sequence[Item], *, failed: str, doubted: str) -> "Memory":
        """Return what to remember after a reply of these `items`.

        Args:
            items: The reply.
            failed: The message, where an action failed on it; else empty.
            doubted: The message, where it was asked what it is; else empty.
        """
        buttons = [button for item in items for button in item.get("buttons", ())]
        return replace(
            self,
            failed=failed,
            doubted=doubted,
            buttons={one["payload"]: one["title"] for one in buttons},
            titles={words_of(one["title"]): one["payload"] for one in reversed(buttons)},
        )

    def title_of(self, payload: str) -> str:
        """Return what stood on the button that was pressed; what is no button stays as it is."""
        return (self.buttons or {}).get(payload, payload)

    def payload_of(self, text: str) -> str:
        """Return the payload of the button whose title was typed; any other text stays as it is.

        Titles such as "Man in prison" or "Danger to life now" would else be read as an alarm.
        """
        return (self.titles or {}).get(words_of(text), text)
