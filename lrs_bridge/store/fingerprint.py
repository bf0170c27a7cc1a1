"""A short text for everything that a plan is made of, so that a learner for whom nothing changed is spared planning.

`plan` is a pure function, and so is the comparing with what is kept: the same facts, rules, program and kept rows give
the same result until `wake_at`. Two fingerprints say "the same": `of_facts` (taken before planning) and `of_plans` (of
the rows that were kept). Rows are hashed as the driver gives them; nothing is decoded. Every table stands in one of the
lists below, and tests hold them to what `load` reads (docs/decisions/0010): a table that `plan` is to see belongs into
FACTS or COMMON, any other into UNSEEN with its reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import cache
from hashlib import blake2b
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, exists, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.types import NullType

from lrs_bridge.store import tables as t
from lrs_bridge.store.program import program
from lrs_bridge.store.rows import chunks
from lrs_bridge.store.tables import Base

_pack: Final = msgspec.msgpack.Encoder().encode
#: Between these years the zone is asked for every day; before and after, its rules do not change any more.
_YEARS: Final = range(1990, 2060)


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of one table: some columns of the rows that belong to a learner (`owner`), or to everybody."""

    table: type[Base]
    columns: tuple[str, ...]
    query: Select[Any]
    owner: ColumnElement[str] | None = None


def _columns(table: type[Base], unseen: Sequence[str] = ()) -> tuple[str, ...]:
    return tuple(column.name for column in table.__table__.columns if column.name not in unseen)


def _raw(table: type[Base], columns: Sequence[str]) -> list[ColumnElement[Any]]:
    """The columns as the driver gives them."""
    return [type_coerce(table.__table__.c[name], NullType()) for name in columns]


def _own(table: type[Base], owner: str = "learner_id", unseen: Sequence[str] = ()) -> Sight:
    columns, whose = _columns(table, unseen), table.__table__.c[owner]
    return Sight(table, columns, select(whose, *_raw(table, columns)), whose)


def _of_contract(table: type[t.RevisionRow | t.SignatureRow]) -> Sight:
    columns, whose = _columns(table), t.ContractRow.__table__.c.learner_id
    joined = select(whose, *_raw(table, columns)).join(table, table.contract_id == t.ContractRow.id)
    return Sight(table, columns, joined, whose)


_STATEMENT: Final = ("id", "source", "digest", "voids")


def _statements() -> tuple[Sight, Sight]:
    """As `load` finds them: by the actor, and by the members of a group; with whether a voider points at them."""
    voider = aliased(t.StatementRow)
    is_target = exists().where(and_(voider.voids == t.StatementRow.id))
    whose = t.IdentityRow.__table__.c.learner_id
    wanted = select(whose, *_raw(t.StatementRow, _STATEMENT), type_coerce(is_target, NullType()))
    by_actor = wanted.join(t.StatementRow, t.StatementRow.ifi == t.IdentityRow.ifi)
    by_member = wanted.join(t.StatementMemberRow, t.StatementMemberRow.ifi == t.IdentityRow.ifi).join(
        t.StatementRow, t.StatementRow.id == t.StatementMemberRow.statement_id
    )
    return Sight(t.StatementRow, _STATEMENT, by_actor, whose), Sight(t.StatementRow, _STATEMENT, by_member, whose)


def _common(table: type[Base], condition: ColumnElement[bool] | None = None) -> Sight:
    columns = _columns(table)
    query = select(*_raw(table, columns))
    return Sight(table, columns, query if condition is None else query.where(condition))


FACTS: Final = (
    _own(t.LearnerRow, owner="id"),
    *_statements(),
    _own(t.ContractRow),
    _of_contract(t.RevisionRow),
    _of_contract(t.SignatureRow),
    _own(t.SupportActRow),
    _own(t.WantRow),
    _own(t.AttestationRow),
    _own(t.DecisionRow),
    _own(t.FollowUpActRow),
    _own(t.GoalActRow),
)
COMMON: Final = (_common(t.ActivityRow), _common(t.NeedRow), _common(t.DecisionRow, t.DecisionRow.learner_id.is_(None)))
PLANS: Final = (
    _own(t.CompletionRow),
    _own(t.EvidenceRow),
    _own(t.GoalProgressRow),
    _own(t.FollowUpRow),
    _own(t.FindingRow),
    _own(t.GrowthRow),
    _own(
        t.OutboxRow,
        unseen=("created_at", "next_attempt_at", "attempts", "lease", "leased_until", "settled_at", "last_error"),
    ),
)

_LISTED_AGAIN: Final = "written with the row whose lists it repeats, and only looked up by"
_SHOWN: Final = "shown to people, and not looked at by a plan"
_RUNNING: Final = "keeps the work going, and is no fact"
#: Tables and columns that no plan sees, and why.
UNSEEN: Final[Mapping[type[Base], str]] = {
    t.IdentityRow: "statements are found through it: whose it is decides which rows of `statement` are seen",
    t.StatementMemberRow: "statements are found through it: whom it names decides which rows of `statement` are seen",
    t.ContractGoalRow: _LISTED_AGAIN,
    t.ContractSupportRow: _LISTED_AGAIN,
    t.ActivityAliasRow: _LISTED_AGAIN,
    t.ActivityCompetencyRow: _LISTED_AGAIN,
    t.CompletionLinkRow: _LISTED_AGAIN,
    t.CompetencyRow: _SHOWN,
    t.ObjectiveRow: _SHOWN,
    t.InitiativeRow: _SHOWN,
    t.UnitRow: _SHOWN,
    t.NoiseRow: _SHOWN,
    t.AuditRow: _SHOWN,
    t.UserRow: "who may sign in; plans speak of learners",
    t.QuarantineRow: "what could not be taken in; once it is, it is a statement",
    t.RulesetRow: "the digest of the ruleset in force is hashed",
    t.RulesetActivationRow: "the digest of the ruleset in force is hashed",
    t.DueRow: _RUNNING,
    t.SourceRow: _RUNNING,
    t.BackfillRow: _RUNNING,
    t.BackfillWindowRow: _RUNNING,
    t.BacktestRow: "what would be, under rules that are not in force",
    t.BacktestPartRow: "what would be, under rules that are not in force",
    t.ErasedIdentifierRow: "keeps people out; what is kept of others is in the rows that are seen",
    t.PseudonymsRow: "whether names are kept; how somebody is called changes no result",
    t.RewritingRow: _RUNNING,
    t.SummaryRow: _SHOWN,
    t.SummaryStateRow: _RUNNING,
    t.ActivitySummaryRow: _SHOWN,
}
UNSEEN_COLUMNS: Final[Mapping[InstrumentedAttribute[Any], str]] = {
    t.StatementRow.body: "its digest stands for it",
    t.StatementRow.ifi: "statements are found through it: it decides which rows are seen",
    **dict.fromkeys(
        (
            t.StatementRow.verb,
            t.StatementRow.object_id,
            t.StatementRow.timestamp,
            t.StatementRow.stored,
            t.StatementRow.received_at,
        ),
        "for looking up; a plan reads it in the body, or not at all",
    ),
    **dict.fromkeys(
        (
            t.OutboxRow.created_at,
            t.OutboxRow.next_attempt_at,
            t.OutboxRow.attempts,
            t.OutboxRow.lease,
            t.OutboxRow.leased_until,
            t.OutboxRow.settled_at,
            t.OutboxRow.last_error,
        ),
        "how the sending goes; a plan looks at whether it was sent",
    ),
}


def of_facts(connection: Connection, learner_ids: Sequence[str], common: str) -> dict[str, str]:
    """The fingerprints of all that a plan is made of, by learner id; `common` comes from `of_everybody`."""
    return _hashed(connection, FACTS, learner_ids, common)


def of_plans(connection: Connection, learner_ids: Sequence[str]) -> dict[str, str]:
    """The fingerprints of what is kept of the last plans, by learner id."""
    return _hashed(connection, PLANS, learner_ids, "")


def of_everybody(
    connection: Connection, *, rules: str, zone: tzinfo, hourly_rate: int, locale: str, source_kinds: Mapping[str, str]
) -> str:
    """What holds for all learners: catalogue, needs, decisions, settings, the digest of the rules, and the program."""
    rows = [
        _pack((number, *row)) for number, sight in enumerate(COMMON) for row in connection.execute(sight.query).all()
    ]
    settings = _pack((rules, _offsets(zone), hourly_rate, locale, sorted(source_kinds.items()), program()))
    return _digest([settings, *sorted(rows)])


def _hashed(connection: Connection, sights: Sequence[Sight], learner_ids: Sequence[str], common: str) -> dict[str, str]:
    found: defaultdict[str, list[bytes]] = defaultdict(list)
    for number, sight in enumerate(sights):
        assert sight.owner is not None  # noqa: S101  # said for the type checker: these lists hold no other
        for ids in chunks(learner_ids):
            for owner, *values in connection.execute(sight.query.where(sight.owner.in_(ids))).all():
                found[owner].append(_pack((number, values)))
    opening = _pack(common)
    return {each: _digest([opening, *sorted(found[each])]) for each in learner_ids}


def _digest(packed: Sequence[bytes]) -> str:
    """Each piece says itself where it ends, so joined they mean one thing only."""
    return blake2b(b"".join(packed), digest_size=16).hexdigest()


@cache
def _offsets(zone: tzinfo) -> str:
    """What a plan can know of a time zone: when its days begin."""
    first, last = date(_YEARS.start, 1, 1).toordinal(), date(_YEARS.stop, 1, 1).toordinal()
    days = (datetime.combine(date.fromordinal(number), time.min, zone) for number in range(first, last))
    return _digest([_pack([day.utcoffset() for day in days])])
