"""The catalogue: what is known of the activities that people learn with, and under which ids sources name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from lrs_bridge_rules.completions.provider import ProviderKind

__all__ = ["Catalogue", "CatalogueActivity", "ProviderKind"]


@dataclass(frozen=True, slots=True)
class CatalogueActivity:
    """An activity of the catalogue. `fee` is per head, in hundredths of the organisation's currency.

    `mandated_by` names who requires it; `valid_for` is how long a completion stays valid (None: for good).
    `pre_test` and `post_test` are activity ids whose scores give the gain.
    """

    id: str
    name: str
    provider: str = ""
    provider_kind: ProviderKind | None = None
    fee: int = 0
    hours: float | None = None
    competencies: frozenset[str] = frozenset()
    aliases: frozenset[str] = frozenset()
    mandated_by: str = ""
    valid_for: timedelta | None = None
    job_aid: str = ""
    pre_test: str = ""
    post_test: str = ""

    @property
    def mandated(self) -> bool:
        return bool(self.mandated_by)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All activities of the catalogue, found by any of their ids."""

    activities: Mapping[str, CatalogueActivity] = field(default_factory=dict)
    _canonical: Mapping[str, str] = field(default_factory=dict)
    _tests: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, activities: Iterable[CatalogueActivity]) -> Catalogue:
        """Build the look-ups once; an alias that two activities claim belongs to the one with the smaller id."""
        by_id = {activity.id: activity for activity in sorted(activities, key=lambda each: each.id, reverse=True)}
        canonical = {alias: each.id for each in by_id.values() for alias in each.aliases}
        canonical.update({each: each for each in by_id})
        tests = {test: each.id for each in by_id.values() for test in (each.pre_test, each.post_test) if test}
        return cls(by_id, canonical, tests)

    def canonical(self, activity_id: str) -> str:
        """The id under which an activity is known here; an unknown one is its own."""
        return self._canonical.get(activity_id, activity_id)

    def find(self, activity_id: str) -> CatalogueActivity | None:
        return self.activities.get(self.canonical(activity_id))

    def tested_by(self, activity_id: str) -> CatalogueActivity | None:
        """The activity that this one is a pre- or post-test of, if it is one."""
        trained = self._tests.get(self.canonical(activity_id)) or self._tests.get(activity_id)
        return self.activities.get(trained) if trained is not None else None

    def ids_of(self, activity_id: str) -> tuple[str, ...]:
        """The canonical id and all aliases, in a fixed order."""
        found = self.find(activity_id)
        return (activity_id,) if found is None else (found.id, *sorted(found.aliases))
