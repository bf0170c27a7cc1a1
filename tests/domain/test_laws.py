"""The laws of planning. Whatever happened, in whatever order it became known, the same follows from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lrs_bridge.domain.facts import Facts, Previous, StatementFact
from lrs_bridge.domain.follow_up import FollowUpAct, FollowUpActKind
from lrs_bridge.domain.ghost import become_ghost, essence
from lrs_bridge.domain.plan import Plan, plan
from support.builders import a_learner, a_ruleset
from support.worlds import NOW, histories, statements, worlds

future = st.integers(min_value=1, max_value=400 * 24).map(lambda hours: NOW + timedelta(hours=hours))


def with_acts(world: Facts, kinds: list[FollowUpActKind]) -> Facts:
    """The world after people acted on the tasks that it opens, one act on each in turn."""
    tasks = planned(world).follow_ups
    acts = tuple(
        FollowUpAct(f"act-{number}", task.id, kind, "ada", NOW + timedelta(hours=number))
        for number, (task, kind) in enumerate(zip(tasks, kinds, strict=False))
    )
    return after(planned(world), replace(world, follow_up_acts=acts))


acts = st.lists(st.sampled_from(FollowUpActKind), max_size=4)


def planned(world: Facts, now: datetime = NOW) -> Plan:
    return plan(world, a_ruleset(), now)


def after(done: Plan, world: Facts) -> Facts:
    """The world once a plan was applied."""
    return replace(world, previous=done.as_previous())


def meaning(done: Plan) -> dict[str, object]:
    """What a plan says, told without the ids that are given out when something is first seen."""
    by_id = {each.id: (each.activity_id, each.statements) for each in done.completions}
    activity = {each.id: each.activity_id for each in done.completions}
    return {
        "completions": sorted(repr(replace(each, id="")) for each in done.completions),
        "evidence": sorted((by_id[each.completion_id], each.goal_id, each.weight, each.by) for each in done.evidence),
        "goals": done.goals,
        "tasks": Counter((activity[each.completion_id], each.goals, each.template) for each in done.follow_ups),
        "findings": Counter(
            (each.reason, by_id.get(each.completion_id or ""), each.goal_id, each.counted) for each in done.findings
        ),
        "growth": done.growth,
    }


@given(worlds(), acts)
def test_planning_again_changes_nothing(world: Facts, kinds: list[FollowUpActKind]) -> None:
    world = with_acts(world, kinds)
    first = planned(world)

    assert planned(after(first, world)) == first


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(world: Facts, random: object) -> None:
    shuffled = list(world.statements)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random without saying so

    assert planned(replace(world, statements=tuple(shuffled))) == planned(world)


@given(worlds(), st.data())
def test_the_order_of_arrival_does_not_matter(world: Facts, data: st.DataObject) -> None:
    arriving = data.draw(st.permutations(world.statements))
    cut = data.draw(st.integers(min_value=0, max_value=len(arriving)))
    early = replace(world, statements=tuple(arriving[:cut]))

    late = planned(after(planned(early), world))

    assert meaning(late) == meaning(planned(world))


@given(worlds())
def test_a_statement_that_arrives_twice_is_one(world: Facts) -> None:
    assert planned(replace(world, statements=world.statements * 2)) == planned(world)


@given(worlds(), statements())
def test_voiding_a_statement_is_as_if_it_had_never_been_sent(world: Facts, extra: StatementFact) -> None:
    assume(extra.id not in {fact.id for fact in world.statements})
    with_extra = replace(world, statements=(*world.statements, extra))
    voided = replace(with_extra, voided=frozenset({extra.id}))

    assert planned(voided) == planned(world)
    assert meaning(planned(after(planned(with_extra), voided))) == meaning(planned(world))


@given(worlds(), histories, st.integers(min_value=0, max_value=20))
def test_late_arrivals_open_no_second_task(world: Facts, late: list[StatementFact], hours: int) -> None:
    everything = tuple({fact.id: fact for fact in (*world.statements, *late)}.values())
    first = planned(world)

    second = planned(after(first, replace(world, statements=everything)), NOW + timedelta(hours=hours))

    activity = {each.id: each.activity_id for each in second.completions}
    asked = [(activity[task.completion_id], goal, task.template) for task in second.follow_ups for goal in task.goals]
    assert len(asked) == len(set(asked))


@given(worlds(), acts, st.data())
def test_what_a_person_touched_survives_whatever_goes(
    world: Facts, kinds: list[FollowUpActKind], data: st.DataObject
) -> None:
    world = with_acts(world, kinds)
    voided = data.draw(st.sets(st.sampled_from([fact.id for fact in world.statements] or ["none"])))

    done = planned(
        replace(world, voided=frozenset(voided), contracts=data.draw(st.sampled_from([(), world.contracts])))
    )

    kept = {task.id for task in done.follow_ups}
    assert {act.follow_up_id for act in world.follow_up_acts} <= kept


@given(worlds(), acts, future)
def test_before_the_next_wake_up_time_alone_changes_nothing(
    world: Facts, kinds: list[FollowUpActKind], later: datetime
) -> None:
    world = with_acts(world, kinds)
    first = planned(world)
    assume(first.wake_at is None or later < first.wake_at)

    assert planned(after(first, world), later) == first


@given(worlds(), acts)
@settings(max_examples=50)
def test_waking_up_at_every_wake_up_comes_to_rest(world: Facts, kinds: list[FollowUpActKind]) -> None:
    world, now, wakes = with_acts(world, kinds), NOW, 0
    done = planned(world)
    while done.wake_at is not None and wakes < 200:
        assert done.wake_at > now
        now, wakes = done.wake_at, wakes + 1
        world = after(done, world)
        done = planned(world, now)

    assert done.wake_at is None


@given(worlds())
def test_hours_and_money_of_a_completion_are_counted_at_most_once(world: Facts) -> None:
    counted = Counter(finding.completion_id for finding in planned(world).findings if finding.counted)

    assert all(times == 1 for times in counted.values())


@given(worlds())
def test_ids_are_unique(world: Facts) -> None:
    done = planned(world)

    for rows in (done.completions, done.follow_ups, done.findings):
        assert len({row.id for row in rows}) == len(rows)
    assert len({notice.key for notice in done.notices}) == len(done.notices)


def test_nothing_known_means_nothing_planned() -> None:
    assert planned(Facts(a_learner(hired_on=None))) == Plan()
    assert Plan().as_previous() == Previous()


@settings(max_examples=40)
@given(worlds())
def test_the_results_of_a_person_stay_when_the_person_is_erased(world: Facts) -> None:
    before = plan(world, a_ruleset(), NOW)
    ghost = become_ghost(world, a_ruleset(), "erased-1", NOW)

    assert ghost.same
    assert essence(before, ghost.names) == essence(ghost.plan)


@settings(max_examples=40)
@given(worlds())
def test_planning_a_ghost_again_changes_nothing(world: Facts) -> None:
    ghost = become_ghost(world, a_ruleset(), "erased-1", NOW)
    again = plan(replace(ghost.facts, previous=ghost.plan.as_previous()), a_ruleset(), NOW)

    assert again == ghost.plan
