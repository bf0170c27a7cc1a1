"""The laws of whole documents, over every field, operator, group, list, exception and both levels.

Looking through the index finds what trying every rule finds; what is printed means what was read.
"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.fields import Facts, Told
from lrs_bridge_rules.differences.difference import difference
from lrs_bridge_rules.documents.changing.amending import data_of
from lrs_bridge_rules.documents.loader import load, load_texts
from lrs_bridge_rules.documents.printing import Style, to_yaml
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import Statement
from support.documents import SHIPPED
from support.generated import documents, statements, subjects
from support.xapi import NOON

_LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def _ruleset(document: dict[str, Any]) -> Ruleset:
    return load_texts({"rules.yaml": to_yaml(document)})


def _by_trying_all(ruleset: Ruleset, subject: Subject, status: str) -> list[str]:
    fitting = [rule for rule in ruleset.rules if rule.status == status and rule.fits(Facts(subject), NOON)]
    excluding = [rule for rule in fitting if rule.excludes]
    return [rule.id for rule in fitting] if status == "shadow" or not excluding else [excluding[0].id]


@settings(max_examples=60, deadline=None, suppress_health_check=_LARGE)
@given(documents(), st.lists(subjects(), min_size=1, max_size=4))
def test_the_index_finds_what_trying_every_rule_finds(document: dict[str, Any], about: list[Subject]) -> None:
    ruleset = _ruleset(document)

    for subject in about:
        verdict = ruleset.evaluate(subject, now=NOON)
        counting = [match.rule for match in verdict.matches] if verdict.exclusion is None else [verdict.exclusion.rule]
        assert counting == _by_trying_all(ruleset, subject, "active")
        assert [match.rule for match in verdict.shadow] == _by_trying_all(ruleset, subject, "shadow")


@settings(max_examples=60, deadline=None, suppress_health_check=_LARGE)
@given(documents(), st.lists(statements(), min_size=1, max_size=4))
def test_the_first_definition_that_fits_reads_a_statement(document: dict[str, Any], said: list[Statement]) -> None:
    ruleset = _ruleset(document)

    for statement in said:
        facts = Facts(Told(statement))
        fitting = (each for each in ruleset.definitions if each.target(facts) is not None)
        first = next(fitting, None)
        expected = None if first is None or first.outcome is None else first.id
        reading = ruleset.read(statement, statement_id="1")

        assert (reading.definition if reading is not None else None) == expected
        assert ruleset.wants(statement) is (expected is not None)


def _judgements(ruleset: Ruleset, subject: Subject) -> list[tuple[object, ...]]:
    """What each rule says of a completion; where it stands in its document is left out."""
    return [(each.rule, each.status, each.matched, each.exception) for each in ruleset.explain(subject, now=NOON)]


@settings(max_examples=30, deadline=None, suppress_health_check=_LARGE)
@given(documents(), st.builds(Style, st.integers(1, 4), st.integers(0, 3), st.sampled_from([0, 40, 120])), subjects())
def test_what_is_printed_means_what_was_read(document: dict[str, Any], style: Style, subject: Subject) -> None:
    one, other = to_yaml(document), to_yaml(data_of(to_yaml(document)), style)

    assert not difference({"rules.yaml": one}, {"rules.yaml": other})
    first, second = load_texts({"rules.yaml": one}), load_texts({"rules.yaml": other})
    assert first.follow_ups == second.follow_ups
    assert _judgements(first, subject) == _judgements(second, subject)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_is_shipped_means_the_same_when_printed(path: Path, tmp_path: Path) -> None:
    name = path.as_posix()
    texts = {name: path.read_text("utf-8")}
    printed = {name: to_yaml(data_of(texts[name]))}
    (tmp_path / path.name).write_text(printed[name], "utf-8")

    assert not difference(texts, printed)
    before, after = load([path]), load([tmp_path / path.name])
    assert [rule.id for rule in after.rules] == [rule.id for rule in before.rules]
    assert [each.id for each in after.definitions] == [each.id for each in before.definitions]
    assert after.follow_ups == before.follow_ups
