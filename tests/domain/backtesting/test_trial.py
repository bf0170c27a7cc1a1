"""What a draft would do to one learner, told move by move."""

from __future__ import annotations

from lrs_bridge.domain.backtesting.tally import GONE, Aspect, Tally
from lrs_bridge.domain.backtesting.trial import Trial
from lrs_bridge.domain.contract import Contract
from lrs_bridge.domain.facts import Facts
from support.builders import EXCEL, PAINTING, a_contract, a_goal, a_ruleset, a_statement, a_want, day, facts
from support.drafts import edited
from support.worlds import NOW

ART = a_goal(id="goal-art", title="Paint", competencies=frozenset({"art"}))


def tried(world: Facts, *edits: str) -> Tally:
    return Trial(a_ruleset(), edited(*edits), NOW).of(world)


def moves(tally: Tally, aspect: Aspect) -> dict[tuple[str, str], int]:
    return {(move.way.before, move.way.after): move.weight.things for move in tally.of(aspect)}


def agreed() -> tuple[Contract, ...]:
    return (a_contract(a_goal(), ART),)


def test_a_rule_for_what_was_unmatched_gives_evidence_and_opens_tasks() -> None:
    tally = tried(facts(a_statement("completed", PAINTING, day(10)), contracts=agreed()), "a rule is added")

    assert moves(tally, Aspect.STANDING) == {("unmatched", "matched"): 1}
    assert moves(tally, Aspect.EVIDENCE) == {(GONE, "1"): 1}
    assert moves(tally, Aspect.FOLLOW_UP) == {(GONE, "open"): 1}
    assert moves(tally, Aspect.GOAL) == {("planned", "learned"): 1}
    assert [(each.rule, each.status_before, each.status_after, each.before, each.after) for each in tally.hits] == [
        ("painting", "", "active", 0, 1)
    ]


def test_examples_name_the_completion_and_the_activity_and_nobody() -> None:
    tally = tried(facts(a_statement("completed", PAINTING, day(10)), contracts=agreed()), "a rule is added")
    [move] = tally.of(Aspect.STANDING)
    [example] = move.examples

    assert (example.activity_id, example.activity_name, example.at) == (PAINTING, "Painting with oil", day(10))
    assert example == tally.hits[0].examples[0]


def test_what_was_off_contract_because_nobody_needed_it_becomes_waste_with_hours_and_money() -> None:
    world = facts(a_statement("completed", PAINTING, day(10), duration="PT2H"), wants=(a_want("spreadsheets"),))
    tally = tried(world, "a rule is added")
    [waste] = tally.of(Aspect.WASTE)

    assert moves(tally, Aspect.QUADRANT) == {("none", "waste"): 1}
    assert (waste.way.after, waste.weight.hours_after, waste.weight.money_after) == ("unaligned", 200, 2 * 5000)


def test_a_shadow_rule_moves_nothing_and_its_hits_are_counted() -> None:
    tally = tried(facts(a_statement("completed", PAINTING, day(10)), contracts=agreed()), "a shadow rule is added")

    assert tally.is_empty
    assert [(each.rule, each.status_after, each.after) for each in tally.hits] == [("glimpse", "shadow", 1)]


def test_a_definition_that_makes_noise_of_a_statement_loses_its_completion() -> None:
    tally = tried(facts(a_statement("failed", EXCEL, day(10))), "failures are noise")

    assert moves(tally, Aspect.COMPLETION) == {("there", GONE): 1}
    assert (tally.completions_before, tally.completions_after) == (1, 0)


def test_an_exclusion_counts_as_a_hit_of_its_rule() -> None:
    tally = tried(facts(a_statement("completed", EXCEL, day(10))), "a rule excludes")

    assert moves(tally, Aspect.STANDING) == {("matched", "excluded"): 1}
    assert [(each.rule, each.before, each.after) for each in tally.hits] == [("excel-courses", 1, 1)]


def test_only_what_ended_since_a_moment_is_counted() -> None:
    world = facts(
        a_statement("completed", PAINTING, day(-50)), a_statement("completed", PAINTING, day(10)), contracts=agreed()
    )
    tally = Trial(a_ruleset(), edited("a rule is added"), NOW, day(0)).of(world)

    assert tally.weight(Aspect.EVIDENCE).things == 1
    assert (tally.completions_before, tally.hits[0].after) == (1, 1)


def test_a_rule_that_never_hits_is_told_as_well() -> None:
    trial = Trial(a_ruleset(), edited("a rule is added"), NOW)
    tally = trial.nobody() + trial.of(facts(a_statement("completed", EXCEL, day(10))))

    assert [(each.rule, each.before, each.after) for each in tally.hits] == [("painting", 0, 0)]
