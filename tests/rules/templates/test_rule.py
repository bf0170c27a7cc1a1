"""Rules of templates: the specification's algorithm, case by case (xAPI Profiles 1.0, Communication 2.1)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.templates.values import key_of, shown_values
from support.profiles import DEPTH, a_mooring, template

_HERE = f"$.result.extensions['{DEPTH}']"
_EACH = f"{_HERE}[*]"
_NOTHING = object()


def _broken(rule: dict[str, Any], value: object = _NOTHING) -> str | None:
    """The requirement that a statement breaks which holds a value (or nothing) in one of its extensions."""
    said: dict[str, Any] = {} if value is _NOTHING else {"result": {"extensions": {DEPTH: value}}}
    read = template(rules=[{"location": _HERE, **rule}]).rules[0]
    failure = read.failure(a_mooring(**said).sent)
    return failure.requirement if failure is not None else None


@pytest.mark.parametrize(
    ("rule", "value", "broken"),
    [
        # presence: what is there counts, whatever it is
        ({"presence": "included"}, _NOTHING, "included"),
        ({"presence": "included"}, "deep", None),
        ({"presence": "included"}, False, None),
        ({"presence": "included"}, 0, None),
        ({"presence": "included"}, "", None),
        ({"presence": "included"}, [], None),
        ({"presence": "included"}, {}, None),
        ({"presence": "included"}, None, None),
        ({"presence": "included", "location": _EACH}, [], "included"),
        ({"presence": "excluded"}, _NOTHING, None),
        ({"presence": "excluded"}, "deep", "excluded"),
        ({"presence": "excluded"}, False, "excluded"),
        ({"presence": "excluded"}, None, "excluded"),
        ({"presence": "excluded", "location": _EACH}, [], None),
        ({"presence": "recommended"}, _NOTHING, None),
        ({"presence": "recommended"}, "deep", None),
        # nothing there: fails `any`, passes `all` and `none`
        ({"any": [1]}, _NOTHING, "any"),
        ({"all": [1]}, _NOTHING, None),
        ({"none": [1]}, _NOTHING, None),
        ({"any": [1], "presence": "recommended"}, _NOTHING, None),
        ({"any": [1], "presence": "recommended"}, 2, "any"),
        ({"all": [1], "presence": "recommended"}, 2, "all"),
        ({"none": [2], "presence": "recommended"}, 2, "none"),
        ({"any": [1], "presence": "included"}, _NOTHING, "included"),
        ({"any": [1], "presence": "excluded"}, _NOTHING, "any"),
        ({"all": [1], "presence": "excluded"}, _NOTHING, None),
        # several values
        ({"any": [1, 2], "location": _EACH}, [2, 3], None),
        ({"any": [1, 2], "location": _EACH}, [3, 4], "any"),
        ({"all": [1, 2], "location": _EACH}, [1, 2, 1], None),
        ({"all": [1, 2], "location": _EACH}, [1, 3], "all"),
        ({"none": [1, 2], "location": _EACH}, [3, 4], None),
        ({"none": [1, 2], "location": _EACH}, [3, 1], "none"),
        ({"any": [1], "all": [1, 2], "none": [2], "location": _EACH}, [1, 2], "none"),
        ({"any": [1], "all": [1, 2], "none": [3], "location": _EACH}, [1, 2], None),
        # a list is a value of its own, unless the path goes into it
        ({"any": [1]}, [1], "any"),
        ({"any": [[1]]}, [1], None),
        ({"any": [[]]}, [], None),
        # what is the same
        ({"any": [1]}, 1.0, None),
        ({"any": [1]}, True, "any"),
        ({"any": [True]}, 1, "any"),
        ({"any": [0]}, False, "any"),
        ({"any": [False]}, False, None),
        ({"any": [None]}, None, None),
        ({"any": [None]}, 0, "any"),
        ({"any": ["1"]}, 1, "any"),
        ({"any": ["naïve"]}, "naïve", None),
        ({"any": ["nai\u0308ve"]}, "na\u00efve", "any"),
        ({"any": ["Deep"]}, "deep", "any"),
        ({"any": [{"a": 1, "b": [True]}]}, {"b": [True], "a": 1.0}, None),
        ({"any": [{"a": 1, "b": [True]}]}, {"b": [1], "a": 1}, "any"),
        ({"any": [[1, 2]]}, [2, 1], "any"),
        ({"none": [{"a": 1}]}, {"a": 1}, "none"),
        ({"all": [2**53 + 1]}, 2**53, "all"),
    ],
)
def test_a_rule_holds_as_the_specification_says(rule: dict[str, Any], value: object, broken: str | None) -> None:
    assert broken == _broken(rule, value)


@pytest.mark.parametrize(
    ("rule", "value", "broken"),
    [
        # the selector runs on each value; one where it finds nothing is unmatchable
        ({"presence": "included"}, [{"u": 1}, {"u": 2}], None),
        ({"presence": "included"}, [{"u": 1}, {}], "included"),
        ({"presence": "included"}, [], "included"),
        ({"presence": "excluded"}, [{}, {"v": 1}], None),
        ({"presence": "excluded"}, [{}, {"u": 1}], "excluded"),
        ({"presence": "excluded"}, [], None),
        ({"presence": "recommended"}, [{}], None),
        ({"any": [1]}, [{}, {"u": 1}], None),
        ({"any": [1]}, [{}], "any"),
        ({"all": [1]}, [{}, {"u": 1}], "all"),
        ({"all": [1]}, [{"u": 1}, {"u": 1}], None),
        ({"none": [1]}, [{}], None),
        ({"none": [1]}, [{}, {"u": 1}], "none"),
        # a value that cannot be matched is something all the same: recommended asks for `any` and `all` then
        ({"any": [1], "presence": "recommended"}, [{}], "any"),
        ({"all": [1], "presence": "recommended"}, [{}], "all"),
        ({"none": [1], "presence": "recommended"}, [{}], None),
        ({"all": [1], "presence": "recommended"}, [], None),
        # what is no object has nothing to select from
        ({"presence": "included"}, ['{"u": 1}'], "included"),
        ({"presence": "included"}, [1], "included"),
        ({"presence": "included"}, [{"u": None}], None),
        # a selector that yields several
        ({"all": [1, 2], "selector": "$.*"}, [{"u": 1, "v": 2}], None),
        ({"all": [1], "selector": "$.*"}, [{"u": 1, "v": 2}], "all"),
        ({"any": [2], "selector": "$.u | $.v"}, [{"u": 1, "v": 2}], None),
        ({"any": [1], "selector": "$"}, [1, 2], None),
    ],
)
def test_a_selector_looks_into_each_value(rule: dict[str, Any], value: object, broken: str | None) -> None:
    assert broken == _broken({"location": _EACH, "selector": "$.u", **rule}, value)


def test_context_activities_are_lists_even_where_one_was_sent() -> None:
    one = a_mooring(context={"contextActivities": {"parent": {"id": "https://example.org/p"}}})
    rules = template(rules=[{"location": "$.context.contextActivities.parent[*].id", "any": ["https://example.org/p"]}])

    assert rules.rules[0].failure(one.sent) is None


def test_a_failure_says_where_it_looked_what_it_wants_and_what_it_found() -> None:
    statement = a_mooring(result={"extensions": {DEPTH: [{"u": 5}, {}]}})
    rule = template(rules=[{"location": _EACH, "selector": "$.u", "all": [1, 2]}]).rules[0]

    failure = rule.failure(statement.sent)

    assert failure is not None
    assert ("all", _EACH, "$.u", (1, 2), (5,)) == (
        failure.requirement,
        failure.location,
        failure.selector,
        failure.expected,
        failure.found,
    )
    assert failure.text == (f"{_EACH} then $.u must hold only 1, 2, found 5, 1 without what the selector asks for")


def test_a_long_value_is_shown_by_how_it_begins_and_ends() -> None:
    iri = f"https://activities.example.org/{'a-very-long-path/' * 5}the-end"

    assert shown_values([iri, "short"]).startswith("https://activities.exampl…")
    assert shown_values([iri, "short"]).endswith("/the-end, short")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2).map(float) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=1), inner, max_size=2),
    max_leaves=6,
)


def _same(one: Any, other: Any) -> bool:
    """Equality of JSON, written out."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


@given(_JSON, _JSON)
def test_values_are_the_same_as_json_has_it(one: object, other: object) -> None:
    assert (key_of(one) == key_of(other)) is _same(one, other)
    assert key_of(one) == key_of(one)


def test_a_value_nested_too_deeply_is_the_same_as_none() -> None:
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]

    assert key_of(deep) != key_of(deep)
