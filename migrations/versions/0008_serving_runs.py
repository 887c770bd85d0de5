"""Measured serving runs, which the serving constants are fitted on.

Revision: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "fact_serving_runs",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_place", sa.Text(), nullable=False),
        sa.Column("measured", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("params", sa.BigInteger(), nullable=False),
        sa.Column("active_params", sa.BigInteger(), nullable=False),
        sa.Column("layers", sa.BigInteger(), nullable=False),
        sa.Column("hidden_size", sa.BigInteger(), nullable=False),
        sa.Column("kv_heads", sa.BigInteger(), nullable=False),
        sa.Column("head_dim", sa.BigInteger(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("full_attention_layers", sa.BigInteger(), nullable=True),
        sa.Column("sliding_window", sa.BigInteger(), nullable=True),
        sa.Column("experts", sa.BigInteger(), nullable=True),
        sa.Column("experts_per_token", sa.BigInteger(), nullable=True),
        sa.Column("weight_dtype", sa.Text(), nullable=False),
        sa.Column("kv_dtype", sa.Text(), nullable=False),
        sa.Column("accelerator", sa.Text(), nullable=False),
        sa.Column("accelerator_count", sa.BigInteger(), nullable=False),
        sa.Column("tensor_parallel", sa.BigInteger(), nullable=True),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=False),
        sa.Column("input_tokens", sa.Double(), nullable=True),
        sa.Column("output_tokens", sa.Double(), nullable=False),
        sa.Column("concurrency", sa.Double(), nullable=True),
        sa.Column("max_ttft_ms", sa.Double(), nullable=True),
        sa.Column("max_tpot_ms", sa.Double(), nullable=True),
        sa.Column("output_tokens_per_s", sa.Double(), nullable=True),
        sa.Column("ttft_ms", sa.Double(), nullable=True),
        sa.Column("tpot_ms", sa.Double(), nullable=True),
        sa.Column("power_w", sa.Double(), nullable=True),
        sa.Column("joules_per_output_token", sa.Double(), nullable=True),
        sa.Column("power_scope", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name="fk_fact_serving_runs_added_in"),
        sa.PrimaryKeyConstraint("row_id", "added_in", name="pk_fact_serving_runs"),
    )
    op.create_index("ix_fact_serving_runs_added_in", "fact_serving_runs", ["added_in"])


def downgrade() -> None:
    op.drop_table("fact_serving_runs")
