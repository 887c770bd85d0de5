"""Published training runs, and the factors fitted on them.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

EXACT = sa.Text().with_variant(sa.Numeric(), "postgresql")
"""A decimal with all its digits."""


def upgrade() -> None:
    op.create_table(
        "fact_training_runs",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("run_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("architecture", sa.Text(), nullable=False),
        sa.Column("params", sa.Double(), nullable=True),
        sa.Column("active_params", sa.Double(), nullable=True),
        sa.Column("layers", sa.BigInteger(), nullable=True),
        sa.Column("hidden_size", sa.BigInteger(), nullable=True),
        sa.Column("heads", sa.BigInteger(), nullable=True),
        sa.Column("kv_heads", sa.BigInteger(), nullable=True),
        sa.Column("ffn_size", sa.BigInteger(), nullable=True),
        sa.Column("ffn_gated", sa.Boolean(), nullable=True),
        sa.Column("vocab_size", sa.BigInteger(), nullable=True),
        sa.Column("sequence_length", sa.BigInteger(), nullable=True),
        sa.Column("tokens", sa.Double(), nullable=True),
        sa.Column("epochs", sa.Double(), nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("accelerator", sa.Text(), nullable=False),
        sa.Column("accelerator_as_printed", sa.Text(), nullable=False),
        sa.Column("accelerator_count", sa.BigInteger(), nullable=True),
        sa.Column("accelerator_hours", sa.Double(), nullable=True),
        sa.Column("wall_clock_days", sa.Double(), nullable=True),
        sa.Column("mfu", sa.Double(), nullable=True),
        sa.Column("hfu", sa.Double(), nullable=True),
        sa.Column("tflop_per_s_per_accelerator", sa.Double(), nullable=True),
        sa.Column("training_flop", sa.Double(), nullable=True),
        sa.Column("training_flop_basis", sa.Text(), nullable=False),
        sa.Column("energy_kwh", sa.Double(), nullable=True),
        sa.Column("energy_basis", sa.Text(), nullable=False),
        sa.Column("power_w", sa.Double(), nullable=True),
        sa.Column("pue", sa.Double(), nullable=True),
        sa.Column("gco2e_per_kwh", sa.Double(), nullable=True),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("grid_zone", sa.Text(), nullable=False),
        sa.Column("emissions_tco2e_location", sa.Double(), nullable=True),
        sa.Column("emissions_tco2e_market", sa.Double(), nullable=True),
        sa.Column("cost_usd", EXACT, nullable=True),
        sa.Column("cost_basis", sa.Text(), nullable=False),
        sa.Column("cost_usd_amortised", EXACT, nullable=True),
        sa.Column("cost_amortised_basis", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("caveats", sa.Text(), nullable=False),
        sa.Column("unconfirmed_fields", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name="fk_fact_training_runs_added_in"),
        sa.PrimaryKeyConstraint("row_id", "added_in", name="pk_fact_training_runs"),
    )
    op.create_index("ix_fact_training_runs_added_in", "fact_training_runs", ["added_in"])
    op.create_table(
        "fact_fitted_factors",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("log_sd", sa.Double(), nullable=False),
        sa.Column("runs", sa.BigInteger(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name="fk_fact_fitted_factors_added_in"),
        sa.PrimaryKeyConstraint("row_id", "added_in", name="pk_fact_fitted_factors"),
    )
    op.create_index("ix_fact_fitted_factors_added_in", "fact_fitted_factors", ["added_in"])


def downgrade() -> None:
    op.drop_table("fact_fitted_factors")
    op.drop_table("fact_training_runs")
