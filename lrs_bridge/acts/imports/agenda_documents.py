"""Growth agendas from a YAML file: which competencies people want, how much, and where that came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lrs_bridge.acts.imports import values
from lrs_bridge.acts.imports.fields import Fields
from lrs_bridge.acts.imports.known import Known
from lrs_bridge.acts.imports.period import check_period
from lrs_bridge.domain.agenda import Want, WantOrigin
from lrs_bridge_rules.documents.tree import Node, Place, Problems

KEYS = ("learner", "wants")
WANT_KEYS = ("competency", "amount", "origin", "from", "until")


def read_agendas(nodes: Iterable[Node], known: Known, problems: Problems) -> Mapping[str, tuple[Want, ...]]:
    """The whole agenda of each learner who is named; agendas of others stay as they are."""
    agendas: dict[str, tuple[Want, ...]] = {}
    places: dict[str, Place] = {}
    for node in nodes:
        fields = Fields(node, problems, what="an agenda", keys=KEYS)
        learner_id = known.learner(fields, "learner", required=True)
        if learner_id is not None and learner_id in agendas:
            fields.wrong("learner", f"this learner's agenda is in line {places[learner_id].line} already")
        wants = tuple(_want(each, known, problems) for each in fields.entries("wants"))
        if learner_id is not None:
            places.setdefault(learner_id, fields.place_of("learner"))
            agendas[learner_id] = wants
    return agendas


def _want(node: Node, known: Known, problems: Problems) -> Want:
    """One entry; a competency alone is an own wish of middling strength."""
    if isinstance(node.value, str):
        node = Node({"competency": node}, node.place)
    fields = Fields(node, problems, what="a want", keys=WANT_KEYS)
    want = Want(
        competency=known.competency(fields, "competency"),
        amount=fields.read("amount", values.amount, 3),
        origin=fields.word("origin", WantOrigin, WantOrigin.OWN_WISH),
        starts_on=fields.read("from", values.day, None),
        ends_on=fields.read("until", values.day, None),
    )
    check_period(fields, want.starts_on, want.ends_on)
    return want
