"""What publishing really brings: the tables before and after, in the figures of a backtest but counted otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.backtesting.tally import Aspect, Tally
from lrs_bridge.jobs import reconcile
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.rulesets import RulesetVersion, activate, next_number, publish
from lrs_bridge.store.tables import CompletionRow, EvidenceRow, FindingRow, FollowUpRow, GoalProgressRow
from lrs_bridge_rules.documents.loader import load_texts

Figures = Mapping[str, Counter[tuple[str, str]] | tuple[int, int]]

#: Aspect → how a query finds (what, state) of it.
_QUERIES = {
    Aspect.STANDING: select(CompletionRow.id, CompletionRow.standing),
    Aspect.OUTCOME: select(CompletionRow.id, CompletionRow.outcome),
    Aspect.EVIDENCED: select(EvidenceRow.completion_id, EvidenceRow.learner_id.is_not(None)),
    Aspect.GOAL: select(GoalProgressRow.contract_id + GoalProgressRow.goal_id, GoalProgressRow.state),
    Aspect.TASK: select(FollowUpRow.id, FollowUpRow.id.is_not(None)).where(FollowUpRow.reason_gone.is_(False)),
    Aspect.FINDING: select(FindingRow.id, FindingRow.status),
}
_WASTE = select(FindingRow.hours, FindingRow.money).where(FindingRow.counted)


def put_in_force(bridge: Bridge, documents: Mapping[str, str], now: datetime) -> None:
    """Publish documents, whatever their tests say, and plan everybody."""
    ruleset = load_texts(documents)
    with write(bridge.engine) as connection:
        number = next_number(connection)
        publish(connection, RulesetVersion(number, "tests", "", ruleset.digest, ruleset.documents, now))
        activate(connection, number, by="tests", now=now)
    reconcile(bridge, now)


def state_of(bridge: Bridge) -> Mapping[str, Mapping[str, str]]:
    """Aspect → what → its state, as the tables have it."""
    with read(bridge.engine) as connection:
        kept = {str(name): {w: _word(s) for w, s in connection.execute(query)} for name, query in _QUERIES.items()}
        waste = connection.execute(_WASTE).all()
    sums = {"hours": str(sum(round(100 * row[0]) for row in waste)), "money": str(sum(row[1] for row in waste))}
    return {**kept, "sums": sums}


def _word(state: object) -> str:
    return "there" if isinstance(state, bool | int) else str(state)


def differences(before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]) -> Figures:
    """How many went from which state to which, and by how much waste changed."""
    found: dict[str, Counter[tuple[str, str]] | tuple[int, int]] = {}
    for name in _QUERIES:
        things = before[name].keys() | after[name].keys()
        pairs = ((before[name].get(each, ""), after[name].get(each, "")) for each in things)
        found[name] = Counter(pair for pair in pairs if pair[0] != pair[1])
    hours, money = (int(after["sums"][each]) - int(before["sums"][each]) for each in ("hours", "money"))
    return {**found, "sums": (hours, money)}


def foretold(tally: Tally) -> Figures:
    """The same figures as a backtest has them."""
    waste = tally.weight(Aspect.WASTE)
    found: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in _QUERIES}
    for name, counter in found.items():
        for move in tally.of(Aspect(name)):
            if move.way.before != move.way.after:
                counter[move.way.before, move.way.after] += move.weight.things
    return {**found, "sums": (waste.hours_after - waste.hours_before, waste.money_after - waste.money_before)}
