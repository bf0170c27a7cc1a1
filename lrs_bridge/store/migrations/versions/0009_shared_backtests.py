"""Backtests that workers share"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT, MOMENT = sa.Text(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "backtest",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("documents", TEXT, nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_backtest"),
    )
    op.create_index("ix_backtest_begun_at", "backtest", ["begun_at"])
    op.create_table(
        "backtest_part",
        sa.Column("backtest_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("lease", TEXT),
        sa.Column("leased_until", MOMENT),
        sa.Column("tally", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("backtest_id", "number", name="pk_backtest_part"),
        sa.ForeignKeyConstraint(
            ["backtest_id"], ["backtest.id"], name="fk_backtest_part_backtest_id_backtest", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("backtest_part")
    op.drop_table("backtest")
