"""The migrations make exactly the tables that the code speaks of."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from assistant.schema import METADATA, configuration, migrate
from config.database import SQLITE_PRAGMAS, open_database
from knowledge.unanswered import UnansweredQuestions


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


def test_open_questions_of_the_first_release_are_kept_and_count_on(tmp_path, keys, clock):
    engine = _empty(tmp_path, keys)
    migrate(engine, "0001")
    enter = text(
        "insert into unanswered_questions (id, fingerprint, question, language, role, count, "
        "first_at, last_at, closed_by, closed_at) values (:id, :id, :question, 'en', 'ngo', 3, "
        "'2026-11-01', '2026-11-01', null, :closed)"
    )
    with engine.begin() as connection:
        for number, closed in ((1, None), (2, "2026-11-02")):
            row = {
                "id": number,
                "closed": closed,
                "question": keys.close(f"Who pays rent {number}?"),
            }
            connection.execute(enter, row)
    migrate(engine)
    questions = UnansweredQuestions(engine, clock)
    questions.note("who pays  RENT 1?", language="en", role="teacher")
    assert [(one.question, one.count) for one in questions.open(9)] == [("Who pays rent 1?", 4)]
    engine.dispose()


def test_documents_of_the_release_before_stay_hidden_out_of_date_and_keep_their_passages(
    tmp_path, keys
):
    engine = _empty(tmp_path, keys)
    migrate(engine, "0002")
    with engine.begin() as connection:
        connection.execute(text("insert into documents (id, family) values ('a', 'a')"))
        connection.execute(
            text(
                "insert into document_versions (id, document_id, number, state, title, kind, "
                "language, script, audience, sources, review, language_review, file_name, "
                "content_sha256, added_by, added_at) values (1, 'a', 1, 'approved', 'A', '', 'en', "
                "'Latn', '[]', '[]', '', '', 'a.md', '', 'x', '2026-11-01')"
            )
        )
        connection.execute(
            text(
                "insert into passages (id, version_id, place, section, text) "
                "values (1, 1, 0, '', 'words')"
            )
        )
    chosen = text("select when_out_of_date from document_versions")
    for revision in ("0004", "0002", "head"):
        with engine.begin() as connection:
            step = command.downgrade if revision == "0002" else command.upgrade
            step(configuration(connection), revision)
            assert connection.scalar(text("select count(*) from passages")) == 1
    with engine.connect() as connection:
        assert connection.scalar(chosen) == "hide"
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
