"""What is kept of a statement of somebody who was erased, where rules read all that was sent."""

import json
from dataclasses import replace
from typing import Any

import pytest

from lrs_bridge.domain.facts import Facts, StatementFact
from lrs_bridge.domain.ghost import Ghost, become_ghost, essence
from lrs_bridge.domain.ghost_statement import sayings_in
from lrs_bridge.domain.plan import plan
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import decode_statement
from support.builders import NOON, RULES, a_goal, a_statement, facts
from support.builders import a_contract as contract
from support.profiles import a_profile, a_template, as_text

_SIGNED = "https://usage.example.org/signed"
_SAID: dict[str, Any] = {
    "actor": {"mbox": "mailto:ada@example.org", "name": "Ada Lovelace"},
    "authority": {"mbox": "mailto:ada@example.org", "name": "Ada Lovelace"},
    "attachments": [{"usageType": _SIGNED, "contentType": "text/plain", "length": 1, "sha2": "0"}],
    "context": {
        "revision": "7b",
        "instructor": {"mbox": "mailto:tutor@example.org", "name": "Tilda Tutor"},
        "team": {"objectType": "Group", "mbox": "mailto:team@example.org"},
        "statement": {"objectType": "StatementRef", "id": "6b1f6f0e-0f0e-4f0e-8f0e-000000000001"},
        "extensions": {"https://example.org/x": {"a": 1, "b": [2]}},
    },
    "result": {"response": "mine", "score": {"raw": 7}, "https://example.org/own": "said"},
}


def _told(**said: Any) -> StatementFact:
    fact = a_statement()
    return replace(fact, statement=decode_statement(json.dumps({**fact.statement.sent, **said}).encode()))


def _ruleset(when: str) -> Ruleset:
    """Every course is evidence of writing if a condition holds."""
    rule = f"  - {{id: asked, status: active, when: {when}, evidence: {{competency: writing}}}}\n"
    at = RULES.index("rules:\n") + len("rules:\n")
    document = a_profile(a_template(rules=[{"location": "$.attachments[*].usageType", "any": [_SIGNED]}]))
    return load_texts({"rules.yaml": RULES[:at] + rule + RULES[at:], "harbour.jsonld": as_text(document)})


def _world() -> Facts:
    return facts(_told(**_SAID), contracts=(contract(a_goal(competencies=frozenset({"writing"}))),))


def _erased(when: str) -> Ghost:
    before = plan(_world(), _ruleset(when), NOON)
    ghost = become_ghost(_world(), _ruleset(when), "erased-1", NOON)
    assert (essence(before, ghost.names) == essence(ghost.plan)) is ghost.same
    return ghost


def _of_statements(ghost: Ghost) -> set[tuple[str, ...]]:
    """What is kept of what statements say, and not of the learner."""
    return {path for path in ghost.kept if len(path) > 1 or path == ("attachments",)}


@pytest.mark.parametrize(
    ("when", "kept"),
    [
        ("{template: harbour/mooring}", {("attachments",)}),
        (f"{{path: {{'$.attachments[0].usageType': '{_SIGNED}'}}}}", {("attachments",)}),
        (
            "{path: {\"$.context.extensions['https://example.org/x'].a\": 1}}",
            {("context", "extensions", "https://example.org/x", "a")},
        ),
        ("{path: {\"$.result['https://example.org/own']\": said}}", {("result", "https://example.org/own")}),
        ("{path: {'$.result.response': mine}}", {("result", "response")}),
        ("{revision: 7b}", {("context", "revision")}),
        ("{instructor: 'mailto:tutor@example.org'}", {("context", "instructor")}),
        (
            "{extension: {'https://example.org/x': {present: true}}}",
            {("context", "extensions", "https://example.org/x", "b")},
        ),
        ("{result.response: mine}", {("result", "response")}),
        ("{path: {'$.result.score.raw': 7}}", set()),
        ("{path: {'$.verb.id': {prefix: 'http'}}}", set()),
    ],
)
def test_what_a_path_or_template_reads_is_kept_and_nothing_else(when: str, kept: set[tuple[str, ...]]) -> None:
    ghost = _erased(when)

    assert (ghost.same, _of_statements(ghost)) == (True, kept)


@pytest.mark.parametrize(
    "when",
    [
        "{path: {'$.actor.name': Ada Lovelace}}",
        "{path: {'$.authority.mbox': 'mailto:ada@example.org'}}",
        "{path: {'$.context.team.mbox': {present: true}}}",
        "{path: {'$.context.statement.id': {present: true}}}",
    ],
)
def test_whose_statement_it_was_is_not_kept_even_where_results_depend_on_it_and_that_is_told(when: str) -> None:
    ghost = _erased(when)

    assert (ghost.same, _of_statements(ghost)) == (False, set())
    [fact] = ghost.facts.statements
    body = json.dumps(fact.statement.sent)
    assert not any(word in body for word in ("Ada", "ada@", "team@", "6b1f6f0e"))


def test_a_ghost_says_nothing_that_was_not_kept() -> None:
    [fact] = _erased("{path: {'$.nothing': x}}").facts.statements

    assert sayings_in(fact.statement) == frozenset()
    assert set(fact.statement.sent) <= {"id", "actor", "verb", "object", "result", "context", "timestamp"}
