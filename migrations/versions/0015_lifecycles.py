"""A model's other days at its seller, and what replaces it.

Revision: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

DAYS = ("announced_on", "available_on", "deprecated_on")


def upgrade() -> None:
    for name in DAYS:
        op.add_column("fact_model_lifecycles", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("fact_model_lifecycles", sa.Column("successor", sa.Text(), nullable=True))
    op.execute("UPDATE fact_model_lifecycles SET successor = ''")
    with op.batch_alter_table("fact_model_lifecycles") as lifecycles:
        lifecycles.alter_column("successor", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("fact_model_lifecycles") as lifecycles:
        for name in ("successor", *reversed(DAYS)):
            lifecycles.drop_column(name)
