"""All rows of a database, to be compared with those of another run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, select

from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import Base

Row = Mapping[str, object]

#: What a fault may leave behind: how often something was read again, what is told about it, and a check sum over the
#: very bytes of statements, which are compared as such.
TRACES: Mapping[str, frozenset[str]] = {
    "source": frozenset({"duplicates", "quarantined", "rescanned_at", "missed"}),
    "due": frozenset({"revision", "fingerprint"}),
    "summary_state": frozenset({"seconds"}),
}
#: Compared by the rows of the trials themselves.
APART = frozenset({"quarantine"})


@dataclass(frozen=True)
class Snapshot:
    """The rows of each table by their keys."""

    tables: Mapping[str, Mapping[tuple[object, ...], Row]]

    def differences(self, other: Snapshot, *, victims: Collection[str], columns: Collection[str]) -> tuple[str, ...]:
        """What differs, one line a row; of the statements `victims`, these columns may."""
        found: list[str] = []
        for name, rows in self.tables.items():
            others = other.tables[name]
            for key in sorted(rows.keys() | others.keys(), key=repr):
                allowed = columns if name == "statement" and key[0] in victims else ()
                found += _difference(name, key, rows.get(key), others.get(key), allowed)
        return tuple(found)


def _difference(
    name: str, key: tuple[object, ...], row: Row | None, other: Row | None, allowed: Collection[str]
) -> list[str]:
    if row is None or other is None:
        return [f"{name} {key}: only {'in the other run' if row is None else 'here'}"]
    different = [column for column in row if row[column] != other[column] and column not in allowed]
    return [f"{name} {key}: {column} is {row[column]!r} and {other[column]!r}" for column in different]


def snapshot(engine: Engine) -> Snapshot:
    """Every row but those of quarantine, every column but the traces. All clocks of the trials stand still."""
    tables: dict[str, dict[tuple[object, ...], Row]] = {}
    with read(engine) as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in APART:
                continue
            left_out = TRACES.get(table.name, frozenset())
            rows = [row._asdict() for row in connection.execute(select(table))]
            keys = [column.name for column in table.primary_key]
            tables[table.name] = {
                tuple(row[key] for key in keys): {name: row[name] for name in row if name not in left_out}
                for row in rows
            }
    return Snapshot(tables)
