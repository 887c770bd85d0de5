"""The migrations make exactly the schema that the code reads, and can be taken back."""

from datetime import UTC, datetime
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from mlquote.store import budget_tables, rate_cards
from mlquote.store.engine import alembic_config, downgrade, migrate
from mlquote.store.files import bundled_folder, table_from_files
from mlquote.store.releases import SAID_ELSEWHERE, import_folder, load_snapshot
from mlquote.store.tables import metadata
from tests.store.sample import write

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


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


RELEASE = (
    "INSERT INTO releases (seq, id, published_on, digest, files_digest, note, imported_at) "
    "VALUES (1, 'old', '2026-11-23', 'd', 'f', '', '2026-11-23 00:00:00')"
)
PART = (
    "INSERT INTO fact_accelerators (row_id, added_in, id, vendor, name, family, status, typical_server, "
    "unconfirmed_fields, source_url, note) VALUES (:row, 1, :id, 'v', 'n', :family, 'available', '', '', 'u', '')"
)
LAW = (
    "INSERT INTO fact_thresholds (row_id, added_in, id, name, jurisdiction, flop, scope, status, source_url, note) "
    "VALUES (:row, 1, :id, 'n', 'EU', 1e25, 's', 'guideline', 'u', '')"
)
PARTS = [{"row": "1", "id": "h800-sxm5-80gb", "family": "Hopper (export)"},
         {"row": "2", "id": "t4", "family": "Turing"}, {"row": "3", "id": "tpu-v4", "family": "TPU"}]  # fmt: skip
LAWS = [{"row": "1", "id": "eu-ai-act-modification"}, {"row": "2", "id": "us-eo-14110"}]


def test_old_parts_and_laws_get_the_columns_that_their_words_stood_for(engine: Engine) -> None:
    migrate(engine, "0009")
    with engine.begin() as connection:
        connection.execute(text(RELEASE))
        connection.execute(text(PART), PARTS)
        connection.execute(text(LAW), LAWS)
    migrate(engine)
    downgrade(engine, "0009")
    migrate(engine)
    with engine.connect() as connection:
        columns = "id, generation, form, export, sole_provider, product"
        parts = connection.execute(text(f"SELECT {columns} FROM fact_accelerators ORDER BY id")).all()
        laws = connection.execute(text("SELECT applies_to FROM fact_thresholds ORDER BY id")).scalars().all()
    assert [tuple(part) for part in parts] == [
        ("h800-sxm5-80gb", "Hopper", "sxm5", True, "", "H800"),
        ("t4", "Turing", "", False, "", "T4"),
        ("tpu-v4", "TPU", "v4", False, "gcp", "TPU"),
    ]
    assert laws == ["modification", "any"]


def test_a_release_that_lost_a_table_on_the_way_down_reads_its_first_rows(engine: Engine, tmp_path: Path) -> None:
    migrate(engine)
    doubt = {"quantity": "pue", "level": "fleet", "log_sd": "0.5", "source_url": "https://example.org"}
    release = import_folder(engine, write(tmp_path, doubts=[doubt]), now=NOW).release
    downgrade(engine, "0008")
    migrate(engine)
    snapshot = load_snapshot(engine, release.id)
    assert snapshot.release.digest == release.digest
    for name in SAID_ELSEWHERE:
        assert set(snapshot.rows(name)) == set(table_from_files(bundled_folder(), name))
