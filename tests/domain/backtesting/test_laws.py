"""The laws of backtests: the short cuts tell what two whole plans would, and figures add up in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lrs_bridge.domain.backtesting.tally import Tally, total
from lrs_bridge.domain.backtesting.trial import Trial, attempts_under
from lrs_bridge.domain.facts import Facts
from lrs_bridge.domain.follow_up import FollowUpAct, FollowUpActKind
from lrs_bridge.domain.plan import plan
from lrs_bridge_rules.ruleset import Ruleset
from support.builders import a_ruleset, day
from support.drafts import drafts, edited
from support.worlds import NOW, worlds

since = st.sampled_from([None, None, day(-20)])
acts = st.lists(st.sampled_from(FollowUpActKind), max_size=3)


def lived(world: Facts, kinds: list[FollowUpActKind], ruleset: Ruleset | None = None) -> Facts:
    """The world after its plan was applied some days ago and people acted on tasks."""
    done = plan(world, ruleset or a_ruleset(), day(20))
    them = tuple(
        FollowUpAct(f"act-{number}", task.id, kind, "ada", day(21 + number))
        for number, (task, kind) in enumerate(zip(done.follow_ups, kinds, strict=False))
    )
    return replace(world, follow_up_acts=them, previous=done.as_previous())


@given(worlds(), acts, drafts, drafts, since)
@settings(max_examples=80)
def test_short_cuts_tell_what_two_whole_plans_would(
    world: Facts, kinds: list[FollowUpActKind], before: Ruleset, after: Ruleset, since: datetime | None
) -> None:
    facts = lived(world, kinds, before)
    trial = Trial(before, after, NOW, since)

    assert trial.exactly(facts) == trial.of(facts)
    assert trial.exactly(facts) == trial.of(facts, attempts_under(before, facts, NOW))


@given(worlds(), acts, drafts, drafts, since)
@settings(max_examples=30)
def test_the_way_back_is_the_mirror_image(
    world: Facts, kinds: list[FollowUpActKind], before: Ruleset, after: Ruleset, since: datetime | None
) -> None:
    facts = lived(world, kinds)

    assert Trial(after, before, NOW, since).of(facts) == Trial(before, after, NOW, since).of(facts).mirrored()


@given(worlds(), drafts)
@settings(max_examples=30)
def test_rules_held_against_themselves_change_nothing(world: Facts, rules: Ruleset) -> None:
    tally = Trial(rules, rules, NOW).of(lived(world, [], rules))

    assert tally.is_empty
    assert all(each.before == each.after for each in tally.hits)


@given(worlds())
@settings(max_examples=20)
def test_rules_that_are_only_written_otherwise_change_nothing(world: Facts) -> None:
    trial = Trial(a_ruleset(), edited("only the writing changes"), NOW)

    assert (trial.alteration.definitions, trial.alteration.rules, trial.alteration.tasks_and_waste) == (
        (),
        frozenset(),
        False,
    )
    assert trial.exactly(world).is_empty


@given(st.lists(worlds(), max_size=6), drafts, st.data())
@settings(max_examples=30)
def test_figures_add_up_in_any_order_and_in_any_parts(crowd: list[Facts], draft: Ruleset, data: st.DataObject) -> None:
    trial = Trial(a_ruleset(), draft, NOW)
    alone = [trial.of(each) for each in crowd]
    mixed = data.draw(st.permutations(alone))
    cut = data.draw(st.integers(0, len(mixed)))

    assert total(alone) == total(mixed[:cut]) + total(mixed[cut:])
    assert total(alone) == total(alone) + Tally()


@given(worlds(), drafts)
@settings(max_examples=40)
def test_what_moved_accounts_for_every_difference_of_the_plans(world: Facts, draft: Ruleset) -> None:
    """Whatever people are shown of a plan: if it differs, something moved, and nothing else makes anything move."""
    facts = lived(world, [])
    old, new = plan(facts, a_ruleset(), NOW), plan(facts, draft, NOW)
    shown = [
        (
            {(e.id, e.standing, e.outcome, e.percent, e.quadrant) for e in done.completions},
            {(e.completion_id, e.goal_id, e.weight) for e in done.evidence},
            {(e.goal_id, e.state) for e in done.goals},
            {(e.id, e.state, e.reason_gone) for e in done.follow_ups},
            {(e.id, e.status, e.money, e.counted) for e in done.findings},
            done.growth.stagnant_since is None,
        )
        for done in (old, new)
    ]
    assume(all(each.completion_id in {c.id for c in (*old.completions, *new.completions)} for each in old.follow_ups))

    assert Trial(a_ruleset(), draft, NOW).of(facts).is_empty == (shown[0] == shown[1])
