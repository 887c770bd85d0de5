"""The migrations make exactly the schema that the code reads, and can be taken back."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from mlquote.store import budget_tables, rate_cards
from mlquote.store.engine import alembic_config, downgrade, migrate
from mlquote.store.tables import metadata


def test_up_down_up_leaves_the_schema_of_the_code(engine: Engine) -> None:
    migrate(engine)
    downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert budget_tables.metadata is rate_cards.metadata is metadata


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    migrate(engine)
    assert "releases" in inspect(engine).get_table_names()


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1
