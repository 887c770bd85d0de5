"""Rate cards: every version of every card.

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "rate_card_versions",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name="pk_rate_card_versions"),
    )


def downgrade() -> None:
    op.drop_table("rate_card_versions")
