"""Plans that are known to hold still, by the fingerprint of what they were made of (a part of `reconcile`).

A learner who is due, and of whom nothing changed that a plan could see, is not planned again: the lease is given back,
and the learner is due when the plan said so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from lrs_bridge.store.due import Claim, hold, settle
from lrs_bridge.store.fingerprint import of_facts, of_plans
from lrs_bridge.store.rows import chunks
from lrs_bridge.store.tables import DueRow


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of claimed learners: what stands for the facts about each, and whose plan still holds until which moment."""

    facts: Mapping[str, str]
    holding: Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Made:
    """A plan that was just applied: the claim that it was made under, and its `wake_at`."""

    claim: Claim
    wake_at: datetime | None


def look_ahead(connection: Connection, claims: Sequence[Claim], common: str, now: datetime) -> Outlook:
    """Compare what is with what the last plans were made of. To be called before the facts are loaded."""
    facts = of_facts(connection, [each.learner_id for each in claims], common)
    kept = {
        learner_id: (fingerprint, wake_at)
        for learner_id, fingerprint, wake_at in _kept(connection, list(facts), now)
        if fingerprint.startswith(facts[learner_id])
    }
    plans = of_plans(connection, list(kept))
    holding = {each: wake_at for each, (known, wake_at) in kept.items() if known == _both(facts[each], plans[each])}
    return Outlook(facts, holding)


def _kept(
    connection: Connection, learner_ids: Sequence[str], now: datetime
) -> Iterable[tuple[str, str, datetime | None]]:
    """The fingerprints of plans that time alone has not ended; for a clock that was set back they say nothing."""
    query = select(DueRow.learner_id, DueRow.fingerprint, DueRow.wake_at).where(
        DueRow.fingerprint.is_not(None), DueRow.planned_at <= now
    )
    for ids in chunks(learner_ids):
        for learner_id, fingerprint, wake_at in connection.execute(query.where(DueRow.learner_id.in_(ids))):
            if fingerprint is not None and (wake_at is None or now < wake_at):
                yield learner_id, fingerprint, wake_at


def rest(connection: Connection, claims: Sequence[Claim], holding: Mapping[str, datetime | None]) -> int:
    """Give back the claims of those whose plan holds; returns how many. Where facts arrived meanwhile they stay due."""
    held = hold(connection, claims)
    mine = [(each, holding[each.learner_id]) for each in claims if each.learner_id in held]
    settle(connection, mine, held)
    return len(mine)


def remember(connection: Connection, made: Sequence[Made], facts: Mapping[str, str], now: datetime) -> None:
    """Keep what these plans were made of; to be called where they were applied, after that.

    `facts` are from before they were loaded. Where the revision has moved since the claim, nothing is kept.
    """
    plans = of_plans(connection, [each.claim.learner_id for each in made])
    known = update(DueRow).where(DueRow.learner_id == bindparam("learner"), DueRow.revision == bindparam("at_revision"))
    rows = [
        {
            "learner": each.claim.learner_id,
            "at_revision": each.claim.revision,
            "known": _both(facts[each.claim.learner_id], plans[each.claim.learner_id]),
            "wakes_at": each.wake_at,
        }
        for each in sorted(made, key=lambda each: each.claim.learner_id)
    ]
    if rows:
        values = {"fingerprint": bindparam("known"), "planned_at": now, "wake_at": bindparam("wakes_at")}
        connection.execute(known.values(values), rows)


def forget(connection: Connection) -> None:
    """Let every learner who becomes due be planned in any case."""
    connection.execute(update(DueRow).where(DueRow.fingerprint.is_not(None)).values(fingerprint=None))


def _both(facts: str, plans: str) -> str:
    return f"{facts}:{plans}"
