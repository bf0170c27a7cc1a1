"""The laws of keeping: what is planned is what is kept, and how and when facts came in makes no difference."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.contract import Contract
from lrs_bridge.domain.follow_up import FollowUp
from lrs_bridge.domain.notice import Notice, notice_key
from lrs_bridge.domain.plan import Plan
from lrs_bridge.domain.planning.growing import Growth
from lrs_bridge.domain.planning.matching import Evidence
from lrs_bridge.domain.planning.progressing import GoalProgress
from lrs_bridge.domain.waste import Finding
from lrs_bridge.store import contracts, due
from lrs_bridge.store.apply import Applied, apply
from lrs_bridge.store.derived import StoredPlan
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import Wanted
from lrs_bridge.store.tables import Base
from support.builders import EXCEL, NOON, PAINTING, a_contract, a_statement, day
from support.store import a_voider, counted_writes, enrol, loaded, make_all_due, reconcile, take_in, wanted

on_both = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=11))])
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    bool: st.booleans(),
    int: st.integers(-(2**62), 2**62),
    float: st.floats(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    datetime: st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=zones),  # noqa: DTZ001  # bounds take none
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type as the domain uses them; so a new field is under these laws as soon as it exists."""
    if hint in SIMPLE:
        return SIMPLE[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        return st.one_of(*(st.none() if each is type(None) else values(each) for each in arguments))
    if origin is tuple:
        return st.lists(values(arguments[0]), max_size=3).map(tuple)
    if origin is frozenset:
        return st.frozensets(values(arguments[0]), max_size=3)
    if origin is Mapping:
        return st.dictionaries(texts, texts, max_size=3)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    return things(hint)


@cache
def things(kind: type[Any]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind) if field.init})


def some(kind: Any, *key: str) -> st.SearchStrategy[Any]:
    """A few things of which no two have the same key."""
    unique = st.lists(things(kind), max_size=4, unique_by=lambda each: tuple(getattr(each, name) for name in key))
    return unique.map(tuple)


def _adas(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    keyed = (
        replace(each, learner_id="ada", key=notice_key(each.kind, each.recipient_id, each.key)) for each in notices
    )
    return tuple({each.key: each for each in keyed}.values())


plans = st.builds(
    Plan,
    completions=some(Completion, "id"),
    evidence=some(Evidence, "completion_id", "goal_id"),
    goals=some(GoalProgress, "contract_id", "goal_id"),
    follow_ups=some(FollowUp, "id"),
    findings=some(Finding, "id"),
    notices=some(Notice, "key").map(_adas),
    growth=things(Growth),
    wake_at=st.none() | SIMPLE[datetime],
)


def wipe(engine: Engine) -> None:
    with write(engine) as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))


def _apply(engine: Engine, plan: Plan) -> Applied:
    make_all_due(engine, NOON)
    [claim] = due.claim(engine, now=NOON, limit=1)
    kept = loaded(engine)
    with write(engine) as connection:
        return apply(connection, claim, kept, plan, NOON)


def _same(plan: Plan, stored: StoredPlan) -> None:
    for name in ("completions", "evidence", "goals", "follow_ups", "findings"):
        assert set(getattr(plan, name)) == set(getattr(stored, name))
    assert plan.growth == stored.growth
    assert {each.key: each for each in plan.notices} == {
        key: message.notice for key, message in stored.messages.items() if message.holds
    }


@given(first=plans, second=plans)
@on_both
def test_what_is_applied_is_what_is_loaded_whatever_was_kept_before(engine: Engine, first: Plan, second: Plan) -> None:
    wipe(engine)
    enrol(engine)
    for plan in (first, second):
        _apply(engine, plan)
        _same(plan, loaded(engine).stored)
        assert plan.wake_at == loaded(engine).wake_at


@given(plan=plans)
@on_both
def test_applying_the_same_plan_again_writes_nothing(engine: Engine, plan: Plan) -> None:
    wipe(engine)
    enrol(engine)
    _apply(engine, plan)
    with counted_writes(engine) as writes:
        assert _apply(engine, plan) == Applied()

    assert writes == []


@given(contract=things(Contract))
@on_both
def test_any_contract_comes_back_as_saved_and_is_unchanged_the_second_time(engine: Engine, contract: Contract) -> None:
    wipe(engine)
    enrol(engine)
    sensible = _sensible(replace(contract, learner_id="ada"))
    with write(engine) as connection:
        contracts.save_contracts(connection, [sensible], NOON)

    with read(engine) as connection:
        assert sensible == contracts.get_contract(connection, sensible.id)
    with write(engine) as connection:
        assert contracts.save_contracts(connection, [sensible], NOON).unchanged == 1


def _sensible(contract: Contract) -> Contract:
    """Revisions numbered in order, signatures in order of their times, each once."""
    revisions = tuple(
        replace(
            each,
            number=number,
            signatures=tuple(sorted(dict.fromkeys(each.signatures), key=lambda s: (s.at, s.role, s.by))),
        )
        for number, each in enumerate(contract.revisions, 1)
    )
    return replace(contract, revisions=revisions)


HISTORY = [
    *(wanted(a_statement(verb, EXCEL, day(at))) for verb, at in (("initialized", -9), ("failed", -8), ("passed", -7))),
    wanted(a_statement("passed", PAINTING, day(-3))),
    wanted(a_statement("completed", PAINTING, day(-50))),
]
HISTORY += [wanted(a_voider(each.id)) for each in HISTORY[1:4:2]]


@given(order=st.permutations(HISTORY), size=st.integers(1, 8), again=st.lists(st.sampled_from(HISTORY), max_size=4))
@on_both
def test_order_paging_and_repeats_make_no_difference(
    engine: Engine, order: list[Wanted], size: int, again: list[Wanted]
) -> None:
    _begin(engine)
    take_in(engine, *HISTORY)
    reconcile(engine, NOON)
    expected = loaded(engine).stored

    _begin(engine)
    sent = [*order, *again]
    for start in range(0, len(sent), size):
        take_in(engine, *sent[start : start + size])
    reconcile(engine, NOON)

    assert expected == loaded(engine).stored


@given(order=st.permutations(HISTORY), stops=st.sets(st.integers(0, len(HISTORY))))
@on_both
def test_reconciling_in_between_makes_no_difference_to_what_was_learned(
    engine: Engine, order: list[Wanted], stops: set[int]
) -> None:
    _begin(engine)
    take_in(engine, *HISTORY)
    reconcile(engine, NOON)
    expected = _learned(engine)

    _begin(engine)
    for number, each in enumerate(order):
        take_in(engine, each)
        if number in stops:
            reconcile(engine, NOON)
    reconcile(engine, NOON)

    assert expected == _learned(engine)


def _begin(engine: Engine) -> None:
    """Nothing but Ada and her contract."""
    wipe(engine)
    enrol(engine)
    with write(engine) as connection:
        contracts.save_contracts(connection, [a_contract()], NOON)


def _learned(engine: Engine) -> set[Completion]:
    """What was completed; an id tells only which statement was heard of first."""
    return {replace(each, id="") for each in loaded(engine).stored.completions}
