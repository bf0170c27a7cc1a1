"""Short names of verbs and activity types, so that rules can be read aloud.

One short name may stand for several IRIs: `http` and `https` variants of one verb are two IRIs to an LRS, and the
platforms chose different registries. A full IRI in a rule always means itself alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lrs_bridge_rules.nearest import nearest

#: Short names, and the IRIs that each stands for.
Words = Mapping[str, tuple[str, ...]]

_ADL_VERB: Final = "http://adlnet.gov/expapi/verbs/"
_ADL_TYPE: Final = "http://adlnet.gov/expapi/activities/"
_STREAM: Final = "http://activitystrea.ms/"
_STREAM_1: Final = "http://activitystrea.ms/schema/1.0/"
_TINCAN_VERB: Final = "http://id.tincanapi.com/verb/"
_TINCAN_TYPE: Final = "http://id.tincanapi.com/activitytype/"
_W3ID_ADL: Final = "https://w3id.org/xapi/adl/verbs/"
_W3ID_TLA: Final = "https://w3id.org/xapi/tla/verbs/"
_CMI5_TYPE: Final = "https://w3id.org/xapi/cmi5/activitytype/"
_ACROSSX_TYPE: Final = "https://w3id.org/xapi/acrossx/activities/"
_EDLM_VERB: Final = "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/"
_EDLM_TYPE: Final = "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/"


def _both(*iris: str) -> tuple[str, ...]:
    """Return each IRI as given, then in the other scheme: servers and authors mix them up."""
    other = (f"http{iri[5:]}" if iri.startswith("https:") else f"https{iri[4:]}" for iri in iris)
    return tuple(dict.fromkeys((*iris, *other)))


VERBS: Final[Mapping[str, tuple[str, ...]]] = {
    "abandoned": _both(f"{_W3ID_ADL}abandoned"),
    "answered": _both(f"{_ADL_VERB}answered"),
    "attempted": _both(f"{_ADL_VERB}attempted"),
    "attended": _both(f"{_ADL_VERB}attended", f"{_STREAM}attend", f"{_STREAM_1}attend"),
    "completed": _both(f"{_ADL_VERB}completed", f"{_STREAM}complete", f"{_STREAM_1}complete"),
    "created": _both(f"{_STREAM}create", f"{_STREAM_1}create"),
    "enrolled": _both(f"{_EDLM_VERB}enrolled", f"{_ADL_VERB}registered"),
    "experienced": _both(f"{_ADL_VERB}experienced"),
    "failed": _both(f"{_ADL_VERB}failed"),
    "initialized": _both(f"{_ADL_VERB}initialized"),
    "interacted": _both(f"{_ADL_VERB}interacted"),
    "launched": _both(f"{_ADL_VERB}launched"),
    "logged-in": _both(f"{_EDLM_VERB}login", f"{_W3ID_ADL}logged-in"),
    "mastered": _both(f"{_ADL_VERB}mastered"),
    "passed": _both(f"{_ADL_VERB}passed"),
    "progressed": _both(f"{_ADL_VERB}progressed"),
    "received": _both(f"{_STREAM}receive", f"{_STREAM_1}receive"),
    "registered": _both(f"{_ADL_VERB}registered"),
    "resumed": _both(f"{_ADL_VERB}resumed"),
    "satisfied": _both(f"{_W3ID_ADL}satisfied"),
    "scored": _both(f"{_ADL_VERB}scored", f"{_W3ID_TLA}scored"),
    "started": _both(f"{_STREAM}start", f"{_STREAM_1}start"),
    "submitted": _both(f"{_STREAM}submit", f"{_STREAM_1}submit"),
    "suspended": _both(f"{_ADL_VERB}suspended"),
    "terminated": _both(f"{_ADL_VERB}terminated"),
    "uncompleted": _both(f"{_EDLM_VERB}uncompleted"),
    "viewed": _both(f"{_TINCAN_VERB}viewed"),
    "voided": (f"{_ADL_VERB}voided",),
    "waived": _both(f"{_W3ID_ADL}waived"),
}

ACTIVITY_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "assessment": _both(f"{_ADL_TYPE}assessment"),
    "assignment": _both(f"{_EDLM_TYPE}assignment"),
    "attempt": _both(f"{_ADL_TYPE}attempt"),
    "block": _both(f"{_CMI5_TYPE}block"),
    "book": _both(f"{_TINCAN_TYPE}book"),
    "calendar-event": _both(f"{_EDLM_TYPE}calendar-event"),
    "chapter": _both(f"{_TINCAN_TYPE}chapter"),
    "course": _both(f"{_ADL_TYPE}course", f"{_CMI5_TYPE}course", f"{_TINCAN_TYPE}lms/course"),
    "file": _both(f"{_ADL_TYPE}file"),
    "forum": _both(f"{_TINCAN_TYPE}discussion", f"{_ACROSSX_TYPE}discussion-forum"),
    "interaction": _both(f"{_ADL_TYPE}cmi.interaction", f"{_ADL_TYPE}interaction"),
    "lesson": _both(f"{_ADL_TYPE}lesson"),
    "link": _both(f"{_ADL_TYPE}link"),
    "lms": _both(f"{_TINCAN_TYPE}lms"),
    "media": _both(f"{_ADL_TYPE}media"),
    "meeting": _both(f"{_ADL_TYPE}meeting"),
    "module": _both(f"{_ADL_TYPE}module"),
    "objective": _both(f"{_ADL_TYPE}objective"),
    "page": _both(f"{_ACROSSX_TYPE}page", f"{_STREAM_1}page"),
    "performance": _both(f"{_ADL_TYPE}performance"),
    "question": _both(f"{_ADL_TYPE}question"),
    "review": _both(f"{_STREAM_1}review"),
    "scorm": _both(f"{_TINCAN_TYPE}legacy-learning-standard"),
    "section": _both(f"{_TINCAN_TYPE}section"),
    "simulation": _both(f"{_ADL_TYPE}simulation"),
    "submission": _both(f"{_EDLM_TYPE}submission"),
    "survey": _both(f"{_TINCAN_TYPE}survey"),
    "video": _both(f"{_ACROSSX_TYPE}video", f"{_STREAM_1}video"),
    "webinar": _both(f"{_ACROSSX_TYPE}webinar"),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The short names that a ruleset may use: those that are shipped, and those that its profiles add."""

    verbs: Words
    activity_types: Words


SHIPPED: Final = Vocabulary(VERBS, ACTIVITY_TYPES)


def iris_of(name: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return what a short name or full IRI stands for. Raises ValueError that names the nearest known word."""
    if name in names:
        return names[name]
    if ":" in name:
        return (name,)
    raise ValueError(f"unknown short name {name!r}{nearest(name, names)}; a full IRI always works")


def short_name(iri: str, names: Mapping[str, tuple[str, ...]]) -> str:
    """Return the short name that stands for an IRI, or the IRI itself."""
    return next((name for name, iris in names.items() if iri in iris), iri)
