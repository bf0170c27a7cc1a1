"""Comparing with the source: indexes to walk along, and what the last comparison came to"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIMES = ("stored", "timestamp")
_COUNTERS = ("missed", "differences")
_MOMENTS = ("rescanned_at", "verified_at")


def upgrade() -> None:
    for time in _TIMES:
        op.create_index(f"ix_statement_source_{time}", "statement", ["source", time])
    with op.batch_alter_table("source") as table:
        for name in _MOMENTS:
            table.add_column(sa.Column(name, sa.DateTime(timezone=True)))
        for name in _COUNTERS:
            table.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    # The default was for the rows that were there; the program always says what it counts.
    with op.batch_alter_table("source") as table:
        for name in _COUNTERS:
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("source") as table:
        for name in (*_COUNTERS, *_MOMENTS):
            table.drop_column(name)
    for time in _TIMES:
        op.drop_index(f"ix_statement_source_{time}", "statement")
