"""What each role may do: read from config/roles.yml, denied unless written there."""

from collections.abc import Mapping, Sequence

from config.files import load_yaml

RIGHTS = frozenset(
    {
        "ask",
        "refer",
        "read_own_referrals",
        "read_all_referrals",
        "handle_referrals",
        "read_library",
        "add_documents",
        "approve_documents",
        "read_unanswered",
        "manage_people",
        "inspect",
    }
)


class UnknownRight(Exception):
    """A right is misspelt, in roles.yml or in a question about it."""


class Permissions:
    """Answers whether a role may do something."""

    def __init__(self, roles: Mapping[str, Sequence[str]]) -> None:
        """Hold the rights of each role.

        Raises:
            UnknownRight: A role has a right that does not exist.
        """
        self._roles = {role: frozenset(rights) for role, rights in roles.items()}
        for rights in self._roles.values():
            if unknown := rights - RIGHTS:
                raise UnknownRight(sorted(unknown)[0])

    @classmethod
    def load(cls) -> "Permissions":
        """Return the permissions written in config/roles.yml."""
        return cls(load_yaml("roles.yml"))

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role, in the order of the file."""
        return tuple(self._roles)

    def may(self, role: str, right: str) -> bool:
        """Return whether `role` has `right`; an unknown role has none.

        Raises:
            UnknownRight: There is no such right, so the question itself is a mistake.
        """
        if right not in RIGHTS:
            raise UnknownRight(right)
        return right in self._roles.get(role, frozenset())
