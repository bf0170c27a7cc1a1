"""What a backtest cannot see: statements that were noise under the rules in force were counted, and not stored.

An estimate, by verb and activity type alone: definitions may ask for more than these two.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import func, select

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.backtest.report import NewlyWanted
from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import NoiseRow
from lrs_bridge_rules.completions.definition import Definition
from lrs_bridge_rules.conditions.fields import Facts, Told
from lrs_bridge_rules.conditions.narrowing import Narrowing
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.statement import decode_statement


def newly_wanted(
    bridge: Bridge, definitions: Sequence[Definition], since: datetime | None = None
) -> tuple[NewlyWanted, ...]:
    """The counted noise that these definitions may want, the most first. Each count is what it could be at most."""
    if not definitions:
        return ()
    narrowed = [(each.id, Narrowing([each.condition])) for each in definitions]
    query = select(NoiseRow.verb, NoiseRow.activity_type, func.sum(NoiseRow.count))
    if since is not None:
        query = query.where(NoiseRow.day >= since.astimezone(bridge.settings.organisation.zone).date())
    with read(bridge.engine) as connection:
        counted = connection.execute(query.group_by(NoiseRow.verb, NoiseRow.activity_type)).all()
    found = []
    for verb, kind, count in counted:
        facts = _facts(verb, kind)
        wanting = tuple(own_id for own_id, narrowing in narrowed if facts and narrowing.candidates(facts))
        if wanting:
            found.append(NewlyWanted(verb, kind, int(count), wanting))
    return tuple(sorted(found, key=lambda each: (-each.count, each.verb, each.activity_type)))


def _facts(verb: str, kind: str) -> Facts[Told] | None:
    """A statement of which nothing is known but these two; None where a label was too long to be kept whole."""
    definition = {"definition": {"type": kind}} if kind else {}
    body = {
        "actor": {"mbox": "mailto:nobody@example.org"},
        "verb": {"id": verb},
        "object": {"id": "urn:lrs-bridge:unknown", **definition},
        "timestamp": "2000-01-01T00:00:00Z",
    }
    try:
        return Facts(Told(decode_statement(msgspec.json.encode(body))))
    except StatementError:
        return None
