"""A ruleset as a whole: statuses, exclusions, exceptions, explanations, and which definition wins."""

from datetime import UTC, datetime, timedelta

from lrs_bridge_rules.completions.reading import Activity
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.explain import lines_of
from lrs_bridge_rules.ruleset import EvidenceSpec
from support.xapi import NOON, a_rule, a_ruleset, a_statement, a_subject

_PASSED = "{verb: passed}"


def test_only_active_rules_match_and_shadow_rules_are_counted_apart() -> None:
    statuses = ("draft", "shadow", "active", "retired")
    ruleset = a_ruleset("rules:\n" + "".join(a_rule(_PASSED, rule_id=status, status=status) for status in statuses))

    verdict = ruleset.evaluate(a_subject())

    assert [match.rule for match in verdict.matches] == ["active"]
    assert [match.rule for match in verdict.shadow] == ["shadow"]


def test_a_match_says_what_it_is_evidence_of_and_what_follows() -> None:
    rule = a_rule(
        _PASSED, "title: T, evidence: [{competency: x, weight: 0.5}, {goal: Learn y}], follow_up: share", rule_id="r"
    )
    ruleset = a_ruleset(f"follow_ups: [{{id: share, kind: share, title: S, due: 7d}}]\nrules:\n{rule}")

    (match,) = ruleset.evaluate(a_subject()).matches

    assert (match.rule, match.title, match.follow_ups) == ("r", "T", ("share",))
    assert match.evidence == (EvidenceSpec(competency="x", weight=0.5), EvidenceSpec(goal="Learn y"))
    assert [clause.field for clause in match.trace] == ["verb"]


def test_an_active_exclusion_beats_matches_and_says_why() -> None:
    ruleset = a_ruleset(
        "rules:\n" + a_rule(_PASSED) + a_rule("{outcome: passed}", "exclude: A trial run", rule_id="trial")
    )

    verdict = ruleset.evaluate(a_subject())

    assert verdict.matches == ()
    assert verdict.exclusion is not None
    assert (verdict.exclusion.rule, verdict.exclusion.reason) == ("trial", "A trial run")


def test_an_exclusion_that_is_not_active_excludes_nothing() -> None:
    rules = a_rule(_PASSED) + a_rule(_PASSED, "exclude: A trial run", rule_id="trial", status="shadow")

    verdict = a_ruleset("rules:\n" + rules).evaluate(a_subject())

    assert [match.rule for match in verdict.matches] == ["a-rule"]
    assert verdict.exclusion is None


_EXCEPTED = a_rule(
    _PASSED, "unless: {when: {activity.name: {contains: basics}}, reason: a taster, author: team, until: 2027-01-31}"
)


def test_an_exception_keeps_a_rule_from_matching_until_its_day_is_over() -> None:
    ruleset = a_ruleset("rules:\n" + _EXCEPTED)
    last_moment = datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)
    ended = datetime(2027, 2, 1, tzinfo=UTC)

    assert ruleset.evaluate(a_subject(), now=last_moment).matches == ()
    assert ruleset.evaluate(a_subject(), now=ended).matches
    assert ruleset.evaluate(a_subject()).matches == ()
    assert ruleset.evaluate(a_subject(names=("Experts",), activity=Activity("x")), now=NOON).matches


def test_the_next_change_is_when_an_exception_ends() -> None:
    ruleset = a_ruleset("rules:\n" + _EXCEPTED)
    ended = datetime(2027, 2, 1, tzinfo=UTC)

    assert ruleset.next_change(NOON) == ended
    assert ruleset.next_change(ended) is None


def test_an_exception_of_a_draft_changes_nothing() -> None:
    assert a_ruleset("rules:\n" + _EXCEPTED.replace("active", "draft")).next_change(NOON) is None


def test_every_rule_is_explained_with_what_fits_and_the_nearest_misses_first() -> None:
    ruleset = a_ruleset(
        "rules:\n"
        + a_rule("{verb: failed, outcome: failed, mandated: true}", rule_id="far")
        + a_rule("{verb: passed, outcome: failed}", rule_id="near", status="draft")
        + a_rule(_PASSED, rule_id="fitting")
        + _EXCEPTED
    )

    traces = ruleset.explain(a_subject(), now=NOON)

    assert [(trace.rule, trace.matched) for trace in traces] == [
        ("fitting", True),
        ("a-rule", False),
        ("near", False),
        ("far", False),
    ]
    assert traces[1].exception == "a taster"


def test_an_explanation_reads_as_sentences() -> None:
    ruleset = a_ruleset("rules:\n" + a_rule("{not: {mandated: true}, score.percent: {gte: 90}, grouping.id: [a, b]}"))

    (trace,) = ruleset.explain(a_subject())

    assert lines_of(trace) == (
        "a-rule (active): 2 of 3 clauses missed",
        "  met: mandated it is not so that it is true (found false)",
        "  missed: score.percent is at least 90 (found 80.0)",
        "  missed: grouping.id is one of a, b (found nothing)",
    )


def test_the_first_definition_that_fits_wins() -> None:
    ruleset = a_ruleset(
        "completions:\n"
        "- {id: failed, when: {verb: completed, result.success: false}, outcome: failed}\n"
        "- {id: done, when: {verb: completed}, outcome: completed}\n"
    )

    failed = ruleset.read(a_statement(result={"success": False}), statement_id="1")
    done = ruleset.read(a_statement(), statement_id="2")

    assert failed is not None
    assert done is not None
    assert (failed.definition, done.definition) == ("failed", "done")


def test_the_organisations_own_definitions_come_before_those_of_packs() -> None:
    own = "include: generic-adl\ncompletions: [{id: own, when: {verb: passed}, outcome: ignore}]"
    ruleset = load_texts({"z.yaml": own})

    assert ruleset.read(a_statement("passed"), statement_id="1") is None
    assert ruleset.read(a_statement("failed"), statement_id="2") is not None


def test_what_no_definition_wants_is_noise() -> None:
    ruleset = a_ruleset("completions: [{id: done, when: {verb: completed}, outcome: completed}]")

    assert ruleset.read(a_statement("experienced"), statement_id="1") is None


def test_a_definition_that_looks_for_an_activity_that_is_not_there_does_not_fit() -> None:
    ruleset = a_ruleset(
        "completions:\n"
        "- {id: course, when: {verb: completed}, outcome: completed, activity: {from: parent, type: course}}\n"
        "- {id: itself, when: {verb: completed}, outcome: completed}\n"
    )

    reading = ruleset.read(a_statement(), statement_id="1")

    assert reading is not None
    assert reading.definition == "itself"


def test_a_statement_about_a_person_is_no_completion() -> None:
    ruleset = a_ruleset("completions: [{id: done, when: {verb: completed}, outcome: completed}]")
    about = a_statement(object={"objectType": "Agent", "mbox": "mailto:bo@example.org"})

    assert ruleset.read(about, statement_id="1") is None


def test_a_name_is_read_for_the_reader_and_every_other_name_is_known() -> None:
    ruleset = a_ruleset("completions: [{id: done, when: {verb: completed}, outcome: completed}]")
    named = a_statement(object={"id": "urn:x", "definition": {"name": {"de": "Tabellen", "en": "Tables"}}})

    reading = ruleset.read(named, statement_id="1", locale="de-AT", source="campus")

    assert reading is not None
    assert (reading.activity.name, reading.names, reading.source) == ("Tabellen", ("Tabellen", "Tables"), "campus")


def test_the_default_follow_ups_are_known_by_name() -> None:
    ruleset = a_ruleset("follow_ups_default: share\nfollow_ups: [{id: share, kind: share, title: S, due: 7d}]")

    assert ruleset.follow_ups_default == ("share",)


def test_exceptions_of_rules_in_force_are_reported_once_they_are_over() -> None:
    unless = "unless: [{when: {verb: passed}, reason: a pilot, until: 2027-01-31}, {when: {verb: failed}, reason: b}]"
    more = f"{unless}, evidence: {{competency: x}}"
    ruleset = a_ruleset(
        "time_zone: America/New_York\nrules:\n"
        + a_rule("{outcome: passed}", more)
        + a_rule("{outcome: passed}", more, rule_id="retired", status="retired")
    )
    end = datetime(2027, 2, 1, 5, tzinfo=UTC)

    assert ruleset.ended_exceptions(end - timedelta(microseconds=1)) == ()
    assert [(rule.id, over.reason, over.last) for rule, over in ruleset.ended_exceptions(end)] == [
        ("a-rule", "a pilot", "2027-01-31")
    ]
