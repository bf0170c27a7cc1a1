"""Learners from a CSV file: people, who leads whom, and the identifiers by which sources name them.

A column that the file does not have leaves what is known as it is; an empty cell empties it. Identities are only ever
added. The e-mail address is an identity too, in both its forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lrs_bridge.acts.imports import values
from lrs_bridge.acts.imports.fields import Fields
from lrs_bridge.acts.imports.known import Known
from lrs_bridge.domain.learner import GHOST, Learner, is_ghost
from lrs_bridge_rules.documents.tree import Node, Place, Problems
from lrs_bridge_rules.statements.identifier import ifi_from_text, mbox_sha1

COLUMNS = (
    "id",
    "name",
    "email",
    "manager",
    "unit",
    "job",
    "hired_on",
    "job_since",
    "hourly_rate",
    "left_on",
    "identities",
)

# An account name may hold blanks: a new identifier begins where its kind is written, not at every blank.
_BETWEEN_IDENTITIES = re.compile(r"\s*;\s*|\s+(?=(?:mailto|mbox|sha1|openid|account):)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LearnersFile:
    """What a file of learners says. `identities` maps canonical identifiers to learner ids."""

    learners: tuple[Learner, ...]
    identities: Mapping[str, str]


def read_learners(rows: Sequence[Node], known: Known, problems: Problems) -> LearnersFile:
    """Read all rows; managers may stand anywhere in the file or be known already."""
    read = [(fields, _learner(fields, known)) for fields in (_fields(row, problems) for row in rows)]
    _refuse_duplicates(read)
    everyone = known.with_learners(learner for _, learner in read)
    led = [(fields, _with_manager(fields, learner, everyone)) for fields, learner in read]
    _refuse_cycles(led, known)
    _refuse_erased(led, known)
    return LearnersFile(tuple(learner for _, learner in led), _identities(led, known))


def _fields(row: Node, problems: Problems) -> Fields:
    return Fields(row, problems, what="a learner", keys=COLUMNS)


def _learner(fields: Fields, known: Known) -> Learner:
    """The learner of one row, without the manager, who may come later in the file."""
    learner_id = fields.text("id", required=True)
    before = known.learners.get(learner_id, Learner(learner_id))
    learner = replace(
        before,
        name=fields.text("name") if fields.written("name") else before.name,
        unit=fields.text("unit") if fields.written("unit") else before.unit,
        job=fields.text("job") if fields.written("job") else before.job,
    )
    if fields.written("email"):
        learner = replace(learner, email=fields.read("email", values.email, ""))
    if fields.written("hired_on"):
        learner = replace(learner, hired_on=fields.read("hired_on", values.day, None))
    if fields.written("job_since"):
        learner = replace(learner, job_since=fields.read("job_since", values.day, None))
    if fields.written("hourly_rate"):
        learner = replace(learner, hourly_rate=fields.read("hourly_rate", values.money, None))
    if fields.written("left_on"):
        learner = replace(learner, left_on=fields.read("left_on", values.day, None))
    if is_ghost(learner_id):
        fields.wrong("id", f"ids that begin with {GHOST!r} are given to people who were erased; choose another one")
    if not learner.name and not known.nameless:
        fields.text("name", required=True)
    return learner


def _refuse_duplicates(read: Sequence[tuple[Fields, Learner]]) -> None:
    first: dict[str, Place] = {}
    for fields, learner in read:
        if learner.id and learner.id in first:
            fields.wrong("id", f"this id is in line {first[learner.id].line} already")
        first.setdefault(learner.id, fields.place_of("id"))


def _with_manager(fields: Fields, learner: Learner, everyone: Known) -> Learner:
    if not fields.written("manager"):
        return learner
    manager = everyone.learner(fields, "manager")
    if manager is not None and manager == learner.id:
        fields.wrong("manager", "nobody is their own manager; leave it empty for whoever has none")
    return replace(learner, manager_id=manager)


def _refuse_cycles(led: Sequence[tuple[Fields, Learner]], known: Known) -> None:
    """Note at each learner of the file who is, through others, their own manager."""
    above = {each.id: each.manager_id for each in known.learners.values()}
    above.update({learner.id: learner.manager_id for _, learner in led})
    for fields, learner in led:
        line = list(_line_above(learner.id, above))
        if len(line) > 1 and line[-1] == learner.id:
            fields.wrong("manager", f"a circle of managers: {' → '.join([learner.id, *line])}")


def _line_above(learner_id: str, above: Mapping[str, str | None]) -> Iterator[str]:
    """The managers above a learner, nearest first, ending with the first who comes a second time."""
    seen = set[str]()
    manager = above.get(learner_id)
    while manager is not None and manager not in seen:
        seen.add(manager)
        yield manager
        manager = above.get(manager) if manager != learner_id else None


def _refuse_erased(led: Sequence[tuple[Fields, Learner]], known: Known) -> None:
    """Note at each learner of the file who was erased: somebody has to want that person back."""
    for fields, learner in led:
        ifis = [known.as_kept(ifi) for ifi, _ in (*_mail_identities(fields, learner), *_written_identities(fields))]
        if known.is_erased(learner.id, ifis):
            fields.wrong(
                "id", "this person was erased; take the row out, or let them back in with `lrs-bridge people readmit`"
            )


def _identities(led: Sequence[tuple[Fields, Learner]], known: Known) -> Mapping[str, str]:
    """All identifiers of the file; one that belongs to somebody else is noted."""
    owners: dict[str, str] = {}
    for fields, learner in led:
        for sent, place in (*_mail_identities(fields, learner), *_written_identities(fields)):
            ifi = known.as_kept(sent)
            owner = known.identities.get(ifi) or owners.setdefault(ifi, learner.id)
            if owner != learner.id:
                fields.problems.add(place, f"this identifier belongs to the learner {owner!r} already")
            owners.setdefault(ifi, learner.id)
    return owners


def _mail_identities(fields: Fields, learner: Learner) -> Iterator[tuple[str, Place]]:
    if learner.email:
        mbox = ifi_from_text(f"mbox:{learner.email}")
        yield mbox, fields.place_of("email")
        yield mbox_sha1(mbox), fields.place_of("email")


def _written_identities(fields: Fields) -> Iterator[tuple[str, Place]]:
    for text in _BETWEEN_IDENTITIES.split(fields.text("identities")):
        if not text:
            continue
        try:
            yield ifi_from_text(text), fields.place_of("identities")
        except ValueError as error:
            fields.wrong("identities", str(error))
