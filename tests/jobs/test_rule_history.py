"""What the database knows for the lints: every word in use, and each rule's hits, whatever came of them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import pull
from lrs_bridge.jobs.rule_history import look_back
from lrs_bridge.store.agendas import save_wants
from lrs_bridge.store.engine import write
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import OpenBridge, a_body, an_lrs
from support.builders import EXCEL, NOON, a_want, day
from support.store import counted_writes
from support.xapi import a_rule, a_ruleset

pytestmark = pytest.mark.usefixtures("database_kind")

_PACK = "include: [generic-adl]\n"
_HEAD = f"{_PACK}rules:\n"


@pytest.fixture
def bridge(open_bridge: OpenBridge, lrs: str) -> Bridge:
    return open_bridge(an_lrs(lrs), now=day(1))


def _stored(bridge: Bridge, sandbox: SandboxLrs, *bodies: dict[str, Any]) -> None:
    sandbox.load([{"id": str(uuid4()), **body, "stored": NOON.isoformat()} for body in bodies])
    assert pull(bridge, bridge.source("lms"), day(1)).new == len(bodies)


def test_each_rule_in_force_has_its_hits_also_where_another_one_excludes(bridge: Bridge, sandbox: SandboxLrs) -> None:
    _stored(bridge, sandbox, a_body("completed"), a_body("passed", "https://example.org/other"))
    is_excel = f"{{activity.id: '{EXCEL}'}}"
    rules = (
        a_rule(is_excel, rule_id="evidence"),
        a_rule(is_excel, "exclude: no", rule_id="exclusion"),
        a_rule("{outcome: passed}", rule_id="shadow", status="shadow"),
        a_rule(is_excel, rule_id="draft", status="draft"),
        a_rule("{activity.id: nowhere}", rule_id="missed"),
    )
    history = look_back(bridge, a_ruleset(_HEAD + "".join(rules)), day(1))

    assert history.hits == {"evidence": 1, "exclusion": 1, "shadow": 1}
    assert (history.completions, history.since) == (2, None)


def test_only_completions_that_ended_since_then_count(bridge: Bridge, sandbox: SandboxLrs) -> None:
    _stored(bridge, sandbox, a_body("completed", at=NOON - timedelta(days=9)), a_body("passed", at=NOON))
    ruleset = a_ruleset(
        _HEAD + a_rule("{outcome: completed}", rule_id="old") + a_rule("{outcome: passed}", rule_id="new")
    )
    history = look_back(bridge, ruleset, day(1), since=timedelta(days=2))

    assert history.hits == {"new": 1}
    assert (history.completions, history.since) == (1, day(1) - timedelta(days=2))


def test_the_words_of_goals_needs_agendas_and_statements_are_known(bridge: Bridge, sandbox: SandboxLrs) -> None:
    _stored(bridge, sandbox, a_body("completed", "https://example.org/heard-of"))
    with write(bridge.engine) as connection:
        save_wants(connection, {"ada": [a_want("first-aid")]}, day(0))
    history = look_back(bridge, a_ruleset(_PACK), day(1))

    assert {"spreadsheets", "first-aid"} <= history.competencies
    assert history.activities == {"https://example.org/heard-of"}
    assert history.goals


def test_nothing_is_written_and_progress_is_told(bridge: Bridge, sandbox: SandboxLrs) -> None:
    _stored(bridge, sandbox, a_body("completed"))
    told: list[tuple[int, int | None]] = []
    with counted_writes(bridge.engine) as writes:
        look_back(bridge, a_ruleset(_PACK), day(1), progress=lambda done, total: told.append((done, total)))

    assert writes == []
    assert told
    assert told[-1][0] == told[-1][1]
