"""Whoever goes back to an earlier version of the rules says why"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ruleset_activation") as table:
        table.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("ruleset_activation") as table:
        table.alter_column("note", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("ruleset_activation") as table:
        table.drop_column("note")
