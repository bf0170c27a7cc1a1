"""Extensions: asked for by key, with values of the kind that is asked for, at both levels."""

from typing import Any

import pytest

from lrs_bridge_rules.completions.subject import Subject
from support.xapi import COURSE, a_rule, a_ruleset, a_statement, a_subject, fits

_EXTENSIONS = {
    "https://x.example.org/mode": "Browse",
    "https://x.example.org/tries": 3,
    "https://x.example.org/share": 0.5,
    "https://x.example.org/proctored": True,
    "https://x.example.org/tags": ["safety", "night shift", 7, None],
    "https://x.example.org/info": {"https://x.example.org/build": "5.0.1", "lang": "en"},
    "https://x.example.org/none": None,
}


def _subject(*extensions: dict[str, Any]) -> Subject:
    return a_subject(statements=tuple(a_statement(context={"extensions": each}) for each in extensions))


@pytest.mark.parametrize(
    ("under", "expected"),
    [
        ("mode: Browse", True),
        ("mode: browse", False),
        ("mode: [Browse, Review]", True),
        ("mode: {prefix: Bro}", True),
        ("mode: {contains: [x, ows]}", True),
        ("mode: {glob: 'B*e'}", True),
        ("mode: {not_in: Review}", True),
        ("mode: {not_in: Browse}", False),
        ("mode: 3", False),
        ("mode: true", False),
        ("tries: 3", True),
        ("tries: 3.0", True),
        ("tries: '3'", False),
        ("tries: {gt: 2, lt: 4}", True),
        ("tries: {between: [1, 2]}", False),
        ("share: {gte: 0.5}", True),
        ("proctored: true", True),
        ("proctored: false", False),
        ("proctored: 1", False),
        ("tags: safety", True),
        ("tags: {contains: shift}", True),
        ("tags: {gte: 7}", True),
        ("tags: {present: true}", True),
        ("info: {present: true}", True),
        ("info: {'https://x.example.org/build': {prefix: '5.'}}", True),
        ("info: {'https://x.example.org/build': {prefix: '6.'}}", False),
        ("info: {'https://x.example.org/build': {prefix: '5.'}, present: true}", True),
        ("none: {present: false}", True),
        ("missing: {present: false}", True),
        ("missing: {not_in: x}", True),
        ("missing: {gte: 0}", False),
    ],
)
def test_an_extension_is_compared_with_what_is_of_its_kind(under: str, expected: bool) -> None:
    key, colon, value = under.partition(":")

    assert fits(f"{{extension: {{'https://x.example.org/{key}'{colon}{value}}}}}", _subject(_EXTENSIONS)) is expected


def test_any_statement_of_the_attempt_may_carry_it() -> None:
    assert fits("{extension: {'x:a': 1, 'x:b': 2}}", _subject({"x:a": 1}, {"x:b": 2}))
    assert not fits("{extension: {'x:a': 1, 'x:b': 2}}", _subject({"x:a": 1}, {"x:b": 3}))


def test_without_a_key_extensions_are_texts() -> None:
    assert fits("{extension: ['x:b', 'x:a=1']}", _subject({"x:a": 1}))
    assert fits("{extension: {prefix: 'x:'}}", _subject({"x:a": 1}))
    assert not fits("{extension: 'x:a=2'}", _subject({"x:a": 1}))


def test_the_extensions_of_an_activity_are_found_where_it_stands() -> None:
    course = {"id": COURSE, "definition": {"extensions": {"x:level": "expert"}}}
    page = {"id": "urn:page", "definition": {"extensions": {"x:level": "novice"}}}
    as_object = a_subject(statements=(a_statement(object=course),))
    as_parent = a_subject(statements=(a_statement(object=page, context={"contextActivities": {"parent": [course]}}),))

    assert fits("{activity.extension: {'x:level': expert}}", as_object)
    assert fits("{activity.extension: {'x:level': expert}}", as_parent)
    assert not fits("{activity.extension: {'x:level': novice}}", as_parent)


def test_the_trace_shows_what_is_there_also_when_it_is_of_another_kind() -> None:
    (trace,) = a_ruleset("rules:\n" + a_rule("{extension: {'x:a': {gte: 2}}}")).explain(_subject({"x:a": "three"}))
    (clause,) = trace.clauses

    assert (clause.field, clause.actual, clause.met) == ("extension[x:a] (number)", "three", False)


def test_kinds_asked_for_under_one_key_do_not_get_in_each_others_way() -> None:
    subject = _subject({"x:a": [5, "five", True]})

    assert fits("{all: [{extension: {'x:a': 5}}, {extension: {'x:a': five}}, {extension: {'x:a': true}}]}", subject)
    assert not fits("{extension: {'x:a': 1}}", subject)
