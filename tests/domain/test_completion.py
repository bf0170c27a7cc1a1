"""One attempt is one completion, however many statements speak of it."""

from __future__ import annotations

from datetime import timedelta

from lrs_bridge.domain.activity import Catalogue
from lrs_bridge.domain.completion import Attempt, Completion, attempts_of, carry_ids
from lrs_bridge.domain.facts import Previous, StatementFact
from lrs_bridge.domain.plan import plan
from lrs_bridge.domain.planning.context import Context
from lrs_bridge.domain.planning.seeing import readings_of
from lrs_bridge_rules.completions.outcome import Outcome
from support.builders import EXCEL, NOON, a_ruleset, a_statement, an_activity, day, facts


def attempts(*statements: StatementFact) -> tuple[Attempt, ...]:
    return attempts_of(readings_of(Context(facts(*statements), a_ruleset(), NOON)), Catalogue())


def completions(*statements: StatementFact, **changes: object) -> tuple[Completion, ...]:
    return plan(facts(*statements, **changes), a_ruleset(), day(1)).completions


def test_passed_and_completed_of_one_registration_are_one_attempt() -> None:
    passed = a_statement("passed", registration="r1", score=(80, 100))
    completed = a_statement("completed", at=day(3), registration="r1")

    (only,) = completions(passed, completed)

    assert (only.outcome, only.percent, only.ended_at) == (Outcome.PASSED, 80.0, NOON)


def test_two_registrations_are_two_attempts() -> None:
    assert len(attempts(a_statement(registration="r1"), a_statement(registration="r2"))) == 2


def test_a_statement_without_registration_joins_the_attempt_that_is_nearest_in_time() -> None:
    found = attempts(
        a_statement(registration="r1"),
        a_statement(registration="r2", at=day(10)),
        a_statement("scored", at=day(10) + timedelta(hours=1), score=(9, 10)),
    )

    assert [len(attempt.readings) for attempt in found] == [1, 2]


def test_the_same_thing_sent_again_under_another_id_is_the_same_completion() -> None:
    assert len(completions(a_statement(), a_statement(own_id="0ddba11e-0000-4000-8000-000000000001"))) == 1


def test_done_again_after_weeks_is_another_completion() -> None:
    assert len(completions(a_statement(), a_statement(at=day(-40)))) == 2


def test_a_start_long_before_the_end_belongs_to_the_same_attempt() -> None:
    (only,) = completions(a_statement("initialized", at=day(-20)), a_statement())

    assert (only.started_at, only.ended_at) == (day(-20), NOON)


def test_what_is_un_ticked_later_is_not_completed() -> None:
    (only,) = completions(a_statement(), a_statement("uncompleted", at=day(0.5)))

    assert (only.outcome, only.finished) == (Outcome.REVOKED, False)


def test_an_alias_is_the_activity_that_it_stands_for() -> None:
    alias = "https://lms.example.org/uuid/6f1c"
    known = facts().organisation
    catalogue = Catalogue.of([an_activity(aliases=frozenset({alias}))])
    found = attempts_of(readings_of(Context(facts(a_statement(activity=alias)), a_ruleset(), NOON)), catalogue)

    assert known.catalogue.find(alias) is None
    assert [attempt.activity_id for attempt in found] == [EXCEL]


def test_a_late_statement_changes_a_completion_and_leaves_its_id() -> None:
    first = plan(facts(a_statement(registration="r1")), a_ruleset(), day(1))
    late = a_statement("passed", at=day(-1), registration="r1")

    second = plan(facts(a_statement(registration="r1"), late, previous=first.as_previous()), a_ruleset(), day(2))

    assert [each.id for each in second.completions] == [each.id for each in first.completions]
    assert second.completions[0].outcome is Outcome.PASSED


def test_when_two_completions_turn_out_to_be_one_the_one_with_more_statements_lives_on() -> None:
    one, two, three = (a_statement(at=day(number)) for number in (0, 0.2, 1.5))
    (attempt_12,), (attempt_3,) = attempts(one, two), attempts(three)
    known = {"twelve": frozenset(attempt_12.statements), "three": frozenset(attempt_3.statements)}
    joined = attempts(one, two, a_statement("passed", at=day(1)), three)

    assert carry_ids(joined, known) == ("twelve",)


def test_no_id_is_given_twice() -> None:
    split = attempts(a_statement(), a_statement(at=day(30)))
    together = {"both": frozenset(each for attempt in split for each in attempt.statements)}

    assert len(set(carry_ids(split, together))) == 2


def test_an_unknown_previous_id_is_forgotten() -> None:
    gone = Previous({"gone": frozenset({"some-statement"})})

    (only,) = completions(a_statement(), previous=gone)

    assert only.id != "gone"


def test_when_two_completions_become_one_the_one_on_which_more_hangs_lives_on() -> None:
    one, two, three = (a_statement(at=day(number)) for number in (0, 0.2, 1.5))
    (attempt_12,), (attempt_3,) = attempts(one, two), attempts(three)
    known = {"twelve": frozenset(attempt_12.statements), "three": frozenset(attempt_3.statements)}
    joined = attempts(one, two, a_statement("passed", at=day(1)), three)

    assert carry_ids(joined, known, {"three": 1}) == ("three",)


def test_taking_a_tick_away_takes_back_an_attempt_however_long_ago_it_ended() -> None:
    (only,) = completions(a_statement("passed", registration="r1"), a_statement("uncompleted", at=day(20)))

    assert only.outcome is Outcome.REVOKED


def test_taking_a_tick_away_takes_back_what_ended_before_and_not_what_is_nearest() -> None:
    found = completions(
        a_statement("passed", registration="r1"),
        a_statement("uncompleted", at=day(0.6)),
        a_statement("initialized", registration="r2", at=day(0.5)),
        a_statement("passed", registration="r2", at=day(0.7)),
    )

    assert {each.started_at: each.outcome for each in found} == {NOON: Outcome.REVOKED, day(0.5): Outcome.PASSED}


def test_taking_a_tick_away_in_the_second_of_the_completion_belongs_to_it() -> None:
    (only,) = completions(a_statement("uncompleted"), a_statement(at=NOON.replace(microsecond=500)))

    assert only.outcome is Outcome.COMPLETED


def test_what_is_ticked_again_right_after_the_tick_was_taken_away_is_the_same_completion() -> None:
    first = plan(facts(a_statement(), a_statement("initialized", at=day(10))), a_ruleset(), day(11))
    reset = (a_statement("uncompleted", at=day(20)), a_statement(at=day(20.01)))
    given = facts(a_statement(), a_statement("initialized", at=day(10)), *reset, previous=first.as_previous())

    second = plan(given, a_ruleset(), day(21))

    assert [each.outcome for each in second.completions if each.finished] == [Outcome.COMPLETED]
    assert second.follow_ups == first.follow_ups


def test_a_grade_that_comes_days_later_belongs_to_what_was_handed_in() -> None:
    (only,) = completions(a_statement(), a_statement("scored", at=day(5), score=(80, 100)))

    assert (only.outcome, only.percent) == (Outcome.COMPLETED, 80)
