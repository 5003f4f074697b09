"""An encrypted text column over a key ring that is kept outside the database."""

import hmac
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class CannotDecrypt(Exception):
    """A stored text does not open with the keys at hand; restore the key file of that time."""


class KeyRing:
    """Keys that open and close texts: the first closes, every one opens."""

    def __init__(self, keys: list[bytes]) -> None:
        """Hold `keys`, newest first, each as `Fernet.generate_key` makes it."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        # The oldest, because a new key in front must not change what was digested before.
        self._oldest = keys[-1]

    def close(self, text: str) -> str:
        """Return `text` encrypted with the newest key."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, token: str) -> str:
        """Return the text inside `token`.

        Raises:
            CannotDecrypt: No key of the ring fits, or the token was altered.
        """
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise CannotDecrypt from None

    def digest(self, text: str) -> str:
        """Return 64 characters that are equal for equal texts and tell nobody without the key."""
        return hmac.digest(self._oldest, text.encode(), "sha256").hex()


class EncryptedText(TypeDecorator[str]):
    """A text that the database sees only encrypted."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt on the way in."""
        return None if value is None else key_ring_of(dialect).close(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else key_ring_of(dialect).open(value)


def load_key_ring(folder: Path) -> KeyRing:
    """Return the key ring in `folder`, making folder and first key when there is none."""
    return KeyRing(load_secret(folder / "texts.key", Fernet.generate_key()).split())


def load_secret(path: Path, fresh: bytes) -> bytes:
    """Return the secret in `path`; when the file is missing, write `fresh` into it (mode 600).

    Two processes that start at once agree: whoever creates the file first wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_bytes(fresh)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def key_ring_of(dialect: Dialect) -> KeyRing:
    """Return the key ring that a database was opened with.

    Raises:
        CannotDecrypt: It was opened without one.
    """
    ring: KeyRing | None = getattr(dialect, "key_ring", None)
    if ring is None:
        message = "this database was opened without a key ring"
        raise CannotDecrypt(message)
    return ring
