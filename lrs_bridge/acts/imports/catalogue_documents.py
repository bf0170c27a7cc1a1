"""The catalogue from a YAML file: activities with fee, provider, competencies and the ids that sources use."""

from __future__ import annotations

from collections.abc import Iterable

from lrs_bridge.acts.imports import values
from lrs_bridge.acts.imports.fields import Fields
from lrs_bridge.acts.imports.known import Known
from lrs_bridge.domain.activity import CatalogueActivity, ProviderKind
from lrs_bridge_rules.documents.tree import Node, Place, Problems

KEYS = (
    "id",
    "name",
    "provider",
    "provider_kind",
    "fee",
    "hours",
    "competencies",
    "aliases",
    "mandated_by",
    "valid_for",
    "job_aid",
    "pre_test",
    "post_test",
)


def read_catalogue(nodes: Iterable[Node], known: Known, problems: Problems) -> tuple[CatalogueActivity, ...]:
    """Read all activities; an id or alias may stand for one of them only, those in the database included."""
    read = [(fields, _activity(fields, known)) for fields in (_fields(node, problems) for node in nodes)]
    in_file = {activity.id for _, activity in read}
    owners = {
        name: each.id
        for each in known.activities.values()
        if each.id not in in_file
        for name in (each.id, *each.aliases)
    }
    seen = dict[str, Place]()
    for fields, activity in read:
        _refuse_repeated_id(fields, activity, seen)
        _claim(fields, activity, owners)
    return tuple(activity for _, activity in read)


def _fields(node: Node, problems: Problems) -> Fields:
    return Fields(node, problems, what="an activity", keys=KEYS)


def _activity(fields: Fields, known: Known) -> CatalogueActivity:
    activity = CatalogueActivity(
        id=fields.text("id", required=True),
        name=fields.text("name", required=True),
        provider=fields.text("provider"),
        provider_kind=fields.optional_word("provider_kind", ProviderKind),
        fee=fields.read("fee", values.money, 0),
        hours=fields.read("hours", values.hours, None),
        competencies=known.competencies_of(fields, "competencies"),
        aliases=frozenset(fields.words_of("aliases")),
        mandated_by=fields.text("mandated_by"),
        valid_for=fields.read("valid_for", values.span, None),
        job_aid=fields.text("job_aid"),
        pre_test=fields.text("pre_test"),
        post_test=fields.text("post_test"),
    )
    for key in ("pre_test", "post_test"):
        if key in fields and fields.text(key) == activity.id:
            fields.wrong(key, "an activity is not its own test; give the id of the test")
    return activity


def _refuse_repeated_id(fields: Fields, activity: CatalogueActivity, seen: dict[str, Place]) -> None:
    if activity.id in seen:
        fields.wrong("id", f"this id is in line {seen[activity.id].line} already")
    seen.setdefault(activity.id, fields.place_of("id"))


def _claim(fields: Fields, activity: CatalogueActivity, owners: dict[str, str]) -> None:
    for name, place in ((activity.id, fields.place_of("id")), *fields.texts("aliases")):
        owner = owners.setdefault(name, activity.id)
        if owner != activity.id:
            fields.problems.add(place, f"{name!r} stands for the activity {owner!r} already")
