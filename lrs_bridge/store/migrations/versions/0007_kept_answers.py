"""Kept answers for pages over a million completions, and the indexes that their lists walk along"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT, NUMBER, MOMENT = sa.Text(), sa.BigInteger(), sa.DateTime(timezone=True)
DECIMAL: sa.Double[float] = sa.Double()
Indexes = dict[str, dict[str, tuple[str, ...]]]
_COUNTED = ("reason", "counted", "hours", "money")

#: table → name of an index → its columns
NEW: Indexes = {
    "completion": {
        "ix_completion_standing_activity_id": ("standing", "activity_id", "ended_at"),
        "ix_completion_standing_ended_at": ("standing", "ended_at", "learner_id", "id"),
        "ix_completion_quadrant": ("quadrant", "ended_at", "learner_id", "hours", "cost"),
        "ix_completion_activity_id": ("activity_id", "ended_at"),
        "ix_completion_provider": ("provider", "ended_at"),
        "ix_completion_hours": ("hours", "id"),
        "ix_completion_cost": ("cost", "id"),
    },
    "follow_up": {
        "ix_follow_up_due_at": ("due_at",),
        "ix_follow_up_state_confirm": ("state", "confirm"),
        "ix_follow_up_state_learner_id": ("state", "learner_id", "completion_id", "kind", "reason_gone"),
    },
    "finding": {
        "ix_finding_status_since": ("status", "since", "reason", "counted", "hours", "money"),
        "ix_finding_status_money": ("status", "money", "reason", "learner_id", "id"),
        "ix_finding_status_activity_id": ("status", "activity_id", "learner_id", *_COUNTED),
        "ix_finding_status_provider": ("status", "provider", "learner_id", *_COUNTED),
        "ix_finding_status_learner_id": ("status", "learner_id", *_COUNTED),
    },
    "learner": {"ix_learner_name": ("name",)},
}
OLD: Indexes = {
    "completion": {
        "ix_completion_standing_activity_id": ("standing", "activity_id"),
        "ix_completion_activity_id": ("activity_id",),
        "ix_completion_quadrant": ("quadrant",),
    },
    "finding": {"ix_finding_reason_status": ("reason", "status")},
}


def upgrade() -> None:
    replace(OLD, NEW)
    gone = sa.text("reason_gone IS TRUE" if op.get_bind().dialect.name == "postgresql" else "reason_gone IS 1")
    op.create_index("ix_follow_up_reason_gone", "follow_up", ["id"], sqlite_where=gone, postgresql_where=gone)
    op.create_table(
        "summary_state",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT),
        sa.Column("seconds", DECIMAL, nullable=False),
        sa.Column("lease", TEXT),
        sa.Column("leased_until", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_summary_state"),
    )
    op.create_table(
        "summary",
        sa.Column("period", TEXT, nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("period", name="pk_summary"),
    )
    op.create_table(
        "activity_summary",
        *(sa.Column(name, TEXT, nullable=False) for name in ("standing", "part", "value", "activity_id")),
        *(sa.Column(name, TEXT, nullable=False) for name in ("name", "type", "provider")),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("learners", "completions")),
        sa.Column("hours", DECIMAL, nullable=False),
        sa.Column("cost", NUMBER, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("sweet_spot", "uphill", "gift", "waste")),
        sa.Column("trend", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("standing", "part", "value", "activity_id", name="pk_activity_summary"),
    )
    # Whoever comes from before has completions that were never counted.
    op.execute("INSERT INTO summary_state (id, stale, seconds) VALUES (1, TRUE, 0)")


def downgrade() -> None:
    for table in ("activity_summary", "summary", "summary_state"):
        op.drop_table(table)
    op.drop_index("ix_follow_up_reason_gone", "follow_up")
    replace(NEW, OLD)


def replace(before: Indexes, after: Indexes) -> None:
    for table, indexes in before.items():
        for name in indexes:
            op.drop_index(name, table)
    for table, indexes in after.items():
        for name, columns in indexes.items():
            op.create_index(name, table, list(columns))
