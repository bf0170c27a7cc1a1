"""How far back figures look: the periods that pages offer, and for which figures are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Period:
    """A span until now. `length` None: as far back as there is anything."""

    name: str
    label: str
    length: timedelta | None

    def since(self, now: datetime, zone: tzinfo) -> datetime | None:
        """The first moment of the period's first day where the organisation is."""
        if self.length is None:
            return None
        return datetime.combine((now - self.length).astimezone(zone).date(), time.min, zone)


PERIODS = {
    period.name: period
    for period in (
        Period("quarter", "Last 90 days", timedelta(days=90)),
        Period("year", "Last 12 months", timedelta(days=365)),
        Period("all", "All time", None),
    )
}
