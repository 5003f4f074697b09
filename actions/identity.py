"""Who is asking, as a short-lived token that we sign; nobody can type themselves into another."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from config.files import load_yaml

# Keeps these tokens apart from anything else that might be signed with the same secret.
PURPOSE = "ura.identity"


class NotSignedIn(Exception):
    """The token is missing, altered, too old, or was made for another conversation."""


@dataclass(frozen=True)
class Identity:
    """One signed-in person, in one conversation."""

    person: str
    role: str
    institution: str
    conversation: str

    def may(self, right: str) -> bool:
        """Return whether config/roles.yml gives this person's role the right."""
        roles: Mapping[str, list[str]] = load_yaml("roles.yml")
        return right in roles.get(self.role, ())


class IdentitySeal:
    """Signs identities and opens them again."""

    def __init__(self, secret: bytes, max_age_s: int = 900) -> None:
        """Sign with `secret`; a token opens for `max_age_s` seconds, longer than any one turn."""
        self._serializer = URLSafeTimedSerializer(secret, salt=PURPOSE)
        self._max_age_s = max_age_s

    def sign(self, identity: Identity) -> str:
        """Return a token for `identity`, valid in its conversation only."""
        return str(self._serializer.dumps(asdict(identity)))

    def verify(self, token: str | None, conversation: str) -> Identity:
        """Return whose token it is.

        Raises:
            NotSignedIn: The token proves nothing for this conversation now.
        """
        try:
            identity = Identity(**self._serializer.loads(token or "", max_age=self._max_age_s))
        except (BadSignature, UnicodeEncodeError):
            raise NotSignedIn from None
        if identity.conversation != conversation:
            raise NotSignedIn
        return identity


class DemoSeal(IdentitySeal):
    """For a demo under another server, which knows no accounts; never for real people.

    Who shows no token is a person of config/demo.yml; a token that is shown must still be right.
    """

    def verify(self, token: str | None, conversation: str) -> Identity:
        """Return whose token it is, or the demo person without one.

        Raises:
            NotSignedIn: The token proves nothing for this conversation now.
        """
        if token:
            return super().verify(token, conversation)
        demo = load_yaml("demo.yml")[0]
        return Identity("demo", demo["role"], demo["institution"], conversation)
