"""People who were erased stay so: hashes of their identifiers, and a way to take them out of what is only added to"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT, MOMENT = sa.Text(), sa.DateTime(timezone=True)

# What is only ever added to refuses changes still, but while a row stands in `rewriting`: the erasing of a person puts
# it there and takes it away in one transaction, so nobody else ever sees it.
CHANGES = (("audit", "UPDATE"), ("audit", "DELETE"), ("ruleset", "UPDATE"))


def upgrade() -> None:
    op.create_table(
        "erased_identifier",
        sa.Column("mark", TEXT, primary_key=True),
        sa.Column("key_id", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_erased_identifier_key_id", "erased_identifier", ["key_id"])
    op.create_table("rewriting", sa.Column("reason", TEXT, primary_key=True))
    with op.batch_alter_table("source") as table:
        table.add_column(sa.Column("erased", sa.BigInteger(), nullable=False, server_default="0"))
    # The default was for the rows that were there; the program always says what it counts.
    with op.batch_alter_table("source") as table:
        table.alter_column("erased", server_default=None)
    op.add_column("learner", sa.Column("left_on", sa.Date()))
    if op.get_bind().dialect.name == "postgresql":
        _postgres(
            "IF NOT EXISTS (SELECT 1 FROM rewriting) OR (TG_OP = 'DELETE' AND TG_TABLE_NAME = 'ruleset') THEN"
            " RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END IF;"
            " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
        )
    else:
        _sqlite("WHEN NOT EXISTS (SELECT 1 FROM rewriting)")


def _postgres(body: str) -> None:
    op.execute(f"CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")


def _sqlite(condition: str) -> None:
    for name, change in CHANGES:
        op.execute(f"DROP TRIGGER {name}_append_only_{change.lower()}")
        op.execute(
            f"CREATE TRIGGER {name}_append_only_{change.lower()} BEFORE {change} ON {name} {condition} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {name} are only ever added'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _postgres("RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;")
    else:
        _sqlite("")
    op.drop_column("learner", "left_on")
    with op.batch_alter_table("source") as table:
        table.drop_column("erased")
    op.drop_table("rewriting")
    op.drop_table("erased_identifier")
