"""How families of models cut images into prompt tokens.

Revision: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "fact_image_rules",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("models", sa.Text(), nullable=False),
        sa.Column("config_types", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("patch_px", sa.BigInteger(), nullable=True),
        sa.Column("patches_across", sa.BigInteger(), nullable=True),
        sa.Column("tokens_per_image", sa.BigInteger(), nullable=True),
        sa.Column("least_tokens", sa.BigInteger(), nullable=True),
        sa.Column("most_tokens", sa.BigInteger(), nullable=True),
        sa.Column("longest_side_px", sa.BigInteger(), nullable=True),
        sa.Column("encoder_layers", sa.BigInteger(), nullable=True),
        sa.Column("encoder_full_layers", sa.BigInteger(), nullable=True),
        sa.Column("encoder_window_patches", sa.BigInteger(), nullable=True),
        sa.Column("encoder_hidden_size", sa.BigInteger(), nullable=True),
        sa.Column("encoder_ffn_size", sa.BigInteger(), nullable=True),
        sa.Column("encoder_ffn_gated", sa.Boolean(), nullable=True),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name="fk_fact_image_rules_added_in"),
        sa.PrimaryKeyConstraint("row_id", "added_in", name="pk_fact_image_rules"),
    )
    op.create_index("ix_fact_image_rules_added_in", "fact_image_rules", ["added_in"])


def downgrade() -> None:
    op.drop_table("fact_image_rules")
