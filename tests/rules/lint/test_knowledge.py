"""What the lints know of the fields is true of statements and completions, whatever they say."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings

from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.fields import Facts, Field
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.lint.knowledge import OF_COMPLETIONS, OF_STATEMENTS, Level
from support.linting import any_statements, histories, subjects, told
from support.xapi import a_ruleset


@pytest.mark.parametrize(("level", "fields"), [(OF_STATEMENTS, STATEMENT_FIELDS), (OF_COMPLETIONS, SUBJECT_FIELDS)])
def test_what_is_known_is_about_fields_that_there_are(level: Level, fields: Mapping[str, Field[Any]]) -> None:
    named = {*level.single, *level.always, *level.domains, *level.bounds, *level.same, *level.same.values()}
    named |= {name for pair in level.follows.items() for name, _ in pair}

    assert named <= fields.keys()
    assert level.always.keys() <= level.single
    assert level.domains.keys() <= level.single
    assert level.bounds.keys() <= level.single


@settings(max_examples=80, deadline=None)
@given(any_statements)
def test_it_is_true_of_statements(body: bytes) -> None:
    _hold(OF_STATEMENTS, STATEMENT_FIELDS, Facts(told(body)))


@settings(max_examples=80, deadline=None)
@given(histories())
def test_it_is_true_of_completions(history: tuple[bytes, ...]) -> None:
    for subject in subjects(a_ruleset("include: [generic-adl]"), history):
        _hold(OF_COMPLETIONS, SUBJECT_FIELDS, Facts(subject))


def _hold(level: Level, fields: Mapping[str, Field[Any]], facts: Facts[Any]) -> None:
    values = {name: facts.values(field) for name, field in fields.items()}
    assert all(len(values[name]) <= 1 for name in level.single)
    assert all(values[name] for name in level.always)
    assert all(set(values[name]) <= domain for name, domain in level.domains.items())
    assert all(_inside(value, level, name) for name in level.bounds for value in values[name])
    assert all(values[one] == values[other] for one, other in level.same.items())
    for (name, value), (other, then) in level.follows.items():
        assert value not in values[name] or values[other] == (then,)


def _inside(value: float, level: Level, name: str) -> bool:
    span = level.bounds[name]
    return bool(span.low <= value <= span.high)
