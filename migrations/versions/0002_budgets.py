"""Budgets, their ledger, reservations, answers kept for retries, and API keys.

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

EXACT = sa.Text().with_variant(sa.Numeric(), "postgresql")
"""A decimal with all its digits."""
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
APPEND_ONLY = ("ledger_entries", "budget_versions")


def upgrade() -> None:
    live = sa.text("deleted_at IS NULL")
    op.create_table(
        "budgets",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.String(64), nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_budgets"),
    )
    op.create_index("uq_budgets_live_name", "budgets", ["name"], unique=True, sqlite_where=live, postgresql_where=live)
    op.create_table(
        "budget_versions",
        _budget_id(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        _of_budget("budget_versions"),
        sa.PrimaryKeyConstraint("budget_id", "version", name="pk_budget_versions"),
    )
    op.create_table(
        "reservations",
        sa.Column("id", sa.String(40), nullable=False),
        _budget_id(),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("spent", sa.Text(), nullable=True),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("reserved_at", MOMENT, nullable=False),
        sa.Column("reserved_by", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        _of_budget("reservations"),
        sa.PrimaryKeyConstraint("id", name="pk_reservations"),
    )
    op.create_index("ix_reservations_budget_id_state_expires_at", "reservations", ["budget_id", "state", "expires_at"])
    op.create_table(
        "ledger_entries",
        sa.Column("id", SERIAL, nullable=False),
        _budget_id(),
        sa.Column("transaction_id", sa.String(40), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("account", sa.String(10), nullable=False),
        sa.Column("figure", sa.String(40), nullable=False),
        *_amounts(),
        sa.Column("charged_at", MOMENT, nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.Column("posted_by", sa.String(64), nullable=False),
        sa.Column("reservation_id", sa.String(40), nullable=True),
        sa.Column("labels", sa.Text(), nullable=False),
        _of_budget("ledger_entries"),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservations.id"], name="fk_ledger_entries_reservation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_entries"),
    )
    op.create_index("ix_ledger_entries_budget_id_id", "ledger_entries", ["budget_id", "id"])
    op.create_table(
        "ledger_balances",
        _budget_id(),
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("figure", sa.String(40), nullable=False),
        sa.Column("account", sa.String(10), nullable=False),
        *_amounts(),
        _of_budget("ledger_balances"),
        sa.PrimaryKeyConstraint("budget_id", "period", "figure", "account", name="pk_ledger_balances"),
    )
    op.create_table(
        "idempotent_answers",
        _budget_id(),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        _of_budget("idempotent_answers"),
        sa.PrimaryKeyConstraint("budget_id", "key", name="pk_idempotent_answers"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("secret_digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    _forbid_changes()


def downgrade() -> None:
    for name in ("api_keys", "idempotent_answers", "ledger_balances", "ledger_entries", "reservations"):
        op.drop_table(name)
    op.drop_table("budget_versions")
    op.drop_table("budgets")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION mlquote_append_only()")


def _budget_id() -> sa.Column:
    return sa.Column("budget_id", SERIAL, nullable=False)


def _of_budget(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["budget_id"], ["budgets.id"], name=f"fk_{table}_budget_id")


def _amounts() -> list[sa.Column]:
    return [sa.Column(end, EXACT, nullable=False) for end in ("low", "central", "high")]


def _forbid_changes() -> None:
    """The database refuses to change or delete what is append-only, whoever asks."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION mlquote_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION mlquote_append_only()"
            )
        return
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
