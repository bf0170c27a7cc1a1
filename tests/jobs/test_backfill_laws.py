"""The law of reading a history in windows: wherever it is cut and broken off, each statement counts once."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import pull
from lrs_bridge.jobs.backfill import begin
from lrs_bridge.jobs.windows import cut, divide
from lrs_bridge.store import quarantine
from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import NoiseRow, StatementRow
from support.bridges import settings_for
from support.builders import NOON, day
from support.histories import History, Kept, a_kept, work_through

LMS = {"kind": "xapi", "name": "lms", "endpoint": "http://127.0.0.1:9/xapi", "auth": "none"}
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
State = tuple[frozenset[str], frozenset[bytes], int]

#: Microseconds between one statement and the next: ties, hidden microseconds, seconds, days.
gaps = st.sampled_from([0, 0, 0, 1, 300, 999, 1000, 1500, 400_000, 10**6, 5 * 10**6, 3600 * 10**6, 86_400 * 10**6])
coarseness = st.sampled_from([timedelta(microseconds=1), timedelta(milliseconds=1), SECOND])
widths = st.sampled_from([SECOND, timedelta(seconds=7), HOUR, timedelta(days=7)])
breaks = st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=6)


@contextmanager
def opened(template: Path) -> Iterator[Bridge]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bridge.db"
        shutil.copy(template, file)
        with Bridge.open(settings_for(f"sqlite:///{file}", LMS), clock=lambda: NOON) as bridge:
            yield bridge


def outcome(bridge: Bridge) -> State:
    with read(bridge.engine) as connection:
        kept = frozenset(connection.execute(select(StatementRow.id)).scalars())
        aside = frozenset(held.body for held in quarantine.find(connection, limit=1000))
        noise = sum(connection.execute(select(NoiseRow.count)).scalars())
    return kept, aside, noise


def everything(held: Sequence[Kept]) -> State:
    return (
        frozenset(each.record.id or "" for number, each in enumerate(held) if number % 4 == 0),
        frozenset(each.record.body for number, each in enumerate(held) if number % 4 == 3),
        sum(number % 4 in {1, 2} for number in range(len(held))),
    )


def spread(apart: Sequence[int], shown: timedelta) -> list[Kept]:
    at, held = NOON, []
    for number, gap in enumerate(apart):
        at += timedelta(microseconds=gap)
        held.append(a_kept(number, at, shown=shown))
    return held


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    apart=st.lists(gaps, min_size=1, max_size=40),
    shown=coarseness,
    width=widths,
    page=st.integers(1, 9),
    full=st.integers(2, 30),
    breaks=breaks,
    live=st.lists(gaps, max_size=8),
    order=st.sampled_from(["rising", "rising", "falling"]),
)
def test_however_it_is_cut_and_broken_off_each_statement_counts_once(
    furnished_sqlite: Path,
    apart: list[int],
    shown: timedelta,
    width: timedelta,
    page: int,
    full: int,
    breaks: list[tuple[int, bool]],
    live: list[int],
    order: str,
) -> None:
    held = spread([*apart, *live], shown)
    begun = [each for each in held if each.at <= held[len(apart) - 1].at]
    with opened(furnished_sqlite) as bridge:
        assert begin(bridge, History(begun, page, order), day(30), width=width)
        assert pull(bridge, History(held, page, order), day(30)).ok
        work_through(bridge, History(held, page, order, breaks), day(30), full=full)

        assert outcome(bridge) == everything(held)


@given(
    since=st.none() | st.timedeltas(timedelta(0), timedelta(days=400)),
    first=st.timedeltas(timedelta(0), timedelta(days=400)),
    span=st.timedeltas(timedelta(milliseconds=1), timedelta(days=4000)),
    width=st.timedeltas(timedelta(milliseconds=1), timedelta(days=500)),
)
def test_windows_join_without_a_gap(
    since: timedelta | None, first: timedelta, span: timedelta, width: timedelta
) -> None:
    begin_at = None if since is None else NOON + since
    earliest = NOON + first
    until = max(earliest, begin_at or earliest) + span

    windows = cut(begin_at, earliest, until, width)

    assert (windows[0][0], windows[-1][1]) == (begin_at, until)
    assert all(one[1] == other[0] for one, other in pairwise(windows))
    assert all(since is None or since < until for since, until in windows)
    assert len(windows) <= 2001


@given(
    span=st.timedeltas(timedelta(milliseconds=1), timedelta(days=400)),
    parts=st.integers(1, 100),
)
def test_parts_rise_and_end_where_the_window_ends(span: timedelta, parts: int) -> None:
    borders = divide(NOON, NOON + span, parts)

    assert borders[-1] == NOON + span
    assert all(one < other for one, other in pairwise([NOON, *borders]))
