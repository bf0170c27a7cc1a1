"""What was kept long enough goes; what waits for somebody, and what results are made of, stays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import RetainReport, deliver, pull, reconcile, retain
from lrs_bridge.store import audit, quarantine, users
from lrs_bridge.store.audit import AuditEntry, entries
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import Rejected
from lrs_bridge.store.tables import AuditRow, LearnerRow, NoiseRow, OutboxRow, OutboxState, QuarantineRow, UserRole
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import OpenBridge, a_body, an_lrs
from support.builders import NOON, day

LATER = day(1000)


def went(bridge: Bridge, kind: str, now: datetime = LATER) -> int:
    return retain(bridge, now).counts[kind]


def values(bridge: Bridge, column: Any) -> list[Any]:
    with read(bridge.engine) as connection:
        return list(connection.execute(select(column)).scalars())


def test_old_counts_of_noise_go_and_later_ones_stay(open_bridge: OpenBridge) -> None:
    bridge = open_bridge()
    days = [date(2023, 1, 1), date(2026, 3, 1)]
    rows = [{"source": "lms", "verb": "viewed", "activity_type": "", "day": each, "count": 3} for each in days]
    with write(bridge.engine) as connection:
        connection.execute(insert(NoiseRow), rows)

    assert went(bridge, "noise", NOON) == 1
    assert values(bridge, NoiseRow.day) == [date(2026, 3, 1)]


@pytest.fixture
def with_records(open_bridge: OpenBridge) -> Bridge:
    """One record that waits, and one that somebody put away long ago."""
    bridge = open_bridge()
    with write(bridge.engine) as connection:
        quarantine.put(
            connection, "lms", [Rejected(None, b"{one", "not JSON"), Rejected(None, b"{two", "not JSON")], NOON
        )
        held = next(each for each in quarantine.find(connection) if each.body == b"{two")
        quarantine.dismiss(connection, held.id, by="anna", now=NOON)
    return bridge


def test_a_settled_record_loses_its_content_and_one_that_waits_does_not(with_records: Bridge) -> None:
    assert went(with_records, "quarantine") == 1
    assert sorted(values(with_records, QuarantineRow.body)) == [b"", b"{one"]


def test_a_record_that_lost_its_content_is_not_put_aside_again(with_records: Bridge) -> None:
    retain(with_records, LATER)
    with write(with_records.engine) as connection:
        assert quarantine.put(connection, "lms", [Rejected(None, b"{two", "not JSON")], LATER) == 0
        assert quarantine.count(connection) == 1


def test_what_was_sent_loses_its_text_and_is_not_sent_again(
    open_bridge: OpenBridge, lrs: str, sandbox: SandboxLrs
) -> None:
    sandbox.load([a_body()], stored=lambda _: NOON)
    bridge = open_bridge(an_lrs(lrs))
    pull(bridge, bridge.sources()[0], day(1))
    reconcile(bridge, day(1))
    assert deliver(bridge, day(1)).sent == 2

    assert went(bridge, "messages", day(1) + timedelta(days=366)) == 2
    with write(bridge.engine) as connection:
        mark_due(connection, None, day(1))
    reconcile(bridge, day(1))

    assert set(values(bridge, OutboxRow.state)) == {OutboxState.SENT}
    assert values(bridge, OutboxRow.details) == [{}, {}]
    assert deliver(bridge, day(1)).sent == 0


def test_a_message_that_waits_stays(open_bridge: OpenBridge, lrs: str, sandbox: SandboxLrs) -> None:
    sandbox.load([a_body()], stored=lambda _: NOON)
    bridge = open_bridge(an_lrs(lrs))
    pull(bridge, bridge.sources()[0], day(1))
    reconcile(bridge, day(1))

    assert went(bridge, "messages") == 0


def test_old_sign_ins_are_forgotten_and_the_account_stays(open_bridge: OpenBridge) -> None:
    bridge = open_bridge()
    with write(bridge.engine) as connection:
        users.add_user(connection, "ada", "hash", UserRole.LEARNER, NOON, learner_id="ada")
        users.record_sign_in(connection, "ada", NOON)
        users.record_failure(connection, "ada", NOON)

    report = retain(bridge, LATER)

    assert (report.counts["sign_ins"], report.counts["failed_sign_ins"]) == (1, 1)
    with read(bridge.engine) as connection:
        user = users.get_user(connection, "ada")
    assert user is not None
    assert (user.last_sign_in_at, user.last_failed_at, user.failed_attempts) == (None, None, 0)


def test_the_audit_is_kept_for_good_unless_somebody_says_otherwise(open_bridge: OpenBridge) -> None:
    forever, for_a_year = open_bridge(), open_bridge(retention={"audit": "1y"})
    with write(forever.engine) as connection:
        audit.record(connection, AuditEntry(NOON, "anna", "import.learners", "learners"))

    assert "audit" not in retain(forever, LATER).counts
    assert went(for_a_year, "audit") == 1
    assert values(for_a_year, AuditRow.act) == []


def test_people_who_left_are_erased_when_their_time_has_come(open_bridge: OpenBridge, tmp_path: Path) -> None:
    privacy = {"secret_key_file": str(tmp_path / "key"), "erasures_file": str(tmp_path / "erasures")}
    bridge = open_bridge(retention={"leavers": "1y"}, privacy=privacy)
    with write(bridge.engine) as connection:
        connection.execute(update(LearnerRow).where(LearnerRow.id == "ada").values(left_on=date(2026, 1, 31)))

    assert went(bridge, "leavers", datetime.fromisoformat("2027-01-31T12:00:00Z")) == 0
    assert went(bridge, "leavers", datetime.fromisoformat("2027-02-02T12:00:00Z")) == 1
    [ghost] = [each for each in values(bridge, LearnerRow.id) if each not in {"max", "lea"}]
    with read(bridge.engine) as connection:
        [entry] = entries(connection, subject=ghost)
    assert (entry.by, entry.act, entry.details["reason"]) == ("retention", "person.erase", "retention.leavers")
    assert went(bridge, "leavers", LATER) == 0


def test_a_dry_run_counts_and_changes_nothing(with_records: Bridge) -> None:
    report = retain(with_records, LATER, dry_run=True)

    assert (report.counts["quarantine"], report.dry_run) == (1, True)
    assert sorted(values(with_records, QuarantineRow.body)) == [b"{one", b"{two"]


def test_doing_it_again_changes_nothing(with_records: Bridge, database_kind: str) -> None:
    retain(with_records, LATER)

    assert set(retain(with_records, LATER).counts.values()) == {0}


def test_what_is_kept_for_good_is_not_looked_at(open_bridge: OpenBridge) -> None:
    kinds = ("noise", "quarantine", "messages", "sign_ins", "failed_sign_ins", "backtests", "audit", "leavers")

    assert retain(open_bridge(retention=dict.fromkeys(kinds, "")), LATER) == RetainReport()
