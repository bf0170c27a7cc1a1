"""Sorts the records of a page into what is wanted, what is noise, and what cannot be taken in.

Second step on the way of a statement: between the raw page of a source and the transaction that keeps it. Each body is
decoded once. A voiding statement is always wanted: what it voids may come later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from lrs_bridge.settings import Settings, XapiSourceSettings
from lrs_bridge.store.ingest import Rejected, Wanted
from lrs_bridge_connectors.source import Record
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.meaning import identity_of
from lrs_bridge_rules.statements.statement import Statement, decode_statement

#: verb, activity type, day
NoiseKey = tuple[str, str, date]


class Noise(NamedTuple):
    """One statement that no definition wants. `at` is its place in the order that the source's cursor follows."""

    key: NoiseKey
    at: datetime | None


@dataclass(slots=True)
class Sorted:
    """The records of a page, sorted."""

    wanted: list[Wanted] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    noise: list[Noise] = field(default_factory=list)

    def noise_after(self, latest: datetime | None) -> Counter[NoiseKey]:
        """The tallies of what was not counted before: overlaps are read again with every pull.

        What has no place in the order comes from a source that delivers each record once.
        """
        return Counter(each.key for each in self.noise if latest is None or each.at is None or each.at > latest)


@dataclass(frozen=True, slots=True)
class Sorter:
    """What sorting depends on, the same for all pages of a pull."""

    source: str
    ruleset: Ruleset
    place: Callable[[Record, Statement], datetime | None]
    zone: tzinfo
    source_kind: str = ""

    def sort(self, records: Iterable[Record]) -> Sorted:
        """Every record ends in exactly one of the three."""
        result = Sorted()
        for record in records:
            try:
                statement = decode_statement(record.body)
                self._take(record, statement, result)
            except StatementError as unreadable:
                result.rejected.append(Rejected(record.id, record.body, unreadable.reason))
        return result

    def _take(self, record: Record, statement: Statement, result: Sorted) -> None:
        wants, source, kind = self.ruleset.wants, self.source, self.source_kind
        if statement.voids is None and not wants(statement, source=source, source_kind=kind):
            result.noise.append(Noise(self._key(statement), self.place(record, statement)))
        else:
            result.wanted.append(wanted_of(statement, record.body))

    def _key(self, statement: Statement) -> NoiseKey:
        definition = statement.object.definition
        kind = (definition.type if definition else None) or ""
        return statement.verb.id, kind, _day(statement.at, self.zone)


def wanted_of(statement: Statement, body: bytes) -> Wanted:
    """A statement with what it is looked up by."""
    return Wanted(
        id=identity_of(statement, body),
        ifi=statement.ifi,
        member_ifis=statement.member_ifis,
        verb=statement.verb.id,
        object_id=statement.object.id,
        voids=statement.voids,
        timestamp=statement.timestamp,
        stored=statement.stored,
        body=body,
    )


def sorter_for(settings: Settings, source: str, ruleset: Ruleset) -> Sorter:
    """The sorter for the records of one source."""
    kind = settings.source_kinds.get(source, "")
    return Sorter(source, ruleset, _place(settings, source), settings.organisation.zone, kind)


def _place(settings: Settings, source: str) -> Callable[[Record, Statement], datetime | None]:
    """Where a record stands in the order that the source's cursor follows; files deliver each record once."""
    found = next((each for each in settings.sources if each.name == source), None)
    field_name = found.cursor_field if isinstance(found, XapiSourceSettings) else None
    return _PLACES[field_name]


def _day(moment: datetime, zone: tzinfo) -> date:
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # the first or last day that a calendar knows
        return moment.date()


_PLACES: dict[str | None, Callable[[Record, Statement], datetime | None]] = {
    "stored": lambda record, _: record.stored,
    "timestamp": lambda _, statement: statement.timestamp,
    None: lambda _record, _statement: None,
}
