"""Counts of statements that no completion definition wants: enough to see what a rule is missing, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from lrs_bridge.store.engine import is_postgres
from lrs_bridge.store.fitness import tidy
from lrs_bridge.store.tables import NoiseRow

#: How much of a verb or a type is kept as a label.
LABEL_BYTES = 500


def tally(connection: Connection, source: str, noise: Mapping[tuple[str, str, date], int]) -> None:
    """Add to the counts, by verb, activity type and day."""
    counts: Counter[tuple[str, str, date]] = Counter()
    for (verb, activity_type, day), count in noise.items():
        counts[tidy(verb, LABEL_BYTES), tidy(activity_type, LABEL_BYTES), day] += count
    if not counts:
        return
    insert = postgresql.insert(NoiseRow) if is_postgres(connection) else sqlite.insert(NoiseRow)
    added = insert.on_conflict_do_update(
        index_elements=["source", "verb", "activity_type", "day"],
        set_={"count": NoiseRow.count + insert.excluded.count},
    )
    rows = [
        {"source": source, "verb": verb, "activity_type": activity_type, "day": day, "count": count}
        for (verb, activity_type, day), count in sorted(counts.items())
    ]
    connection.execute(added, rows)
