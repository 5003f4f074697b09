"""The database's shape: all tables together, and the migrations that make them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

import actions.referrals.tables
import assistant.dialogue.records
import assistant.people.tables
import knowledge.documents
from config.database import Base

# Importing a module of tables is what enters them in the common base; named here, once.
MODULES = (
    knowledge.documents,
    actions.referrals.tables,
    assistant.people.tables,
    assistant.dialogue.records,
)
METADATA = Base.metadata


class NotMigrated(Exception):
    """The database has no tables, or those of another release; `migrate` brings it to date."""


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database in `engine` to `revision`, the newest unless said otherwise."""
    with engine.begin() as connection:
        command.upgrade(configuration(connection), revision)


def require_newest(engine: Engine) -> None:
    """Do nothing when the database in `engine` has its newest shape.

    Raises:
        NotMigrated: It has no tables, or those of another release.
    """
    with engine.connect() as connection:
        newest = ScriptDirectory.from_config(configuration(connection)).get_current_head()
        if MigrationContext.configure(connection).get_current_revision() != newest:
            raise NotMigrated


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for an open connection."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["connection"] = connection
    return settings
