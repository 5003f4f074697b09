"""Who may refer: asked before the form opens, at every answer, and before it is logged."""

from rasa_sdk import Tracker

from actions.identity import Identity, NotSignedIn
from actions.toolbox import Tools


class ReferrerRefused(Exception):
    """This person cannot refer now; `response` says why."""

    def __init__(self, response: str) -> None:
        """Hold the name of the response."""
        super().__init__(response)
        self.response = response


class MayNotRefer(ReferrerRefused):
    """The role of this person has no right to refer."""


def referrer(tools: Tools, tracker: Tracker) -> Identity:
    """Return who refers, as the signed token of the conversation says.

    Raises:
        MayNotRefer: The role has no such right.
        ReferrerRefused: Nobody is signed in.
    """
    try:
        identity = tools().seal.verify(tracker.slots.get("identity_token"), tracker.sender_id)
    except NotSignedIn:
        raise ReferrerRefused("utter_please_sign_in") from None
    if not identity.may("refer"):
        raise MayNotRefer("utter_may_not_refer")
    return identity
