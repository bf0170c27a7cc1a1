"""What the database knows that lints ask for; the application fills it, so that lints stay pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class History:
    """The words that contracts, needs, agendas and the catalogue use, and how often rules fitted.

    `competencies` are those that a goal, a need or a growth agenda names; `goals` titles of goals; `activities` ids of
    the catalogue, of goals and of completions; `follow_ups` the templates that goals name. `hits` counts completions by
    rule, out of `completions` that ended after `since` (None: of all times).
    """

    competencies: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    follow_ups: frozenset[str] = frozenset()
    hits: Mapping[str, int] = field(default_factory=dict)
    completions: int = 0
    since: datetime | None = None
