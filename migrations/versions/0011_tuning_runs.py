"""Measured fine-tuning steps: peaks of memory, and hours of so many tokens.

Revision: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "fact_tuning_runs",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("layers", sa.BigInteger(), nullable=True),
        sa.Column("hidden_size", sa.BigInteger(), nullable=True),
        sa.Column("heads", sa.BigInteger(), nullable=True),
        sa.Column("kv_heads", sa.BigInteger(), nullable=True),
        sa.Column("ffn_size", sa.BigInteger(), nullable=True),
        sa.Column("ffn_gated", sa.Boolean(), nullable=True),
        sa.Column("vocab_size", sa.BigInteger(), nullable=True),
        sa.Column("tied_embeddings", sa.Boolean(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("lora_rank", sa.BigInteger(), nullable=True),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("sequence_length", sa.BigInteger(), nullable=False),
        sa.Column("micro_batch_size", sa.BigInteger(), nullable=True),
        sa.Column("recompute", sa.Text(), nullable=False),
        sa.Column("fused_loss", sa.Boolean(), nullable=True),
        sa.Column("accelerator", sa.Text(), nullable=False),
        sa.Column("accelerator_count", sa.BigInteger(), nullable=False),
        sa.Column("run_date", sa.Date(), nullable=True),
        sa.Column("peak_gb", sa.Double(), nullable=True),
        sa.Column("accelerator_hours", sa.Double(), nullable=True),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name="fk_fact_tuning_runs_added_in"),
        sa.PrimaryKeyConstraint("row_id", "added_in", name="pk_fact_tuning_runs"),
    )
    op.create_index("ix_fact_tuning_runs_added_in", "fact_tuning_runs", ["added_in"])


def downgrade() -> None:
    op.drop_table("fact_tuning_runs")
