"""What suggestions are made from, and what comes out: plain data, read by the job, the same whatever its order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lrs_bridge.domain.agenda import Competency


@dataclass(frozen=True, slots=True)
class Near:
    """An activity that stands around another one in its statements: its parent, or what it is grouped under."""

    id: str
    name: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A real statement about an activity, without anything of its actor: what the tests of a draft are made from.

    `object` is what the statement names, which need not be the activity. `extensions` are keys alone (one level of
    nesting): values may be personal.
    """

    verb: str
    object: Near
    categories: tuple[str, ...] = ()
    extensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    success: bool | None = None
    completion: bool | None = None


@dataclass(frozen=True, slots=True)
class UnmatchedActivity:
    """An activity that no rule knows. `names` are those of all languages; `hours` is 0.0 where nobody told any."""

    id: str
    names: tuple[str, ...]
    type: str = ""
    parents: tuple[Near, ...] = ()
    groupings: tuple[Near, ...] = ()
    completions: int = 1
    learners: int = 1
    hours: float = 0.0
    sample: Sample | None = None

    @property
    def name(self) -> str:
        return self.names[0] if self.names else ""


@dataclass(frozen=True, slots=True)
class KnownActivity:
    """An activity that rules or the catalogue know, under all its ids and names.

    `entry` is its id in the catalogue ("" if it is only known by rules).
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    competencies: frozenset[str] = frozenset()
    entry: str = ""


@dataclass(frozen=True, slots=True)
class GoalTitle:
    """What goals are called that ask for these competencies."""

    title: str
    competencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that is compared. `people` are names of learners: nothing that names one of them is suggested."""

    unmatched: tuple[UnmatchedActivity, ...]
    known: tuple[KnownActivity, ...] = ()
    competencies: tuple[Competency, ...] = ()
    goals: tuple[GoalTitle, ...] = ()
    people: frozenset[str] = frozenset()
    rule_ids: frozenset[str] = frozenset()


class Kind(StrEnum):
    """What is suggested: what activities are evidence of, that one is known under another id, or that it is none."""

    EVIDENCE = "evidence"
    ALIAS = "alias"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """What a suggestion says that activities are: about a competency, the same as a catalogue entry, or no learning.

    `id` is that of the competency or the entry, or the reason to exclude; `title` is what people read.
    """

    kind: Kind
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Met:
    """A word of the activities that met one of the target, and where that one comes from."""

    word: str
    met: str
    where: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as rule documents have it, with what it takes of the cluster. It takes no other unmatched activity,
    and nothing known but what is known to show the same.
    """

    when: Mapping[str, Any]
    taken: tuple[UnmatchedActivity, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A draft rule for some unmatched activities, and why it is suggested.

    `hours` are those of all completions; `estimated`: partly or wholly reckoned, as nobody told how long they took.
    `likelihood` is between 0 and 1. `rule` is the draft as plain data; `variants` are the same with plainer or richer
    tests, of which the first that passes is to be taken. `verdict` is the line of a backtest, once there was one.
    """

    target: Target
    activities: tuple[UnmatchedActivity, ...]
    completions: int
    learners: int
    hours: float
    estimated: bool
    likelihood: float
    met: tuple[Met, ...]
    why: tuple[str, ...]
    variants: tuple[Mapping[str, Any], ...]
    verdict: str = ""

    @property
    def rule(self) -> Mapping[str, Any]:
        return self.variants[0]


@dataclass(frozen=True, slots=True)
class Left:
    """What is not suggested anything for: how many activities resemble nothing that is known, and how many name people.

    `found` counts all clusters, those beyond the limit included.
    """

    found: int = 0
    unlike: int = 0
    unlike_hours: float = 0.0
    personal: int = 0
