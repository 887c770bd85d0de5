"""Corrections in the ledger: which transaction one corrects, and why.

Revision: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("ledger_entries", sa.Column("corrects", sa.String(40), nullable=True))
    op.add_column("ledger_entries", sa.Column("reason", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("ledger_entries", "corrects")
    op.drop_column("ledger_entries", "reason")
