"""What the documents say keeps its place, so that whoever speaks of it can point at it."""

import pytest

from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.documents.tree import Place
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.follow_up import FollowUpTemplate
from lrs_bridge_rules.lint.remark import Allowance, Remark, Severity

_DOCUMENT = """\
lists: {cyber: [a], plain: [b], unused: [c]}
completions:
  - {id: done, when: {object.id: {list: plain}}, outcome: completed}
rules:
  - id: one
    status: draft
    when: {any: [{activity.id: {in: {list: cyber}}}, {not: {outcome: passed}}]}
    unless: [{when: {activity.id: {list: plain}}, reason: a taster}]
    evidence: {competency: x}
follow_ups:
  - {id: apply, kind: apply, title: Use it, due: 30d}
lint:
  allow:
    - {lint: overlap, rule: one, reason: both are meant}
    - {lint: unused-list, reason: kept for the spring}
"""


def test_every_part_of_a_document_knows_where_it_stands() -> None:
    ruleset = load_texts({"rules.yaml": _DOCUMENT})
    (rule,) = ruleset.rules

    assert [each.place for each in ruleset.definitions] == [Place("rules.yaml", 3, 5)]
    assert rule.place == Place("rules.yaml", 5, 5)
    assert [each.place for each in rule.exemptions] == [Place("rules.yaml", 8, 14)]
    assert ruleset.follow_ups["apply"].place == Place("rules.yaml", 11, 5)
    assert ruleset.lists["unused"] == Place("rules.yaml", 1, 33)


def test_rules_and_definitions_know_the_lists_that_their_conditions_and_exceptions_name() -> None:
    ruleset = load_texts({"rules.yaml": _DOCUMENT})

    assert ruleset.rules[0].lists_used == {"cyber", "plain"}
    assert ruleset.definitions[0].lists_used == {"plain"}


def test_two_templates_that_say_the_same_are_equal_wherever_they_stand() -> None:
    apart = [load_texts({name: _DOCUMENT}).follow_ups["apply"] for name in ("one.yaml", "two.yaml")]

    assert apart[0] == apart[1]
    assert isinstance(apart[0], FollowUpTemplate)
    assert apart[0].place != apart[1].place


def test_an_allowance_about_one_thing_covers_remarks_about_it_alone() -> None:
    about_one, _ = load_texts({"rules.yaml": _DOCUMENT}).allowances
    remark = Remark(Place("other.yaml"), "overlap", Severity.NOTE, "…", "rule one")

    assert about_one == Allowance(Place("rules.yaml", 14, 7), "overlap", "rule one", "both are meant")
    assert about_one.covers(remark)
    assert not about_one.covers(Remark(remark.place, "overlap", Severity.NOTE, "…", "rule two"))
    assert not about_one.covers(Remark(remark.place, "duplicate", Severity.NOTE, "…", "rule one"))


def test_an_allowance_about_nothing_covers_what_is_said_of_its_document() -> None:
    _, at_large = load_texts({"rules.yaml": _DOCUMENT}).allowances

    assert at_large.covers(Remark(Place("rules.yaml", 7), "unused-list", Severity.WARNING, "…", "list unused"))
    assert not at_large.covers(Remark(Place("other.yaml", 7), "unused-list", Severity.WARNING, "…", "list unused"))


def test_an_allowance_is_about_one_thing_and_says_why() -> None:
    with pytest.raises(DocumentError) as refused:
        load_texts({"r.yaml": "lint: {allow: [{lint: x, rule: a, list: b, reason: c}, {lint: x}]}"})

    assert [str(problem) for problem in refused.value.problems] == [
        "r.yaml:1:16: an allowance is about one thing: a rule, a completion, a follow_up or a list",
        "r.yaml:1:56: the key 'reason' is missing",
    ]
