"""What the lints say of rules beside each other, what they leave alone, and how their authors answer."""

import time
from pathlib import Path

import pytest

from lrs_bridge_rules.documents.loader import available_packs, load, load_texts
from lrs_bridge_rules.lint.checking import lint
from lrs_bridge_rules.lint.history import History
from lrs_bridge_rules.lint.remark import Remark, Severity
from lrs_bridge_rules.lint.table import LINTS
from support.linting import TODAY
from support.xapi import a_rule

_ROOT = Path(__file__).parents[3]
_HEAD = "include: [generic-adl]\nfollow_ups:\n- {id: apply, kind: apply, title: Use it, due: 30d}\n"


def _remarks(name: str, text: str, history: History | None = None) -> list[Remark]:
    remarks = lint(load_texts({"rules.yaml": _HEAD + text}), now=TODAY, history=history).remarks
    return [remark for remark in remarks if remark.lint == name]


def _about(name: str, *rules: str, history: History | None = None) -> list[str]:
    return [remark.about for remark in _remarks(name, "rules:\n" + "".join(rules), history)]


@pytest.mark.parametrize(
    "shipped",
    [
        *(pytest.param(_ROOT / f"rules/packs/{name}.yaml", id=name) for name in available_packs()),
        _ROOT / "config/rules",
        _ROOT / "lrs_bridge/cli/starter",
        _ROOT / "lrs_bridge/demo/rules",
    ],
    ids=lambda path: path.parent.name,
)
def test_what_is_shipped_is_free_of_errors_and_warnings(shipped: Path) -> None:
    remarks = lint(load([shipped]), now=TODAY).remarks

    assert [remark for remark in remarks if remark.severity is not Severity.NOTE] == []


def test_rules_that_evidence_different_things_do_not_overlap() -> None:
    one, other = (a_rule("{activity.name: excel}", f"evidence: {{competency: {c}}}", rule_id=c) for c in ("a", "b"))

    assert _about("overlap", one, other) == []


def test_rules_that_only_a_far_fetched_completion_would_fit_do_not_overlap() -> None:
    one, other, third = (
        a_rule(f"{{activity.name: {{contains: {word}}}}}", rule_id=word) for word in ("excel", "word", "r")
    )

    assert _about("overlap", one, other) == []
    assert _about("overlap", other, third) == ["rule r"]  # `word` has an r in it


def test_rules_that_share_one_id_of_their_lists_overlap() -> None:
    one, other = (a_rule(f"{{activity.id: [{ids}]}}", rule_id=ids[0]) for ids in ("a, b, c", "x, y, c"))
    (remark,) = _remarks("overlap", "rules:\n" + one + other)

    assert remark.about == "rule x"
    assert "for example where activity.id “c”" in remark.message


def test_drafts_shadows_and_exclusions_overlap_with_nothing() -> None:
    rules = [
        a_rule("{activity.name: excel}", rule_id=status, status=status) for status in ("active", "draft", "shadow")
    ]
    excluding = a_rule("{activity.name: excel}", "exclude: no", rule_id="no")

    assert _about("overlap", *rules, excluding) == []


def test_rules_that_except_each_other_do_not_overlap() -> None:
    unless = "unless: [{when: {score.percent: {gte: 70}}, reason: that is for the other}]"
    one = a_rule("{activity.name: excel}", unless, rule_id="one")
    other = a_rule("{activity.name: excel, score.percent: {gte: 80}}", rule_id="other")

    assert _about("overlap", one, other) == []


def test_a_definition_of_ones_own_before_one_of_a_pack_is_only_noted() -> None:
    text = "completions: [{id: mine, when: {verb: scored}, outcome: completed}]\n"
    (remark,) = _remarks("shadowed-completion", text)

    assert (remark.place.path, remark.severity) == ("packs/generic-adl.yaml", Severity.NOTE)


@pytest.mark.parametrize(
    ("earlier", "later", "reached"),
    [
        ("activity: object", "activity: object", False),
        ("activity: parent", "activity: object", True),
        ("activity: parent", "activity: parent", False),
        ("activity: {from: parent, type: course}", "activity: parent", True),
        ("activity: parent", "activity: {from: parent, type: course}", False),
        ("activity: {from: parent, type: module}", "activity: {from: parent, type: course}", True),
    ],
)
def test_a_definition_is_shadowed_only_where_the_earlier_one_finds_its_activity(
    earlier: str, later: str, *, reached: bool
) -> None:
    text = (
        f"completions:\n- {{id: a, when: {{verb: launched}}, outcome: started, {earlier}}}\n"
        f"- {{id: b, when: {{verb: launched}}, outcome: completed, {later}}}\n"
    )
    said = [remark.about for remark in _remarks("shadowed-completion", text)]

    assert ("completion b" not in said) is reached


def test_the_same_condition_in_another_order_is_a_duplicate_and_one_of_another_status_is_none() -> None:
    one = a_rule("{all: [{outcome: passed}, {any: [{verb: passed}, {mandated: true}]}]}", rule_id="one")
    same = a_rule("{any: [{mandated: true}, {verb: passed}], outcome: passed}", rule_id="same")
    draft = a_rule("{any: [{mandated: true}, {verb: passed}], outcome: passed}", rule_id="draft", status="draft")
    nearly = a_rule("{all: [{mandated: true}, {verb: passed}], outcome: passed}", rule_id="nearly")

    assert _about("duplicate", one, same, draft, nearly) == ["rule same"]


def test_an_exclusion_with_exceptions_swallows_only_what_they_leave() -> None:
    rule = a_rule("{activity.name: {contains: survey method}}", rule_id="method")
    unless = "unless: [{when: {activity.name: {contains: method}}, reason: that is learning}]"
    swallowing, stepping_back = (
        a_rule("{activity.name: {contains: survey}}", f"exclude: a survey{more}", rule_id="surveys")
        for more in ("", f", {unless}")
    )

    assert _about("swallowed", rule, swallowing) == ["rule method"]
    assert _about("swallowed", rule, stepping_back) == []


def test_an_allowance_silences_a_remark_and_one_that_covers_nothing_is_remarked_itself() -> None:
    rules = "rules:\n" + a_rule("{score.percent: {gte: 0.5}}", rule_id="half", status="shadow")
    allowed = rules + "lint: {allow: {lint: fraction, rule: half, reason: it is so}}\n"
    ruleset = load_texts({"rules.yaml": _HEAD.split("follow_ups", maxsplit=1)[0] + allowed})
    report = lint(ruleset, now=TODAY)

    assert [remark.lint for remark in report.allowed] == ["fraction"]
    assert report.remarks == ()
    assert [r.message for r in _remarks("unused-allowance", allowed.replace("0.5", "50"))] == [
        "fraction says nothing about the rule half any more; remove the allowance"
    ]


def test_an_allowance_that_the_documents_need_by_themselves_stays_though_a_history_says_more() -> None:
    text = "follow_ups: [{id: share, kind: share, title: Share it, due: 7d}]\n"
    text += "lint: {allow: {lint: unused-follow-up, follow_up: share, reason: goals name it}}\n"
    reports = [
        lint(load_texts({"rules.yaml": text}), now=TODAY, history=each, disabled={"no-completions"}).remarks
        for each in (None, History(follow_ups=frozenset({"share"})))
    ]

    assert reports == [(), ()]


def test_an_allowance_of_no_lint_names_the_nearest_and_one_of_a_lint_that_did_not_run_is_left_alone() -> None:
    text = "lint: {allow: [{lint: fractoin, reason: x}, {lint: never-hit, reason: x}, {lint: overlap, reason: x}]}"
    without = lint(load_texts({"rules.yaml": text}), now=TODAY, disabled={"overlap"}).remarks
    with_history = lint(load_texts({"rules.yaml": text}), now=TODAY, history=History()).remarks

    assert [remark.message for remark in without] == [
        "there is no lint “fractoin”, did you mean 'fraction'?; correct the name"
    ]
    assert len(with_history) == 3


def test_what_needs_the_database_is_left_out_without_one_and_said_so() -> None:
    ruleset = load_texts({"rules.yaml": "rules:\n" + a_rule("{activity.name: excel}")})
    without, disabled = (lint(ruleset, now=TODAY, disabled=names) for names in ((), ("never-hit",)))

    assert without.left_out == tuple(name for name, each in LINTS.items() if each.needs_history)
    assert "never-hit" not in disabled.left_out
    assert lint(ruleset, now=TODAY, history=History()).left_out == ()


def test_a_follow_up_that_a_goal_names_is_used() -> None:
    unused, used = (
        _remarks("unused-follow-up", "", History(follow_ups=frozenset(names))) for names in ((), ("apply",))
    )

    assert [(remark.about, remark.severity) for remark in unused] == [("follow-up apply", Severity.WARNING)]
    assert used == []


def test_a_rule_is_never_hit_only_if_there_was_something_to_hit() -> None:
    rule = a_rule("{activity.name: excel}")

    assert _about("never-hit", rule, history=History(completions=0)) == []
    assert _about("never-hit", rule, history=History(completions=3, hits={"a-rule": 1})) == []
    assert _about("never-hit", rule, history=History(completions=3)) == ["rule a-rule"]


def test_remarks_come_in_reading_order() -> None:
    rules = "".join(a_rule("{score.percent: {gt: 0.5}}", rule_id=f"r{number}") for number in range(3))
    remarks = lint(load_texts({"b.yaml": f"rules:\n{rules}", "a.yaml": "lists: {x: [a]}"}), now=TODAY).remarks

    places = [(remark.place.path, remark.place.line, remark.place.column) for remark in remarks]
    assert places == sorted(places)
    assert len(places) > 5


def test_a_thousand_rules_are_looked_through_in_a_moment() -> None:
    """About half a second where it was measured; ten times that is a search that looks at all pairs."""
    rules = "".join(
        a_rule(
            f"{{activity.type: course, activity.name: {{contains: subject {n:04}}}, score.percent: {{gte: 70}}}}",
            rule_id=f"r{n}",
        )
        for n in range(1000)
    )
    ruleset = load_texts({"rules.yaml": f"include: [moodle-logstore, generic-adl]\nrules:\n{rules}"})
    begun = time.perf_counter()
    lint(ruleset, now=TODAY)

    assert time.perf_counter() - begun < 5


def test_a_rule_counts_if_one_of_its_outcomes_does_or_if_it_excludes() -> None:
    never = a_rule("{outcome: [failed, revoked]}", rule_id="never")
    sometimes = a_rule("{outcome: [failed, waived]}", rule_id="sometimes")
    excluding = a_rule("{outcome: failed}", "exclude: a failure", rule_id="excluding")

    assert _about("never-counts", never, sometimes, excluding) == ["rule never"]


def test_nothing_counts_where_no_definition_ever_finishes_anything() -> None:
    text = "completions: [{id: begun, when: {verb: initialized}, outcome: started}]\nrules:\n" + a_rule(
        "{mandated: true}"
    )
    remarks = lint(load_texts({"rules.yaml": text}), now=TODAY).remarks

    assert "never-counts" in {remark.lint for remark in remarks}
