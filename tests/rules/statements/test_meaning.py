"""Two bodies that say the same have one digest; whatever changes what is said changes it."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.statements.meaning import identity_of, meaning_digest
from lrs_bridge_rules.statements.statement import decode_statement
from support.xapi import a_body, encoded

_REGISTRATION = "0190F6D2-1B2C-7D3E-8F40-0123456789AB"


def _full() -> dict[str, Any]:
    return a_body(
        id=_REGISTRATION,
        stored="2026-03-02T12:00:05.123456Z",
        authority={"mbox": "mailto:lrs@example.org"},
        version="1.0.3",
        actor={"name": "Ada", "mbox": "mailto:ada@Example.org"},
        verb={"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "completed"}},
        object={"id": "https://a.example.org", "objectType": "Activity", "definition": {"name": {"en": "A"}}},
        result={"score": {"raw": 8, "max": 10}, "success": True, "duration": "PT60S", "extensions": {"x:y": [1, None]}},
        context={
            "registration": _REGISTRATION,
            "contextActivities": {"parent": [{"id": "https://p.example.org"}], "other": []},
        },
        attachments=[{"sha2": "aa", "length": 1}, {"sha2": "bb", "length": 2}],
    )


def _set(body: dict[str, Any], path: str, value: object) -> None:
    *parents, last = path.split(".")
    for step in parents:
        body = body[step]
    body[last] = value


_SAME = {
    "id": None,
    "stored": "2027-01-01T00:00:00Z",
    "authority": {"mbox": "mailto:other@example.org"},
    "version": "2.0.0",
    "actor.name": "Ada Married",
    "actor.mbox": "mailto:ada@example.org",
    "actor.objectType": "Agent",
    "verb.display": {"de": "abgeschlossen"},
    "object.definition": {"name": {"de": "B"}, "type": "https://types.example.org/x"},
    "timestamp": "2026-03-02T13:00:00.000000+01:00",
    "result.score.raw": 8.0,
    "result.duration": "PT1M",
    "result.response": None,
    "context.registration": _REGISTRATION.lower(),
    "context.contextActivities.parent": {"id": "https://p.example.org", "definition": {}},
    "attachments": [{"sha2": "bb", "length": 2.0}, {"sha2": "aa", "length": 1}],
}
_OTHER = {
    "actor.mbox": "mailto:bo@example.org",
    "actor.objectType": "Group",
    "verb.id": "https://adlnet.gov/expapi/verbs/completed",
    "object.id": "https://b.example.org",
    "timestamp": "2026-03-02T12:00:01Z",
    "result.score.raw": 7,
    "result.success": False,
    "result.duration": "PT61S",
    "result.extensions": {"x:y": [1]},
    "context.registration": "00000000-0000-4000-8000-000000000000",
    "context.platform": "Moodle",
    "context.contextActivities.parent": [{"id": "https://q.example.org"}],
    "attachments": [{"sha2": "aa", "length": 1}],
}


def _changed(changes: dict[str, object]) -> bytes:
    body = copy.deepcopy(_full())
    for path, value in changes.items():
        _set(body, path, value)
    return encoded(body)


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value


@given(st.sets(st.sampled_from(sorted(_SAME))), st.integers())
def test_any_of_the_differences_that_may_be_together_leave_the_digest(paths: set[str], seed: int) -> None:
    changed = json.loads(_changed({path: _SAME[path] for path in paths}))
    shuffled = _shuffled(changed, random.Random(seed))

    assert meaning_digest(json.dumps(shuffled, indent=1).encode()) == meaning_digest(encoded(_full()))


@given(st.sampled_from(sorted(_OTHER)), st.sets(st.sampled_from(sorted(_SAME))))
def test_what_changes_what_is_said_changes_the_digest(path: str, same: set[str]) -> None:
    tolerated = {other: _SAME[other] for other in same if other != path}
    tolerated.pop("actor.mbox", None)

    assert meaning_digest(_changed({**tolerated, path: _OTHER[path]})) != meaning_digest(encoded(_full()))


def test_a_sub_statement_counts_with_what_it_says() -> None:
    def sub(object_id: str, display: str) -> bytes:
        inner = a_body(verb={"id": "v:x", "display": {"en": display}}, object={"id": object_id})
        return encoded(a_body(object={"objectType": "SubStatement", **inner}))

    assert meaning_digest(sub("https://a.example.org", "x")) == meaning_digest(sub("https://a.example.org", "y"))
    assert meaning_digest(sub("https://a.example.org", "x")) != meaning_digest(sub("https://b.example.org", "x"))


def test_a_body_with_an_unreadable_part_is_equal_to_itself_alone() -> None:
    body = encoded(a_body(surprise=1)).replace(b'"surprise": 1', b'"surprise": 1e999')

    assert meaning_digest(body) == meaning_digest(body)
    assert meaning_digest(body) != meaning_digest(encoded(a_body()))


def _identity(**properties: Any) -> str:
    body = encoded(a_body(**properties))
    return identity_of(decode_statement(body), body)


def test_a_statement_keeps_the_id_that_it_was_sent_with() -> None:
    assert _identity(id=_REGISTRATION) == _REGISTRATION.lower()


def test_a_repetition_without_an_id_gets_the_same_identity() -> None:
    again = _identity(stored="2027-01-01T00:00:00Z", timestamp="2026-03-02T12:00:00.000+00:00")

    assert _identity() == again


@pytest.mark.parametrize(
    "other",
    [
        {"actor": {"mbox": "mailto:bo@example.org"}},
        {"verb": {"id": "v:x"}},
        {"object": {"id": "https://b.example.org"}},
        {"timestamp": "2026-03-02T12:00:01Z"},
    ],
)
def test_another_actor_verb_object_or_time_is_another_statement(other: dict[str, Any]) -> None:
    assert _identity() != _identity(**other)


def test_an_anonymous_statement_is_identified_by_all_that_it_says() -> None:
    nobody = {"actor": {"name": "somebody"}}

    assert _identity(**nobody) == _identity(**nobody)
    assert _identity(**nobody) != _identity(**nobody, result={"success": True})
