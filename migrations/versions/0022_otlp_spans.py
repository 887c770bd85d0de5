"""Spans that were met, so that none is paid twice, and what they cost by label.

Revision: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

EXACT = sa.Text().with_variant(sa.Numeric(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "otlp_spans",
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("trace", sa.LargeBinary(16), nullable=False),
        sa.Column("own", sa.LargeBinary(8), nullable=False),
        sa.Column("parent", sa.LargeBinary(8), nullable=False),
        sa.Column("is_call", sa.Boolean(), nullable=False),
        sa.Column("is_paid", sa.Boolean(), nullable=False),
        sa.Column("response", sa.LargeBinary(8), nullable=False),
        sa.Column("usd", EXACT),
        sa.Column("at", MOMENT),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account", "trace", "own", name="pk_otlp_spans"),
    )
    op.create_index("ix_otlp_spans_seen_at", "otlp_spans", ["seen_at"])
    op.create_table(
        "otlp_totals",
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("value", sa.String(100), nullable=False),
        sa.Column("provider", sa.String(100), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("unpriced_calls", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_calls", sa.BigInteger(), nullable=False),
        sa.Column("usd", EXACT, nullable=False),
        sa.Column("withdrawn_usd", EXACT, nullable=False),
        sa.PrimaryKeyConstraint("account", "label", "value", "provider", "model", name="pk_otlp_totals"),
    )


def downgrade() -> None:
    op.drop_table("otlp_totals")
    op.drop_table("otlp_spans")
