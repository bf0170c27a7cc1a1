"""Somebody is erased: nothing of them is left anywhere, what counts stays, and they stay away."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from lrs_bridge.acts import follow_ups, goals, imports, privacy, users
from lrs_bridge.acts.actor import OPERATOR, AccountRole, Actor
from lrs_bridge.acts.errors import ActRefused, ImportRefused, NotAllowed, NotFound
from lrs_bridge.acts.quarantine import Fate, replay
from lrs_bridge.bridge import Bridge
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.jobs import pull, reconcile
from lrs_bridge.jobs.sorting import sorter_for
from lrs_bridge.settings import load_settings
from lrs_bridge.store import people, quarantine
from lrs_bridge.store.audit import entries
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.erasing import scrub
from lrs_bridge.store.ingest import Rejected
from lrs_bridge.store.read_models.overview import Overview, overview
from lrs_bridge.store.tables import AuditRow, FollowUpRow, LearnerRow, OutboxRow, SourceRow, StatementRow, UserRow
from support.builders import EXCEL, NOON
from support.installation import LEARNERS, LMS, STATEMENTS, a_statement, an_installation, fill, write_files
from support.scanning import traces

NOW = NOON + timedelta(days=1)
LATER = NOW + timedelta(days=1)


def counts(bridge: Bridge, now: datetime = LATER) -> Overview:
    """Everything that the overview counts."""
    names = bridge.settings.source_names
    with read(bridge.engine) as connection:
        zone = bridge.settings.organisation.zone
        return overview(connection, now, zone=zone, sources=names, stale_after=timedelta(days=400))


def live(bridge: Bridge) -> None:
    """Alice works on a task and writes about it; her manager confirms it; she has an account."""
    engine = bridge.engine
    with read(engine) as connection:
        task = connection.execute(select(FollowUpRow.id).where(FollowUpRow.learner_id == "al")).scalars().first()
    assert task is not None
    users.add(engine, OPERATOR, "alice.l", "correct horse battery", AccountRole.LEARNER, NOW, learner_id="al")
    alice = Actor("alice.l", AccountRole.LEARNER, "al")
    follow_ups.submit(engine, alice, task, "I, Alice, built the pivot table", NOW, learner_id="al")
    goals.measure(engine, alice, "al-sheets", 4.0, NOW)
    reconcile(bridge, LATER)


def alice(bridge: Bridge) -> list[str]:
    """Every text by which Alice could be recognised."""
    with read(bridge.engine) as connection:
        mine = select(StatementRow.id).where(StatementRow.ifi == f"account:{LMS}|17")
        ids = list(connection.execute(mine).scalars())
        tasks = list(connection.execute(select(FollowUpRow.id).where(FollowUpRow.learner_id == "al")).scalars())
    assert ids
    assert tasks
    written = ["pivot table", "The year of numbers", "Build reports", "spreadsheet licence", "Monthly figures"]
    known = ["Alice Learner", "alice@example.org", "alice.l", "al-2026", "al-sheets", "al-licence", f"{LMS}|17"]
    return [*known, *ids, *tasks, *written]


def erase(bridge: Bridge, who: str = "al", reason: str = "asked for it") -> str:
    done = privacy.erase(bridge, OPERATOR, who, reason, LATER)
    assert scrub(bridge.engine)
    return done.ghost_id


def test_nothing_of_somebody_who_was_erased_is_left_in_the_database(bridge: Bridge) -> None:
    live(bridge)
    texts = alice(bridge)
    assert traces(bridge.engine, texts) == set(texts)

    erase(bridge)

    assert traces(bridge.engine, texts) == set()


def test_what_is_kept_of_a_statement_says_what_the_ghost_says_and_no_more(bridge: Bridge) -> None:
    live(bridge)
    erase(bridge)

    with read(bridge.engine) as connection:
        rows = connection.execute(select(StatementRow.body, StatementRow.ifi)).all()
    kept = [json.loads(body) for body, ifi in rows if ifi is not None and "ghost" in ifi]

    assert kept
    assert {key for body in kept for key in body} <= {"id", "actor", "verb", "object", "result", "context", "timestamp"}


def test_what_counts_stays(bridge: Bridge) -> None:
    live(bridge)
    before = counts(bridge)
    erase(bridge)

    assert counts(bridge) == before


def test_planning_the_ghost_again_changes_nothing(bridge: Bridge) -> None:
    live(bridge)
    erase(bridge)
    with write(bridge.engine) as connection:
        mark_due(connection, None, LATER)

    assert reconcile(bridge, LATER).writes == 0


def test_whoever_was_erased_does_not_come_back_when_the_source_is_read_again(bridge: Bridge) -> None:
    live(bridge)
    texts = alice(bridge)
    before = counts(bridge)
    erase(bridge)
    with write(bridge.engine) as connection:
        connection.execute(update(SourceRow).values(cursor=None))

    for source in bridge.sources():
        pull(bridge, source, LATER)
    reconcile(bridge, LATER)

    assert traces(bridge.engine, texts) == set()
    assert counts(bridge).funnel == before.funnel
    with read(bridge.engine) as connection:
        assert connection.execute(select(SourceRow.erased)).scalar_one() == 2


def test_the_audit_says_that_it_was_done_and_by_whom_and_nothing_else(bridge: Bridge) -> None:
    live(bridge)
    ghost = erase(bridge)
    with read(bridge.engine) as connection:
        [entry] = entries(connection, subject=ghost, limit=1)

    assert (entry.by, entry.act) == ("command-line", "person.erase")
    assert entry.details == {"reason": "asked for it", "statements": "2"}


def test_what_the_person_did_is_still_in_the_audit_as_done_by_the_ghost(bridge: Bridge) -> None:
    live(bridge)
    ghost = erase(bridge)
    with read(bridge.engine) as connection:
        acts = set(connection.execute(select(AuditRow.act).where(AuditRow.by == ghost)).scalars())

    assert acts == {"follow-up.submit", "goal.measure"}


def test_the_audit_cannot_be_changed_by_anything_else(bridge: Bridge) -> None:
    live(bridge)
    erase(bridge)

    with pytest.raises(Exception, match="only ever added"), write(bridge.engine) as connection:
        connection.execute(update(AuditRow).values(by="somebody else"))


def test_a_manager_who_was_erased_is_the_ghost_to_their_people(bridge: Bridge) -> None:
    live(bridge)
    ghost = erase(bridge, "mo")
    reconcile(bridge, LATER)
    with read(bridge.engine) as connection:
        led = connection.execute(select(LearnerRow.manager_id).where(LearnerRow.id == "al")).scalar_one()
        told = set(connection.execute(select(OutboxRow.recipient_id)).scalars())

    assert led == ghost
    assert told == {"al"}
    assert traces(bridge.engine, ["Mona", "mona@example.org"]) == set()


def test_an_account_goes_with_its_person(bridge: Bridge) -> None:
    live(bridge)
    erase(bridge)
    with read(bridge.engine) as connection:
        assert connection.execute(select(UserRow.login)).scalars().all() == []


def test_the_log_names_the_ghost_alone(bridge: Bridge, caplog: pytest.LogCaptureFixture) -> None:
    live(bridge)
    texts = alice(bridge)
    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        erase(bridge)

    assert [text for text in texts if text in caplog.text] == []


def test_an_identifier_that_is_linked_to_nobody_can_be_erased(bridge: Bridge) -> None:
    done = privacy.erase(bridge, OPERATOR, f"account:{LMS}|99", "asked for it", LATER)
    with read(bridge.engine) as connection:
        left = connection.execute(select(StatementRow.id).where(StatementRow.ifi == f"account:{LMS}|99")).all()

    assert (done.ghost_id, left) == ("", [])


@pytest.mark.parametrize("reason", ["Alice asked for it", "mail of alice@example.org", "  ", "as for account 17|al"])
def test_a_reason_that_names_the_person_is_refused(bridge: Bridge, reason: str) -> None:
    if reason.startswith("as"):
        reason = f"as {LEARNERS.splitlines()[2].split(',')[2]} wrote"
    with pytest.raises(ActRefused):
        privacy.erase(bridge, OPERATOR, "al", reason, LATER)

    assert counts(bridge).learners == 3


def test_only_an_administrator_erases(bridge: Bridge) -> None:
    with pytest.raises(NotAllowed):
        privacy.erase(bridge, Actor("mona", AccountRole.MANAGER, "mo"), "al", "asked for it", LATER)


def test_nobody_is_erased_twice(bridge: Bridge) -> None:
    ghost = erase(bridge)

    with pytest.raises(NotFound):
        erase(bridge, "al")
    with pytest.raises(ActRefused, match="already"):
        erase(bridge, ghost)


def test_whoever_was_erased_is_not_imported_again(bridge: Bridge, tmp_path: Path) -> None:
    erase(bridge)

    with pytest.raises(ImportRefused, match="was erased"):
        imports.learners(bridge.engine, OPERATOR, tmp_path / "learners.csv", LATER, seal=bridge.seal)
    assert traces(bridge.engine, ["Alice"]) == set()


def test_the_same_person_under_another_id_is_not_imported_either(bridge: Bridge, tmp_path: Path) -> None:
    erase(bridge)
    (tmp_path / "new.csv").write_text("id,name,email\nnew,A. Learner,Alice@example.org\n", "utf-8")

    with pytest.raises(ImportRefused, match=r"new.csv:2:.*was erased"):
        imports.learners(bridge.engine, OPERATOR, tmp_path / "new.csv", LATER, seal=bridge.seal)


def test_whoever_is_readmitted_is_imported_and_taken_in_from_then_on(bridge: Bridge, tmp_path: Path) -> None:
    erase(bridge)
    identifiers = ["al", "mailto:alice@example.org", f"account:{LMS}|17"]

    assert privacy.readmit(bridge, OPERATOR, identifiers, "came back", LATER) == 4
    imports.learners(bridge.engine, OPERATOR, tmp_path / "learners.csv", LATER, seal=bridge.seal)
    with read(bridge.engine) as connection:
        assert people.get_learner(connection, "al") is not None


def test_records_in_quarantine_that_name_the_person_are_thrown_away(bridge: Bridge) -> None:
    half = json.dumps(STATEMENTS[0])[:200].encode()
    with write(bridge.engine) as connection:
        quarantine.put(connection, "lms", [Rejected(None, half, "not JSON")], NOW)
        before = quarantine.count(connection)
    erase(bridge)
    with read(bridge.engine) as connection:
        assert quarantine.count(connection) == before - 1


def test_a_record_of_somebody_erased_meanwhile_is_thrown_away_when_it_is_replayed(bridge: Bridge) -> None:
    erase(bridge)
    later = a_statement(17, "passed", EXCEL, NOON + timedelta(hours=9))
    with write(bridge.engine) as connection:
        quarantine.put(connection, "lms", [Rejected(later["id"], json.dumps(later).encode(), "once unreadable")], NOW)
        held = next(each for each in quarantine.find(connection) if each.statement_id == later["id"])

    done = replay(bridge, OPERATOR, held.id, LATER, sorter_for=sorter_for)

    assert done.fate is Fate.ERASED
    assert traces(bridge.engine, [later["id"]]) in (set(), {later["id"]})
    with read(bridge.engine) as connection:
        assert held.id not in {each.id for each in quarantine.find(connection, state=None)}


@contextmanager
def restored(bridge: Bridge, folder: Path) -> Iterator[Bridge]:
    """The installation after its database was put back from a backup made before."""
    bridge.close()
    shutil.copy(folder / "backup.db", folder / "lrs_bridge.db")
    with Bridge.open(bridge.settings, clock=lambda: LATER) as opened:
        yield opened


def back_up(bridge: Bridge, folder: Path) -> None:
    scrub(bridge.engine)  # which also empties the write-ahead log
    shutil.copy(folder / "lrs_bridge.db", folder / "backup.db")


def test_after_an_older_backup_was_restored_the_erasures_are_done_again(bridge: Bridge, tmp_path: Path) -> None:
    live(bridge)
    texts = alice(bridge)
    back_up(bridge, tmp_path)
    erase(bridge)

    with restored(bridge, tmp_path) as older:
        assert traces(older.engine, texts) == set(texts)
        done = privacy.erase_again(older, OPERATOR, LATER)
        scrub(older.engine)

        assert (done.people, done.to_database > 0) == (1, True)
        assert traces(older.engine, texts) == set()
        assert privacy.erase_again(older, OPERATOR, LATER) == privacy.ErasedAgain()


def test_an_erasures_file_that_was_lost_is_written_again(bridge: Bridge, tmp_path: Path) -> None:
    erase(bridge)
    kept = (tmp_path / "erasures").read_text("utf-8")
    (tmp_path / "erasures").unlink()

    done = privacy.erase_again(bridge, OPERATOR, LATER)

    assert done.to_file > 0
    assert json.loads((tmp_path / "erasures").read_text("utf-8"))["erased"] == json.loads(kept)["erased"]


def test_the_erasures_file_holds_hashes_alone_and_is_its_owners(bridge: Bridge, tmp_path: Path) -> None:
    texts = alice(bridge)
    erase(bridge)
    kept = (tmp_path / "erasures").read_text("utf-8")

    assert [text for text in texts if text in kept] == []
    assert (tmp_path / "erasures").stat().st_mode & 0o077 == 0
    assert (tmp_path / "privacy-key").stat().st_mode & 0o077 == 0


def test_without_its_key_nothing_is_taken_in(bridge: Bridge, tmp_path: Path) -> None:
    erase(bridge)
    (tmp_path / "privacy-key").unlink()
    with Bridge.open(bridge.settings, clock=lambda: LATER) as later, write(later.engine) as connection:
        connection.execute(update(SourceRow).values(cursor=None))
    with Bridge.open(bridge.settings, clock=lambda: LATER) as later, pytest.raises(ConfigurationError, match="missing"):
        pull(later, later.sources()[0], LATER)


@pytest.mark.real_server
def test_all_of_it_holds_on_postgresql(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    server: Any = request.getfixturevalue("postgres_server")
    with server.database() as name, an_installation(tmp_path, database=server.url(name)) as bridge:
        live(bridge)
        texts, before = alice(bridge), counts(bridge)
        erase(bridge)

        assert traces(bridge.engine, texts) == set()
        assert counts(bridge) == before
        with pytest.raises(Exception, match="only ever added"), write(bridge.engine) as connection:
            connection.execute(update(AuditRow).values(by="somebody else"))


def test_somebody_who_is_named_in_statements_of_others_is_taken_out_of_them(tmp_path: Path) -> None:
    alices, bens = STATEMENTS[0]["actor"], STATEMENTS[1]["actor"]
    group = a_statement(18, "passed", EXCEL, NOON, actor={"objectType": "Group", "member": [alices, bens]})
    taught = a_statement(18, "completed", EXCEL, NOON, context={"instructor": alices})
    folder = tmp_path / "shared"
    write_files(folder, [group, taught])
    with _opened(folder) as bridge:
        before = counts(bridge)
        done = privacy.erase(bridge, OPERATOR, "al", "asked for it", LATER)

        assert (done.statements, done.mentions) == (1, 2)
        assert counts(bridge).funnel == before.funnel
        with read(bridge.engine) as connection:
            bodies = list(connection.execute(select(StatementRow.body)).scalars())
        assert [body for body in bodies if b'"17"' in body] == []
        assert sum(b'"18"' in body for body in bodies) == 2


@contextmanager
def _opened(folder: Path) -> Iterator[Bridge]:
    with Bridge.open(load_settings(folder / "lrs_bridge.toml", {}), clock=lambda: NOW) as bridge:
        fill(bridge, folder, NOW)
        yield bridge
