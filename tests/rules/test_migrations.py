"""The migrations make exactly the tables that the code speaks of."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from assistant.schema import METADATA, configuration, migrate
from config.database import SQLITE_PRAGMAS, open_database


def _empty(tmp_path, keys):
    return open_database(f"sqlite:///{tmp_path / 'empty.sqlite3'}", keys)


def test_head_equals_the_models(tmp_path, keys):
    engine = _empty(tmp_path, keys)
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_every_migration_goes_up_and_down(tmp_path, keys):
    engine = _empty(tmp_path, keys)
    with engine.begin() as connection:
        script = ScriptDirectory.from_config(configuration(connection))
        revisions = [one.revision for one in reversed(list(script.walk_revisions()))]
        for revision in revisions:
            command.upgrade(configuration(connection), revision)
            command.downgrade(configuration(connection), "-1")
            command.upgrade(configuration(connection), revision)
        command.downgrade(configuration(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_migrating_twice_changes_nothing(tmp_path, keys):
    engine = _empty(tmp_path, keys)
    migrate(engine)
    migrate(engine)
    engine.dispose()


def test_every_pooled_connection_is_safe_against_a_power_cut(tmp_path, keys):
    engine = _empty(tmp_path, keys)
    wanted = {"synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "secure_delete": 1}
    connections = [engine.connect() for _ in range(3)]
    for connection in connections:
        seen = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        assert seen == wanted
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() >= 5000
    assert set(wanted) < set(SQLITE_PRAGMAS)
    for connection in connections:
        connection.close()
    engine.dispose()
