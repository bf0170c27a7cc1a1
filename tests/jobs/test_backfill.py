"""A long history is read in windows: shared, taken over, stopped and gone on with, while live pulling goes on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from lrs_bridge.bridge import Bridge
from lrs_bridge.errors import UsageError
from lrs_bridge.jobs import pull, reconcile, scheduled_pull
from lrs_bridge.jobs.backfill import begin, cancel, is_open, readers_wanted, work
from lrs_bridge.store import backfills
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.read_models import histories
from lrs_bridge.store.tables import BackfillState, BackfillWindowRow, DueRow
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import OpenBridge, a_body, an_lrs
from support.builders import NOON, day
from support.histories import History, a_kept, windows, work_through
from support.pages import Told, due, fill, kept, nobody_is_due, noise, state

pytestmark = pytest.mark.usefixtures("database_kind")
HOUR = timedelta(hours=1)


@pytest.fixture
def bridge(open_bridge: OpenBridge) -> Bridge:
    return open_bridge(an_lrs("http://127.0.0.1:9/xapi"), now=day(30))


def a_history(count: int = 20, apart: timedelta = HOUR, page: int = 5, order: str = "rising") -> History:
    """The first of four is wanted, the next two are noise, the fourth is broken."""
    return History([a_kept(number, NOON + number * apart) for number in range(count)], page, order)


def test_windows_join_and_live_pulling_goes_on_where_they_end(bridge: Bridge) -> None:
    source = a_history()

    begun = begin(bridge, source, day(30), width=5 * HOUR)

    assert begun is not None
    assert (begun.since, begun.until) == (None, NOON + 19 * HOUR)
    found = windows(bridge)
    assert (found[0][0], found[-1][1], len(found)) == (None, NOON + 19 * HOUR, 4)
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert state(bridge).cursor == (NOON + 19 * HOUR).isoformat()
    assert state(bridge).latest == NOON + 19 * HOUR


def test_all_windows_together_bring_what_a_pull_would_bring(bridge: Bridge) -> None:
    source = a_history()
    begin(bridge, source, day(30), width=5 * HOUR)

    reports = work_through(bridge, source, day(30))

    assert (kept(bridge), sum(noise(bridge).values())) == (5, 10)
    assert sum(each.quarantined for each in reports) == 5
    assert reports[-1].ended
    assert [each.ended for each in reports].count(True) == 1
    assert (state(bridge).new, state(bridge).noise) == (5, 10)


def test_live_pulling_reads_what_is_new_and_counts_nothing_again(bridge: Bridge) -> None:
    source = a_history()
    begin(bridge, source, day(30), width=5 * HOUR)
    source.held = [*source.held, a_kept(20, NOON + 20 * HOUR), a_kept(21, NOON + 20 * HOUR)]

    report = pull(bridge, source, day(30))

    assert (report.new, report.noise) == (1, 1)
    assert report.read < 10, "history is left to the windows"
    work_through(bridge, source, day(30))
    assert (kept(bridge), sum(noise(bridge).values())) == (6, 11)


def test_a_real_lrs_is_read_in_windows(open_bridge: OpenBridge, sandbox: SandboxLrs, lrs: str) -> None:
    bridge = open_bridge(an_lrs(lrs), now=day(30))
    fill(sandbox, *[a_body(at=day(n)) for n in range(10)], *[a_body("experienced", at=day(n)) for n in range(10)])
    source = bridge.source("lms")

    begin(bridge, source, day(30), width=timedelta(minutes=4))
    while work(bridge, day(30)):
        pass

    assert (kept(bridge), sum(noise(bridge).values())) == (10, 10)
    assert pull(bridge, source, day(30)).noise == 0
    assert sum(noise(bridge).values()) == 10


def test_two_readers_never_hold_the_same_window(bridge: Bridge, open_bridge: OpenBridge) -> None:
    source = a_history(60)
    begin(bridge, source, day(30), width=3 * HOUR)
    bridges = [open_bridge(an_lrs("http://127.0.0.1:9/xapi")) for _ in range(3)]

    def read_all(each: Bridge) -> int:
        reader = a_history(60)
        done = 0
        while (report := work(each, day(30), only=reader)) is not None:
            assert not report.error
            done += report.read
        return done

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(read_all, bridges))

    assert (kept(bridge), sum(noise(bridge).values())) == (15, 30)
    assert all(done for _, _, done in windows(bridge))


def test_no_more_windows_of_a_source_are_read_at_once_than_it_bears(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(an_lrs("http://127.0.0.1:9/xapi", windows_at_once=2))
    begin(bridge, a_history(), day(30), width=3 * HOUR)
    at_once, lease = {"lms": 2}, HOUR

    held = [backfills.claim(bridge.engine, now=day(30), at_once=at_once, lease=lease) for _ in range(3)]

    assert [each is not None for each in held] == [True, True, False]
    assert backfills.claim(bridge.engine, now=day(31), at_once=at_once, lease=lease) is not None, "leases run out"


def test_a_full_window_is_divided_so_that_others_can_share_it(bridge: Bridge) -> None:
    source = a_history(200, page=10)
    begin(bridge, source, day(30), width=timedelta(days=60))
    assert len(windows(bridge)) == 1

    first = work(bridge, day(30), only=source, full=40)

    assert first is not None
    assert not first.ended
    assert len(windows(bridge)) == 5, "forty were read; the rest is four times as much"
    reports = work_through(bridge, source, day(30), full=40)
    assert (kept(bridge), sum(noise(bridge).values())) == (50, 100)
    assert sum(each.read for each in reports) < 200, "what was read is not read again"


def test_a_full_window_without_order_is_divided_as_a_whole(bridge: Bridge) -> None:
    source = a_history(80, page=10, order="mixed")
    begin(bridge, source, day(30), width=timedelta(days=60))

    work_through(bridge, source, day(30), full=25)

    assert len(windows(bridge)) > 1
    assert (kept(bridge), sum(noise(bridge).values())) == (20, 40)


def test_a_source_without_order_is_not_divided_and_joined_for_ever(bridge: Bridge) -> None:
    close_together = [a_kept(number, NOON + HOUR + number * timedelta(seconds=0.2)) for number in range(1, 61)]
    source = History([a_kept(0, NOON), *close_together], page=2, order="falling")
    begin(bridge, source, day(30), width=timedelta(days=60))

    reports = work_through(bridge, source, day(30), full=16)

    assert len(reports) < 100
    assert (kept(bridge), sum(noise(bridge).values())) == (16, 30)


def test_empty_windows_are_joined(bridge: Bridge) -> None:
    source = History([a_kept(0, NOON), a_kept(1, NOON + timedelta(days=1000))])
    begin(bridge, source, day(30), width=timedelta(days=1))
    assert len(windows(bridge)) == 1000

    work_through(bridge, source, day(1001))

    assert len(source.asked) < 30
    assert (kept(bridge), sum(noise(bridge).values())) == (1, 1)


def test_a_window_that_fails_says_why_waits_and_stops_nobody_else(bridge: Bridge) -> None:
    source = a_history()
    begin(bridge, source, day(30), width=5 * HOUR)
    source.breaks = [(0, True)]

    reports = [work(bridge, day(30), only=source) for _ in range(4)]

    assert [each is not None and bool(each.error) for each in reports] == [True, False, False, False]
    assert work(bridge, day(30), only=source) is None
    with read(bridge.engine) as connection:
        [history] = histories(connection, day(30))
    assert (history.failing, history.done, history.error) == (1, 3, "lms: the connection broke.")
    last = work(bridge, day(30) + timedelta(minutes=2), only=source)
    assert last is not None
    assert last.ended


def test_a_window_whose_reader_died_is_gone_on_with_from_its_last_page(bridge: Bridge) -> None:
    source = a_history(40)
    begin(bridge, source, day(30), width=timedelta(days=60))
    source.breaks = [(4, False)]

    reports = work_through(bridge, source, day(30))

    assert [each.error for each in reports] == ["the reader died", ""]
    assert reports[1].read <= 25, "twenty were read, and one page is read again"
    assert (kept(bridge), sum(noise(bridge).values())) == (10, 20)


def test_who_lost_the_lease_keeps_nothing(bridge: Bridge) -> None:
    source = a_history(20, page=5)
    begin(bridge, source, day(30), width=timedelta(days=60))

    def interfere(_: object) -> None:
        with write(bridge.engine) as connection:
            connection.execute(update(BackfillWindowRow).values(lease="somebody else"))

    report = work(bridge, day(30), only=source, progress=interfere)

    assert report is not None
    assert report.taken_over
    assert (report.read, kept(bridge)) == (5, 2)


def test_what_is_cancelled_stops_and_can_be_gone_on_with(bridge: Bridge) -> None:
    source = a_history(40)
    begin(bridge, source, day(30), width=10 * HOUR)
    work(bridge, day(30), only=source)

    assert cancel(bridge, "lms", day(30)) is not None

    assert work(bridge, day(30), only=source) is None
    assert cancel(bridge, "lms", day(30)) is None
    again = begin(bridge, source, day(31))
    assert again is not None
    work_through(bridge, source, day(31))
    assert (kept(bridge), sum(noise(bridge).values())) == (10, 20)


def test_a_reader_notices_that_it_was_cancelled(bridge: Bridge) -> None:
    source = a_history(20)
    begin(bridge, source, day(30), width=timedelta(days=60))

    def stop(_: object) -> None:
        cancel(bridge, "lms", day(30))

    report = work(bridge, day(30), only=source, progress=stop)

    assert report is not None
    assert report.taken_over
    assert report.read == 5


def test_beginning_again_goes_on_with_what_is_open(bridge: Bridge) -> None:
    source = a_history()
    assert not is_open(bridge, "lms")
    first = begin(bridge, source, day(30), width=5 * HOUR)
    assert is_open(bridge, "lms")
    again = begin(bridge, source, day(30), width=HOUR)

    assert first is not None
    assert again is not None
    assert (first.id, len(windows(bridge))) == (again.id, 4)
    with pytest.raises(UsageError, match="Another span of the history of lms is being read"):
        begin(bridge, source, day(30), since=NOON)


def test_who_asks_for_a_beginning_gets_nothing_older(bridge: Bridge) -> None:
    source = a_history()

    begin(bridge, source, day(30), since=NOON + 9 * HOUR, width=5 * HOUR)
    work_through(bridge, source, day(30))
    pull(bridge, source, day(30))

    assert (kept(bridge), sum(noise(bridge).values())) == (2, 5)


def test_a_history_that_was_pulled_is_read_again_without_counting_noise_again(bridge: Bridge) -> None:
    source = a_history()
    pull(bridge, source, day(30))
    cursor, counted = state(bridge).cursor, noise(bridge)

    begin(bridge, source, day(30), since=NOON - HOUR, until=NOON + 12 * HOUR, width=5 * HOUR)
    reports = work_through(bridge, source, day(30))

    assert sum(each.read for each in reports) == 13
    assert (noise(bridge), state(bridge).cursor) == (counted, cursor)
    assert sum(each.new for each in reports) == 0


def test_a_cursor_that_lags_moves_to_the_end_and_never_back(bridge: Bridge) -> None:
    source = a_history(10)
    pull(bridge, source, day(30))
    held = source.held = a_history(60).held

    begun = begin(bridge, source, day(30), width=5 * HOUR)

    assert begun is not None
    assert begun.since is not None
    assert begun.since < NOON + 9 * HOUR
    assert state(bridge).cursor == held[-1].at.isoformat()
    work_through(bridge, source, day(30))
    pull(bridge, source, day(30))
    assert (kept(bridge), sum(noise(bridge).values())) == (15, 30)
    assert begin(bridge, source, day(30), until=NOON) is None, "all of that is behind the cursor"


def test_a_pull_that_is_under_way_does_not_move_the_cursor_back(bridge: Bridge) -> None:
    source = a_history(40)

    class Interleaved(History):
        def _break(self) -> None:
            begin(bridge, source, day(30), width=5 * HOUR)

    pull(bridge, Interleaved(source.held), day(30))

    assert state(bridge).cursor == (NOON + 39 * HOUR).isoformat()
    work_through(bridge, source, day(30))
    assert (kept(bridge), sum(noise(bridge).values())) == (10, 20)


def test_a_source_without_windows_says_so(bridge: Bridge) -> None:
    with pytest.raises(UsageError, match=r"lms is not read in windows\. Run `lrs-bridge pull`"):
        begin(bridge, Told(), day(30))


def test_an_empty_source_has_no_history(bridge: Bridge) -> None:
    assert begin(bridge, History([]), day(30)) is None
    assert state(bridge).cursor is None


def test_learners_of_the_past_are_planned_when_it_is_complete(bridge: Bridge) -> None:
    source = a_history()
    begin(bridge, source, day(20), width=5 * HOUR)
    nobody_is_due(bridge)

    work(bridge, day(20), only=source)
    assert reconcile(bridge, day(20)).learners == 0
    work_through(bridge, source, day(20))

    assert reconcile(bridge, day(20) + timedelta(seconds=1)).learners == 1


def test_learners_of_the_past_are_planned_now_and_then_meanwhile(bridge: Bridge) -> None:
    source = a_history()
    begin(bridge, source, day(20), width=5 * HOUR)
    nobody_is_due(bridge)
    work(bridge, day(20), only=source)

    assert reconcile(bridge, day(20) + timedelta(hours=2)).learners == 1
    assert reconcile(bridge, day(20) + timedelta(hours=2)).learners == 0


def test_a_fact_of_today_is_planned_at_once_while_the_past_comes_in(bridge: Bridge) -> None:
    source = a_history()
    begin(bridge, source, day(20), width=5 * HOUR)
    nobody_is_due(bridge)
    work(bridge, day(20), only=source)
    source.held = [*source.held, a_kept(20, NOON + 20 * HOUR)]

    pull(bridge, source, day(20))

    assert due(bridge) == 1
    assert reconcile(bridge, day(20)).learners == 1
    with read(bridge.engine) as connection:
        waits = connection.execute(select(DueRow.later_at).where(DueRow.learner_id == "ada")).scalar_one()
    assert waits is not None, "what came of the past meanwhile is still to be planned"


def test_a_scheduled_first_pull_of_a_long_history_leaves_it_to_windows(bridge: Bridge) -> None:
    source = a_history(20, apart=timedelta(days=1))

    report, begun = scheduled_pull(bridge, source, day(30))

    assert begun
    assert report.new == 0
    assert readers_wanted(bridge, day(30)) == 3
    _, again = scheduled_pull(bridge, source, day(30))
    assert not again
    work_through(bridge, source, day(30))
    assert (kept(bridge), sum(noise(bridge).values())) == (5, 10)


def test_a_scheduled_first_pull_of_a_short_history_reads_it(bridge: Bridge) -> None:
    report, begun = scheduled_pull(bridge, a_history(), day(30))

    assert (report.new, begun) == (5, False)


def test_a_first_pull_can_be_told_to_read_everything(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(an_lrs("http://127.0.0.1:9/xapi", first_pull="whole"))

    report, begun = scheduled_pull(bridge, a_history(20, apart=timedelta(days=1)), day(30))

    assert (report.new, begun) == (5, False)


def test_a_first_pull_that_is_refused_asks_once(open_bridge: OpenBridge, lrs: str) -> None:
    bridge = open_bridge(an_lrs(lrs, password="wrong"))

    report, begun = scheduled_pull(bridge, bridge.source("lms"), day(30))

    assert (begun, report.ok) == (False, False)
    assert state(bridge).last_error == report.error


def test_progress_is_a_share_of_the_span_and_an_estimate(bridge: Bridge) -> None:
    source = a_history(41)
    begin(bridge, source, day(30), width=10 * HOUR)
    work(bridge, day(30), only=source)
    with write(bridge.engine) as connection:
        connection.execute(update(BackfillWindowRow).where(BackfillWindowRow.done).values(seconds=30.0))

    with read(bridge.engine) as connection:
        [history] = histories(connection, day(30))

    assert (history.windows, history.done, history.read) == (4, 1, 11)
    assert history.share == pytest.approx(0.25)
    assert history.left == timedelta(seconds=90)
    work_through(bridge, source, day(30))
    with read(bridge.engine) as connection:
        [history] = histories(connection, day(30))
    assert (history.state, history.share, history.left) == (BackfillState.DONE, 1.0, None)
