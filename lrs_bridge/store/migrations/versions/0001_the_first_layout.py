"""The first layout"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT, NUMBER, BOOLEAN, BYTES = sa.Text(), sa.BigInteger(), sa.Boolean(), sa.LargeBinary()
DECIMAL: sa.Double[float] = sa.Double()
DAY, MOMENT, COUNTER = sa.Date(), sa.DateTime(timezone=True), sa.Integer()

# What is only ever added to refuses changes, whoever asks.
ONLY_ADDED_TO = ("audit", "ruleset")
CHANGES = ("UPDATE", "DELETE")

# The tables as they were at this revision: a copy, not the models, which go on changing.
METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(kind: sa.types.TypeEngine[Any], *names: str) -> Iterable[sa.Column[Any]]:
    return [sa.Column(name, kind, primary_key=True, autoincrement=kind is COUNTER) for name in names]


def must(kind: sa.types.TypeEngine[Any], *names: str) -> Iterable[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def may(kind: sa.types.TypeEngine[Any], *names: str) -> Iterable[sa.Column[Any]]:
    return [sa.Column(name, kind) for name in names]


def refers(names: str, table: str, to: str, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    columns = [f"{table}.{name}" for name in to.split()]
    return sa.ForeignKeyConstraint(names.split(), columns, ondelete=ondelete)


def table(name: str, *columns: sa.Column[Any] | sa.ForeignKeyConstraint, index: Iterable[str] = ()) -> sa.Table:
    """A table, and an index on each of these (one or more column names)."""
    made = sa.Table(name, METADATA, *columns)
    for names in index:
        sa.Index(f"ix_{name}_{'_'.join(names.split())}", *(made.c[each] for each in names.split()))
    return made


table(
    "activity",
    *key(TEXT, "id"),
    *must(TEXT, "name", "provider", "competencies", "aliases", "mandated_by", "job_aid", "pre_test", "post_test"),
    *may(TEXT, "provider_kind"),
    *must(NUMBER, "fee"),
    *may(DECIMAL, "hours"),
    *may(NUMBER, "valid_for"),
    index=["provider"],
)

table(
    "audit",
    *key(COUNTER, "id"),
    *must(MOMENT, "at"),
    *must(TEXT, "by", "act", "subject", "details"),
    index=["at", "subject"],
)

table("competency", *key(TEXT, "id"), *must(TEXT, "title"))

table("initiative", *key(TEXT, "id"), *must(TEXT, "title", "objective_id"), index=["objective_id"])

table(
    "learner",
    *key(TEXT, "id"),
    *must(TEXT, "name", "email", "unit", "job"),
    *may(TEXT, "manager_id"),
    *may(DAY, "hired_on", "job_since"),
    *may(NUMBER, "hourly_rate"),
    index=["manager_id", "unit"],
)

table(
    "need",
    *key(TEXT, "id"),
    *must(TEXT, "competency", "initiative_id", "scope_kind", "scope_name"),
    *may(DAY, "starts_on", "ends_on"),
    index=["competency", "initiative_id"],
)

table("noise", *key(TEXT, "source", "verb", "activity_type"), *key(DAY, "day"), *must(NUMBER, "count"))

table("objective", *key(TEXT, "id"), *must(TEXT, "title"))

table(
    "quarantine",
    *key(TEXT, "id"),
    *must(TEXT, "source", "reason", "state"),
    *may(TEXT, "statement_id", "settled_by"),
    *must(BYTES, "body"),
    *must(MOMENT, "at"),
    *may(MOMENT, "settled_at"),
    index=["state at"],
)

table("ruleset", *key(NUMBER, "number"), *must(TEXT, "author", "note", "digest", "documents"), *must(MOMENT, "at"))

table(
    "source",
    *key(TEXT, "name"),
    *may(TEXT, "cursor"),
    *may(MOMENT, "latest", "last_started_at", "last_ok_at", "last_error_at"),
    *must(TEXT, "last_error"),
    *must(NUMBER, "new", "duplicates", "quarantined", "noise"),
)

statement = table(
    "statement",
    *key(TEXT, "id"),
    *must(TEXT, "source", "verb", "object_id", "digest"),
    *may(TEXT, "ifi", "voids"),
    *may(MOMENT, "timestamp", "stored"),
    *must(MOMENT, "received_at"),
    *must(BYTES, "body"),
    index=["ifi"],
)
voiding = statement.c.voids.is_not(None)
sa.Index("ix_statement_voids", statement.c.voids, sqlite_where=voiding, postgresql_where=voiding)

table("unit", *key(TEXT, "name"), *may(TEXT, "partner_id"))

table("activity_alias", *key(TEXT, "activity_id", "alias"), refers("activity_id", "activity", "id"), index=["alias"])

table(
    "activity_competency",
    *key(TEXT, "activity_id", "competency"),
    refers("activity_id", "activity", "id"),
    index=["competency"],
)

table(
    "attestation",
    *key(TEXT, "id"),
    *must(TEXT, "learner_id", "goal_id", "title", "by"),
    *must(MOMENT, "ended_at"),
    *may(MOMENT, "started_at"),
    *must(DECIMAL, "hours"),
    refers("learner_id", "learner", "id"),
    index=["goal_id", "learner_id"],
)

table(
    "completion",
    *key(TEXT, "learner_id", "id"),
    *must(
        TEXT,
        "activity_id",
        "activity_name",
        "activity_type",
        "outcome",
        "standing",
        "provider",
        "statements",
        "sources",
        "rules",
        "shadow_rules",
        "competencies",
        "needs",
        "excluded_because",
    ),
    *must(MOMENT, "started_at"),
    *may(MOMENT, "ended_at", "valid_until"),
    *may(DECIMAL, "percent", "before", "after"),
    *must(DECIMAL, "hours"),
    *must(NUMBER, "cost"),
    *may(TEXT, "quadrant"),
    *must(BOOLEAN, "attested"),
    refers("learner_id", "learner", "id"),
    index=["activity_id", "ended_at", "id", "quadrant", "standing activity_id"],
)

table(
    "contract",
    *key(TEXT, "id"),
    *must(TEXT, "kind", "learner_id", "title", "opportunity"),
    *may(TEXT, "manager_id"),
    *may(MOMENT, "withdrawn_at"),
    refers("learner_id", "learner", "id"),
    index=["learner_id", "manager_id"],
)

table(
    "decision",
    *key(TEXT, "id"),
    *may(TEXT, "learner_id", "undone_by"),
    *must(TEXT, "kind", "subject", "reason", "by", "object"),
    *must(MOMENT, "at"),
    *may(MOMENT, "undone_at"),
    refers("learner_id", "learner", "id"),
    index=["learner_id", "subject"],
)

table(
    "due",
    *key(TEXT, "learner_id"),
    *may(MOMENT, "due_at", "leased_until"),
    *must(NUMBER, "revision", "failures"),
    *may(TEXT, "lease"),
    *must(TEXT, "last_error"),
    refers("learner_id", "learner", "id"),
    index=["due_at"],
)

table(
    "evidence",
    *key(TEXT, "learner_id", "completion_id", "goal_id"),
    *must(TEXT, "contract_id", "by"),
    *must(DECIMAL, "weight"),
    refers("learner_id", "learner", "id"),
    index=["goal_id"],
)

table(
    "finding",
    *key(TEXT, "learner_id", "id"),
    *must(TEXT, "reason", "status", "activity_id", "provider"),
    *must(MOMENT, "since"),
    *may(TEXT, "completion_id", "goal_id", "rescuer"),
    *must(DECIMAL, "hours"),
    *must(NUMBER, "money"),
    *must(BOOLEAN, "counted"),
    refers("learner_id", "learner", "id"),
    index=["completion_id", "id", "reason status"],
)

table(
    "follow_up",
    *key(TEXT, "learner_id", "id"),
    *must(TEXT, "completion_id", "goals", "template", "kind", "title", "state", "job_aid", "questions"),
    *must(MOMENT, "since", "opened_at", "due_at", "expires_at"),
    *must(BOOLEAN, "confirm", "reason_gone"),
    refers("learner_id", "learner", "id"),
    index=["completion_id", "id", "state due_at"],
)

table(
    "follow_up_act",
    *key(TEXT, "id"),
    *must(TEXT, "learner_id", "follow_up_id", "kind", "by", "text"),
    *must(MOMENT, "at"),
    refers("learner_id", "learner", "id"),
    index=["follow_up_id", "learner_id"],
)

table(
    "goal_act",
    *key(TEXT, "id"),
    *must(TEXT, "learner_id", "goal_id", "kind", "by", "reason"),
    *must(MOMENT, "at"),
    *may(DECIMAL, "value"),
    refers("learner_id", "learner", "id"),
    index=["goal_id", "learner_id"],
)

table(
    "goal_progress",
    *key(TEXT, "learner_id", "contract_id", "goal_id"),
    *must(TEXT, "title", "state"),
    *may(MOMENT, "since"),
    *must(DECIMAL, "learned", "required"),
    *may(DECIMAL, "measured"),
    refers("learner_id", "learner", "id"),
    index=["goal_id", "state"],
)

table(
    "growth",
    *key(TEXT, "learner_id"),
    *may(MOMENT, "last_learned_at", "stagnant_since"),
    refers("learner_id", "learner", "id"),
)

table(
    "identity",
    *key(TEXT, "ifi"),
    *must(TEXT, "learner_id", "origin"),
    *must(MOMENT, "linked_at"),
    refers("learner_id", "learner", "id"),
    index=["learner_id"],
)

table(
    "outbox",
    *key(TEXT, "key"),
    *must(TEXT, "learner_id", "notice_key", "kind", "recipient_id", "details", "state", "last_error"),
    *must(MOMENT, "due_at", "created_at", "next_attempt_at"),
    *must(BOOLEAN, "holds"),
    *must(NUMBER, "attempts"),
    *may(TEXT, "lease"),
    *may(MOMENT, "leased_until", "settled_at"),
    refers("learner_id", "learner", "id"),
    index=["learner_id", "recipient_id", "state next_attempt_at"],
)

table(
    "ruleset_activation",
    *key(COUNTER, "id"),
    *must(NUMBER, "number"),
    *must(TEXT, "by"),
    *must(MOMENT, "at"),
    refers("number", "ruleset", "number", ondelete=None),
)

table("statement_member", *key(TEXT, "statement_id", "ifi"), refers("statement_id", "statement", "id"), index=["ifi"])

table(
    "support_act",
    *key(TEXT, "id"),
    *must(TEXT, "learner_id", "support_id", "by"),
    *may(MOMENT, "ready_at"),
    *must(MOMENT, "at"),
    refers("learner_id", "learner", "id"),
    index=["learner_id", "support_id"],
)

table(
    "user_account",
    *key(TEXT, "login"),
    *must(TEXT, "password_hash", "role"),
    *may(TEXT, "learner_id"),
    *must(BOOLEAN, "active"),
    *must(MOMENT, "created_at"),
    *must(NUMBER, "failed_attempts"),
    *may(MOMENT, "last_failed_at", "last_sign_in_at"),
    refers("learner_id", "learner", "id", ondelete="SET NULL"),
    index=["learner_id"],
)

table(
    "want",
    *key(TEXT, "learner_id"),
    *key(NUMBER, "position"),
    *must(TEXT, "competency", "origin"),
    *must(NUMBER, "amount"),
    *may(DAY, "starts_on", "ends_on"),
    refers("learner_id", "learner", "id"),
    index=["competency"],
)

table(
    "completion_link",
    *key(TEXT, "learner_id", "completion_id", "kind", "value"),
    refers("learner_id completion_id", "completion", "learner_id id"),
    index=["kind value"],
)

table(
    "contract_goal",
    *key(TEXT, "contract_id", "goal_id"),
    *must(TEXT, "title"),
    *may(TEXT, "initiative_id"),
    refers("contract_id", "contract", "id"),
    index=["goal_id", "initiative_id"],
)

table(
    "contract_revision",
    *key(TEXT, "contract_id"),
    *key(NUMBER, "number"),
    *must(DAY, "starts_on", "ends_on"),
    *may(MOMENT, "proposed_at"),
    *must(TEXT, "terms"),
    refers("contract_id", "contract", "id"),
)

table(
    "contract_support",
    *key(TEXT, "contract_id", "support_id"),
    *must(TEXT, "goal_id", "what"),
    *may(TEXT, "provider_id"),
    *may(DAY, "needed_by"),
    refers("contract_id", "contract", "id"),
    index=["provider_id", "support_id"],
)

table(
    "contract_signature",
    *key(TEXT, "contract_id", "role", "by"),
    *key(NUMBER, "number"),
    *key(MOMENT, "at"),
    refers("contract_id number", "contract_revision", "contract_id number"),
)


def upgrade() -> None:
    METADATA.create_all(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        refuse_changes_on_postgres()
    else:
        refuse_changes_on_sqlite()


def refuse_changes_on_postgres() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
        END $$
        """
    )
    for name in ONLY_ADDED_TO:
        op.execute(
            f"CREATE TRIGGER {name}_append_only BEFORE {' OR '.join(CHANGES)} ON {name} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def refuse_changes_on_sqlite() -> None:
    for name in ONLY_ADDED_TO:
        for change in CHANGES:
            op.execute(
                f"CREATE TRIGGER {name}_append_only_{change.lower()} BEFORE {change} ON {name} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {name} are only ever added'); END"
            )


def downgrade() -> None:
    METADATA.drop_all(op.get_bind())  # the triggers go with their tables
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
