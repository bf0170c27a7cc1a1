"""The law of verifying: exactly the symmetric difference is named, and mending closes it, however it is cut."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.acts.deleted import forget_deleted
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import VerifyReport, verify
from lrs_bridge.jobs.drift import Kind
from lrs_bridge.jobs.sorting import sorter_for
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import save_page
from lrs_bridge.store.tables import StatementRow
from lrs_bridge_connectors.source import Record, Window
from support.bridges import a_body, settings_for
from support.builders import NOON, day
from support.drifting import Shelf

LMS = {"kind": "xapi", "name": "lms", "endpoint": "https://lrs.example.org/xapi", "auth": "none"}
SPAN = Window(NOON - timedelta(days=1), day(30))
#: Where a statement is: (it is wanted, at the source, in the store, in the source's lists).
Place = tuple[bool, bool, bool, bool]

places = st.lists(st.tuples(*[st.booleans()] * 4, st.integers(0, 9)), min_size=1, max_size=25)


def a_record(n: int, *, wanted: bool, hour: int) -> Record:
    """Several share an hour, so that instants tie."""
    own, stored = str(UUID(int=n + 1, version=4)), NOON + timedelta(hours=hour)
    body = a_body("completed" if wanted else "experienced", id=own, at=stored)
    return Record(own, stored, msgspec.json.encode({**body, "stored": stored.isoformat()}))


def put_into_store(bridge: Bridge, records: Sequence[Record]) -> None:
    found = sorter_for(bridge.settings, "lms", bridge.ruleset()).sort(records)
    with write(bridge.engine) as connection:
        save_page(
            connection,
            source="lms",
            wanted=found.wanted,
            rejected=(),
            noise={},
            cursor=None,
            latest=None,
            now=NOON,
        )


def kept(bridge: Bridge) -> set[str]:
    with read(bridge.engine) as connection:
        return set(connection.execute(select(StatementRow.id)).scalars())


def named(report: VerifyReport) -> dict[Kind, set[str | None]]:
    found: dict[Kind, set[str | None]] = {}
    for each in report.named:
        found.setdefault(each.kind, set()).add(each.id)
    return found


def expected(places: Mapping[str, Place]) -> dict[Kind, set[str | None]]:
    """What is to be named. What is kept though no definition wants it any more is no difference while it is listed."""
    kinds: tuple[tuple[Kind, Callable[[Place], bool]], ...] = (
        (Kind.MISSING, lambda p: p[0] and p[1] and p[3] and not p[2]),
        (Kind.GONE, lambda p: p[0] and p[2] and not p[1]),
        (Kind.HIDDEN, lambda p: p[0] and p[2] and p[1] and not p[3]),
    )
    found = {kind: {own for own, place in places.items() if is_(place)} for kind, is_ in kinds}
    return {kind: set(ids) for kind, ids in found.items() if ids}


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=places, width=st.integers(1, 60), parts_at=st.integers(1, 12))
def test_the_symmetric_difference_is_named_and_mending_closes_it(
    furnished_sqlite: Path, places: list[tuple[bool, bool, bool, bool, int]], width: int, parts_at: int
) -> None:
    records = [a_record(n, wanted=place[0], hour=place[4]) for n, place in enumerate(places)]
    sure = a_record(len(places), wanted=True, hour=0)  # what shows that the source finds what is there
    at = {record.id or "": place[:4] for record, place in zip(records, places, strict=True)}
    source = Shelf(parts_at=parts_at)
    source.put(sure, *[each for each in records if at[each.id or ""][1]])
    source.hidden = {own for own, place in at.items() if place[1] and not place[3]}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bridge.db"
        shutil.copy(furnished_sqlite, file)
        with Bridge.open(settings_for(f"sqlite:///{file}", LMS), clock=lambda: NOON) as bridge:
            put_into_store(bridge, [sure, *[each for each in records if at[each.id or ""][2]]])
            forget = lambda name, ids: forget_deleted(bridge, OPERATOR, name, ids, NOON)  # noqa: E731 - short

            found = verify(bridge, source, SPAN, NOON, width=timedelta(hours=width))
            verify(bridge, source, SPAN, NOON, mend=True, forget=forget)
            again = verify(bridge, source, SPAN, NOON, width=timedelta(minutes=7))

            assert named(found) == expected(at)
            assert named(again) == {kind: ids for kind, ids in expected(at).items() if kind is Kind.HIDDEN}
            wanted = {own for own, place in at.items() if place[0] and (place[3] or place[2]) and place[1]}
            assert kept(bridge) == wanted | {sure.id}
            assert sum(sum(each.differences.values()) for each in found.windows) == len(found.named)
