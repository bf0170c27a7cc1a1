"""The invention in the product's own import formats: what an organisation would write into files, written into files.

From here on nothing knows that the organisation is invented: `lrs-bridge learners import` and its sisters read these.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from lrs_bridge.demo.agreements import Agreement
from lrs_bridge.demo.offers import OFFERS
from lrs_bridge.demo.people import MOODLE, Person
from lrs_bridge.demo.strategy import INITIATIVES, NEEDS, OBJECTIVES, TITLES
from lrs_bridge.domain.activity import CatalogueActivity
from lrs_bridge.domain.agenda import Need, ScopeKind
from lrs_bridge.domain.contract import Contract, Goal, Revision, Support

#: A YAML file for import may have a megabyte; a contract takes about two kilobytes.
_CONTRACTS_IN_A_FILE = 250

LEARNER_COLUMNS = ("id", "name", "email", "manager", "unit", "job", "hired_on", "hourly_rate", "identities")


def write_learners(path: Path, people: Iterable[Person]) -> Path:
    """People as CSV. Their mail addresses need no mention among the identities: those are known from the address."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(LEARNER_COLUMNS)
        table.writerows(_learner(person) for person in people)
    return path


def _learner(person: Person) -> tuple[object, ...]:
    learner = person.learner
    rate = f"{(learner.hourly_rate or 0) / 100:.2f}"
    account = f"account:{MOODLE}|{person.user_id}"
    return (learner.id, learner.name, learner.email, learner.manager_id or "", learner.unit, learner.job,
            learner.hired_on or "", rate, account)  # fmt: skip


def write_strategy(path: Path, partners: Mapping[str, str]) -> Path:
    return _write(
        path,
        {
            "competencies": [{"id": own_id, "title": title} for own_id, title in TITLES.items()],
            "objectives": [{"id": each.id, "title": each.title} for each in OBJECTIVES],
            "initiatives": [
                {"id": each.id, "title": each.title, "objective": each.objective_id} for each in INITIATIVES
            ],
            "needs": [_need(each) for each in NEEDS],
            "units": [{"name": unit, "learning_partner": partner} for unit, partner in partners.items()],
        },
    )


def _need(need: Need) -> dict[str, str]:
    scope = {} if need.scope.kind is ScopeKind.EVERYONE else {need.scope.kind.value: need.scope.name}
    return {"id": need.id, "competency": need.competency, "initiative": need.initiative_id, **scope}


def write_catalogue(path: Path) -> Path:
    return _write(path, {"activities": [_activity(offer.entry()) for offer in OFFERS]})


def _activity(entry: CatalogueActivity) -> dict[str, Any]:
    return _without_blanks(
        id=entry.id,
        name=entry.name,
        provider=entry.provider,
        provider_kind=entry.provider_kind.value if entry.provider_kind else "",
        fee=entry.fee // 100,
        hours=entry.hours,
        competencies=sorted(entry.competencies),
        aliases=sorted(entry.aliases),
        mandated_by=entry.mandated_by,
        valid_for=_span(entry.valid_for),
        job_aid=entry.job_aid,
        pre_test=entry.pre_test,
        post_test=entry.post_test,
    )


def _span(span: timedelta | None) -> str:
    return "" if span is None else f"{span.days}d"


def write_agendas(path: Path, agreements: Iterable[Agreement]) -> Path:
    agendas = [
        {
            "learner": each.person.id,
            "wants": [{"competency": w.competency, "amount": w.amount, "origin": w.origin.value} for w in each.wants],
        }
        for each in agreements
        if each.wants
    ]
    return _write(path, {"agendas": agendas})


def write_contracts(folder: Path, name: str, contracts: Sequence[Contract]) -> list[Path]:
    """Contracts in files named after `name`, each of a size that an import takes."""
    parts = [
        contracts[start : start + _CONTRACTS_IN_A_FILE] for start in range(0, len(contracts), _CONTRACTS_IN_A_FILE)
    ]
    return [
        _write(
            folder / f"{name}{f'-{number}' if number > 1 else ''}.yaml",
            {"contracts": [_contract(each) for each in part]},
        )
        for number, part in enumerate(parts, start=1)
    ]


def _contract(contract: Contract) -> dict[str, Any]:
    return _without_blanks(
        id=contract.id,
        kind=contract.kind.value,
        title=contract.title,
        learner=contract.learner_id,
        manager=contract.manager_id,
        opportunity=contract.opportunity,
        revisions=[_revision(each) for each in contract.revisions],
    )


def _revision(revision: Revision) -> dict[str, Any]:
    return _without_blanks(
        **{"number": revision.number, "from": revision.starts_on, "until": revision.ends_on},
        responsibilities=revision.responsibilities,
        link=revision.link,
        proposed_at=_moment(revision.proposed_at),
        signatures=[{"role": s.role.value, "by": s.by, "at": _moment(s.at)} for s in revision.signatures],
        goals=[_goal(goal) for goal in revision.goals],
    )


def _goal(goal: Goal) -> dict[str, Any]:
    measure = goal.measure
    return _without_blanks(
        id=goal.id,
        title=goal.title,
        competencies=sorted(goal.competencies),
        method=goal.method.value,
        activities=sorted(goal.activities),
        application=goal.application,
        measure=_without_blanks(
            metric=measure.metric, unit=measure.unit, baseline=measure.baseline, target=measure.target, by=measure.by
        )
        if measure
        else None,
        supports=[_support(each) for each in goal.supports],
        wanted_by=goal.wanted_by.value,
        initiative=goal.initiative_id,
        ambition=goal.ambition,
        follow_ups=list(goal.follow_ups),
    )


def _support(support: Support) -> dict[str, Any]:
    return _without_blanks(id=support.id, what=support.what, provider=support.provider_id, needed_by=support.needed_by)


def copy_rules(folder: Path) -> Path:
    """The organisation's rules, out of the installed package into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for document in files("lrs_bridge.demo").joinpath("rules").iterdir():
        if document.name.endswith(".yaml"):
            (folder / document.name).write_text(document.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _without_blanks(**values: object) -> dict[str, Any]:
    """Only what there is to say: no empty texts or lists. A zero is kept."""
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
        if value not in ("", None, [], {})
    }


def _write(path: Path, document: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(text, encoding="utf-8")
    return path
