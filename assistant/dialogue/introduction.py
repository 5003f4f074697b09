"""Tells the tracker of a turn who is asking, and lets it forget that afterwards."""

from actions.identity import Identity, IdentitySeal
from assistant.dialogue.records import Records
from assistant.dialogue.tracker import Tracker
from assistant.people.people import PersonView

# Set anew before every turn and never stored with the conversation.
OF_THE_TURN = ("person", "role", "institution", "identity_token")


def introduce(tracker: Tracker, who: PersonView, seal: IdentitySeal, records: Records) -> None:
    """Set who is asking and what replies may say about keeping; never taken from text.

    Args:
        tracker: The conversation.
        who: Who is signed in.
        seal: Signs who that is, for the actions.
        records: Knows for how long is kept what.
    """
    identity = Identity(who.id, who.role, who.institution, tracker.sender)
    tracker.slots.update(
        person=who.id,
        role=who.role,
        institution=who.institution,
        identity_token=seal.sign(identity),
        draft_days=records.draft_days,
        conversation_days=records.conversation_days,
    )


def take_leave(tracker: Tracker) -> None:
    """Empty what `introduce` told of the person."""
    for name in OF_THE_TURN:
        tracker.slots[name] = None
