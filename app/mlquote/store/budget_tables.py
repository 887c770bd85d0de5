"""The schema of budgets: what may be spent, who holds how much of it, and the ledger that proves it.

`ledger_entries`, `budget_versions` and `audit_entries` are append-only, and the database itself refuses anything else
(triggers in the migrations). `ledger_balances` is the ledger's running sum by period, written in the same transaction
as its entries.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text, text

from mlquote.store.tables import ExactDecimal, Instant, metadata

_LIVE = text("deleted_at IS NULL")
_Serial = BigInteger().with_variant(Integer(), "sqlite")

budgets = Table(
    "budgets",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("body", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("updated_by", String(64), nullable=False),
    Column("deleted_at", Instant),
    Index("uq_budgets_live_name", "name", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
)

budget_versions = Table(
    "budget_versions",
    metadata,
    Column("budget_id", ForeignKey("budgets.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(64), nullable=False),
    PrimaryKeyConstraint("budget_id", "version"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("budget_id", ForeignKey("budgets.id"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked", Text, nullable=False),
    Column("spent", Text),
    Column("labels", Text, nullable=False),
    Column("reserved_at", Instant, nullable=False),
    Column("reserved_by", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("ix_reservations_budget_id_state_expires_at", "budget_id", "state", "expires_at"),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("budget_id", ForeignKey("budgets.id"), nullable=False),
    Column("transaction_id", String(40), nullable=False),
    Column("act", String(10), nullable=False),
    Column("account", String(10), nullable=False),
    Column("figure", String(40), nullable=False),
    Column("low", ExactDecimal, nullable=False),
    Column("central", ExactDecimal, nullable=False),
    Column("high", ExactDecimal, nullable=False),
    Column("charged_at", Instant, nullable=False),
    Column("posted_at", Instant, nullable=False),
    Column("posted_by", String(64), nullable=False),
    Column("reservation_id", ForeignKey("reservations.id")),
    Column("labels", Text, nullable=False),
    Column("corrects", String(40)),
    Column("reason", Text),
    Index("ix_ledger_entries_budget_id_id", "budget_id", "id"),
)

ledger_balances = Table(
    "ledger_balances",
    metadata,
    Column("budget_id", ForeignKey("budgets.id"), nullable=False),
    Column("period", String(20), nullable=False),
    Column("figure", String(40), nullable=False),
    Column("account", String(10), nullable=False),
    Column("low", ExactDecimal, nullable=False),
    Column("central", ExactDecimal, nullable=False),
    Column("high", ExactDecimal, nullable=False),
    PrimaryKeyConstraint("budget_id", "period", "figure", "account"),
)

idempotent_answers = Table(
    "idempotent_answers",
    metadata,
    Column("budget_id", ForeignKey("budgets.id"), nullable=False),
    Column("key", String(200), nullable=False),
    Column("request_digest", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_at", Instant, nullable=False),
    Column("asked_by", String(64)),
    PrimaryKeyConstraint("budget_id", "key"),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("act", String(40), nullable=False),
    Column("subject", String(160), nullable=False, index=True),
    Column("before", Text),
    Column("after", Text),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("secret_digest", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("previous_digest", String(64)),
    Column("previous_until", Instant),
    Column("last_used_at", Instant),
)
