"""The person whose learning it is, and the identifiers by which sources name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Learner:
    """One person. `hourly_rate` is in hundredths of the organisation's currency; None means its default rate.

    `left_on` is the last day of somebody who is no longer there: from it counts how long the person is kept.
    """

    id: str
    name: str = ""
    email: str = ""
    manager_id: str | None = None
    unit: str = ""
    job: str = ""
    hired_on: date | None = None
    job_since: date | None = None
    hourly_rate: int | None = None
    left_on: date | None = None

    @property
    def in_job_since(self) -> date | None:
        """Since when the person has held the present job: the best that is known."""
        return self.job_since or self.hired_on


#: The ids of people who were erased begin with this: what counts stays, nobody is behind it.
GHOST = "erased-"


def is_ghost(learner_id: str) -> bool:
    """Whether this is the id of somebody who was erased: there is nobody to tell anything to."""
    return learner_id.startswith(GHOST)


@dataclass(frozen=True, slots=True)
class Identity:
    """An inverse functional identifier (xAPI 1.0.3, Data 2.4.2.3) in canonical text, linked to a learner.

    One person has several: by user id, by user name, by mail address, one for each source and setting.
    """

    ifi: str
    learner_id: str
    linked_at: datetime
    origin: str = "import"
