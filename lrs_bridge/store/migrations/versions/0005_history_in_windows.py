"""Histories that are read in windows, and learners who need not be planned at once"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT, NUMBER, BOOLEAN = sa.Text(), sa.BigInteger(), sa.Boolean()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "backfill",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("earliest", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("counts_noise", BOOLEAN, nullable=False),
        sa.Column("counted", MOMENT),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_backfill"),
    )
    op.create_index("ix_backfill_source", "backfill", ["source"])
    op.create_table(
        "backfill_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("backfill_id", TEXT, nullable=False),
        sa.Column("since", MOMENT),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("until", "try_at")),
        *(sa.Column(name, MOMENT) for name in ("resume", "leased_until")),
        *(sa.Column(name, BOOLEAN, nullable=False) for name in ("orderly", "done")),
        sa.Column("lease", TEXT),
        sa.Column("last_error", TEXT, nullable=False),
        *(
            sa.Column(name, NUMBER, nullable=False)
            for name in ("attempts", "read", "new", "duplicates", "quarantined", "noise")
        ),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_backfill_window"),
        sa.ForeignKeyConstraint(
            ["backfill_id"], ["backfill.id"], name="fk_backfill_window_backfill_id_backfill", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_backfill_window_backfill_id_until", "backfill_window", ["backfill_id", "until"], unique=True)
    op.add_column("due", sa.Column("later_at", MOMENT))
    op.create_index("ix_due_later_at", "due", ["later_at"])


def downgrade() -> None:
    op.drop_index("ix_due_later_at", "due")
    op.drop_column("due", "later_at")
    op.drop_table("backfill_window")
    op.drop_table("backfill")
