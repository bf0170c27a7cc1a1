"""Plans that are known to hold still"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("due", sa.Column("fingerprint", sa.Text()))
    op.add_column("due", sa.Column("planned_at", sa.DateTime(timezone=True)))
    op.add_column("due", sa.Column("wake_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    for name in ("wake_at", "planned_at", "fingerprint"):
        op.drop_column("due", name)
