"""`rules hits`: how many completions each rule in force fits, and what those in the shadow would add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, Value, show_json, show_tables
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.rule_hits import RuleHits, rule_hits
from lrs_bridge_rules.rule import Rule

_NONE = RuleHits(0, 0, None)
#: The order in which they are shown: what is being tried comes first.
_STATUSES = ("shadow", "active")


@click.command()
@json_option
@pass_session
def hits(session: Session, as_json: bool) -> None:
    """Count what each rule in force fits. Rules in the shadow, which have no effect yet, come first."""
    with session.bridge() as bridge:
        rules = [rule for status in _STATUSES for rule in bridge.ruleset().rules if rule.status == status]
        with read(bridge.engine) as connection:
            found = rule_hits(connection)
    if as_json:
        show_json({"rules": [_document(rule, found.get(rule.id, _NONE)) for rule in rules]})
    else:
        show_tables([_table(rules, found)])


def _document(rule: Rule, found: RuleHits) -> dict[str, object]:
    return {
        "rule": rule.id,
        "title": rule.title,
        "status": rule.status,
        "completions": found.completions,
        "learners": found.learners,
        "last_at": found.last_at,
    }


def _table(rules: Sequence[Rule], found: Mapping[str, RuleHits]) -> Table:
    rows: list[tuple[Value, ...]] = [
        (rule.id, rule.status, each.completions, each.learners, each.last_at)
        for rule in rules
        for each in (found.get(rule.id, _NONE),)
    ]
    return Table("", ("rule", "status", "completions", "learners", "last"), rows, "no rule is active or in the shadow")
