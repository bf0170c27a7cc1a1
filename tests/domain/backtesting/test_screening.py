"""Who need not be looked at: nobody for whom anything would move is ever passed over."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings

from lrs_bridge.domain.activity import Catalogue
from lrs_bridge.domain.backtesting.screening import Screen, Text, screen
from lrs_bridge.domain.backtesting.trial import Trial
from lrs_bridge.domain.facts import Facts
from lrs_bridge_rules.ruleset import Ruleset
from support.builders import EXCEL, a_ruleset, an_activity
from support.drafts import drafts, edited
from support.worlds import NOW, worlds


@given(worlds(), drafts, drafts)
@settings(max_examples=60)
def test_nothing_moves_for_whom_no_statement_passes(world: Facts, before: Ruleset, after: Ruleset) -> None:
    trial = Trial(before, after, NOW)
    found = trial.screen(world.organisation.catalogue)
    if found is not None and not any(found.passes(msgspec.json.encode(each.statement)) for each in world.statements):
        tally = trial.of(world)

        assert tally.is_empty
        assert tally.hits == ()


def screen_of(when: str, catalogue: Catalogue | None = None) -> Screen | None:
    rules = a_ruleset(f"rules: [{{id: x, status: active, when: {when}, evidence: {{competency: y}}}}]").rules
    return screen([rule.condition for rule in rules], [], catalogue or Catalogue())


@pytest.mark.parametrize(
    ("when", "texts"),
    [
        ('{activity.id: "https://a.example.org/1"}', [Text("https://a.example.org/1", whole=True)]),
        ("{activity.name: {contains: Excel}}", [Text("excel")]),
        ('{activity.name: {contains: Excel}, verb: "https://example.org/verb"}', [Text("excel")]),
        ("{any: [{activity.name: {contains: Excel}}, {activity.name: Word}]}", [Text("excel"), Text("word", True)]),
        ('{activity.id: {prefix: "https://a.example.org/"}}', [Text("https://a.example.org/")]),
    ],
)
def test_the_rarest_text_that_must_be_there_is_looked_for(when: str, texts: list[Text]) -> None:
    found = screen_of(when)

    assert found is not None
    assert list(found.texts) == texts


@pytest.mark.parametrize(
    "when",
    [
        "{score.percent: {gte: 70}}",
        "{outcome: passed}",
        "{not: {activity.name: Excel}}",
        "{any: [{activity.name: Excel}, {outcome: failed}]}",
        "{activity.name: {contains: ab}}",
        '{activity.name: "say \\"it\\""}',
        "{activity.name: {not_in: [Excel]}}",
    ],
)
def test_there_is_no_screen_where_nothing_must_be_there(when: str) -> None:
    assert screen_of(when) is None


def test_any_id_of_an_activity_can_be_the_one_that_was_sent() -> None:
    catalogue = Catalogue.of([an_activity(aliases=frozenset({"https://old.example.org/excel"}))])
    found = screen_of(f'{{activity.id: "{EXCEL}"}}', catalogue)

    assert found is not None
    assert found.passes(b'{"object":{"id":"https://old.example.org/excel"}}')


@pytest.mark.parametrize(
    ("name", "passes"),
    [
        ("Quiz 7", True),
        ("QUIZ 7", True),
        ("  Quiz 7\t", True),
        ("Quiz 77", False),
        ("The Quiz 7", True),  # blanks may stand around a value, so this is looked at in vain
        ("Another", False),
    ],
)
def test_a_whole_value_is_told_from_a_part_of_another(name: str, passes: bool) -> None:
    assert Screen([Text("quiz 7", whole=True)]).passes(json.dumps({"name": name}).encode()) is passes


@pytest.mark.parametrize("body", [rb'{"id":"https:\/\/a.example.org\/\u0031"}', b'{"id": "https://a.example.org/1"}'])
def test_escapes_hide_nothing(body: bytes) -> None:
    assert Screen([Text("https://a.example.org/1", whole=True)]).passes(body)


@pytest.mark.parametrize("accents", ["Café basics", "Cafe\u0301 basics"])
def test_accents_hide_nothing_however_they_were_put_together(accents: str) -> None:
    found = screen_of('{activity.name: {contains: "cafe\\u0301"}}')

    assert found is not None
    assert found.passes(f'{{"name": "{accents}"}}'.encode())
    assert found.passes(json.dumps({"name": accents}).encode())


def test_what_cannot_be_read_is_looked_at() -> None:
    wanted = Screen([Text("anything")])

    assert wanted.passes(b"\\{")
    assert wanted.passes(b"\xff")
    assert not wanted.passes(b"{}")


def test_without_any_difference_nobody_is_looked_at() -> None:
    found = Trial(a_ruleset(), a_ruleset(), NOW).screen(Catalogue())

    assert found is not None
    assert not found.passes(b"{}")


def test_where_tasks_or_thresholds_differ_everybody_is_looked_at() -> None:
    assert Trial(a_ruleset(), edited("a lower mastery"), NOW).screen(Catalogue()) is None
