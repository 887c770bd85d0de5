"""Scaling laws: fits of loss against parameters, tokens and compute.

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "fact_scaling_laws",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("variable", sa.Text(), nullable=False),
        sa.Column("e", sa.Double(), nullable=True),
        sa.Column("a", sa.Double(), nullable=True),
        sa.Column("b", sa.Double(), nullable=True),
        sa.Column("alpha", sa.Double(), nullable=True),
        sa.Column("beta", sa.Double(), nullable=True),
        sa.Column("r_d_star", sa.Double(), nullable=True),
        sa.Column("r_n_star", sa.Double(), nullable=True),
        sa.Column("x_c", sa.Double(), nullable=True),
        sa.Column("n_c", sa.Double(), nullable=True),
        sa.Column("d_c", sa.Double(), nullable=True),
        sa.Column("alpha_n", sa.Double(), nullable=True),
        sa.Column("alpha_d", sa.Double(), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("embedding_params_counted", sa.Boolean(), nullable=False),
        sa.Column("fitted_params_min", sa.Double(), nullable=True),
        sa.Column("fitted_params_max", sa.Double(), nullable=True),
        sa.Column("fitted_flop_max", sa.Double(), nullable=True),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name="fk_fact_scaling_laws_added_in"),
        sa.PrimaryKeyConstraint("row_id", "added_in", name="pk_fact_scaling_laws"),
    )
    op.create_index("ix_fact_scaling_laws_added_in", "fact_scaling_laws", ["added_in"])


def downgrade() -> None:
    op.drop_table("fact_scaling_laws")
