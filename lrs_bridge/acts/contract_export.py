"""Contracts as YAML texts that import back unchanged: the whole grammar, and nothing that has its default."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

import yaml
from sqlalchemy import Connection

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.errors import NotFound
from lrs_bridge.acts.permission import allow_reading
from lrs_bridge.domain.contract import Contract, Goal, Measure, Method, Revision, Signature, Support, WantedBy
from lrs_bridge.store import contracts

_HEAD = "contracts:\n"


class _Dumper(yaml.SafeDumper):
    """Writes texts so that the importer, which reads YAML 1.2, sees the same texts: `1e5` and `012` need quotes too."""


def _written_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    quoted = re.match(r"[\d.+-]", text) is not None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if quoted else None)


_Dumper.add_representer(str, _written_text)


def contract_texts(connection: Connection, by: Actor, ids: Collection[str] = ()) -> dict[str, str]:
    """File name → YAML document of one contract each; all contracts, or those named. Raises ActError."""
    allow_reading("contracts.export", by)
    found = {each.id: each for each in contracts.all_contracts(connection)}
    missing = [each for each in ids if each not in found]
    if missing:
        raise NotFound(f"There is no contract {missing[0]!r}.", "Correct the id, or export all.")
    wanted = [found[each] for each in ids] if ids else list(found.values())
    return {_file_name(each, number): _text(each) for number, each in enumerate(wanted, start=1)}


def joined(texts: Iterable[str]) -> str:
    """Several such documents as one."""
    bodies = [text.removeprefix(_HEAD) for text in texts]
    return _HEAD + "".join(bodies) if bodies else "contracts: []\n"


def _file_name(contract: Contract, number: int) -> str:
    return f"{number:05}-{re.sub(r'[^A-Za-z0-9._-]+', '-', contract.id)[:80]}.yaml"


def _text(contract: Contract) -> str:
    document = {"contracts": [_contract(contract)]}
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text


def _contract(contract: Contract) -> dict[str, Any]:
    return _said(
        id=contract.id,
        kind=str(contract.kind),
        title=contract.title,
        learner=contract.learner_id,
        opportunity=contract.opportunity,
        withdrawn_at=_moment(contract.withdrawn_at),
        revisions=[_revision(each) for each in contract.revisions],
    ) | {"manager": contract.manager_id}


def _revision(revision: Revision) -> dict[str, Any]:
    period = {"number": revision.number, "from": revision.starts_on, "until": revision.ends_on}
    return period | _said(
        responsibilities=revision.responsibilities,
        link=revision.link,
        proposed_at=_moment(revision.proposed_at),
        signatures=[_signature(each) for each in revision.signatures],
        goals=[_goal(each) for each in revision.goals],
    )


def _signature(signature: Signature) -> dict[str, Any]:
    return {"role": str(signature.role), "by": signature.by, "at": _moment(signature.at)}


def _goal(goal: Goal) -> dict[str, Any]:
    return _said(
        id=goal.id,
        title=goal.title,
        competencies=sorted(goal.competencies),
        method="" if goal.method is Method.TRAINING else str(goal.method),
        activities=sorted(goal.activities),
        application=goal.application,
        measure=_measure(goal.measure),
        supports=[_support(each) for each in goal.supports],
        wanted_by="" if goal.wanted_by is WantedBy.BOTH else str(goal.wanted_by),
        initiative=goal.initiative_id,
        ambition=goal.ambition,
        beyond=goal.beyond,
        serves=list(goal.serves),
        follow_ups=list(goal.follow_ups),
        required=None if goal.required == 1 else goal.required,
    )


def _measure(measure: Measure | None) -> dict[str, Any] | None:
    if measure is None:
        return None
    numbers = {"baseline": measure.baseline, "target": measure.target}
    return _said(metric=measure.metric, unit=measure.unit) | numbers | _said(by=measure.by)


def _support(support: Support) -> dict[str, Any]:
    return _said(id=support.id, what=support.what, provider=support.provider_id, needed_by=support.needed_by)


def _said(**values: object) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _moment(moment: datetime | None) -> str | None:
    """To the microsecond where there is one: what comes back must be the same."""
    if moment is None:
        return None
    precision = "microseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")
