"""Whoever was erased does not come back by a side door: kept answers, linking, other spellings, older backups."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lrs_bridge.acts import attestations, people, privacy
from lrs_bridge.acts.actor import OPERATOR, AccountRole, Actor
from lrs_bridge.acts.errors import ActRefused
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import reconcile, verify
from lrs_bridge.jobs.summarise import summarise
from lrs_bridge.settings import load_settings
from lrs_bridge.store import erasing, quarantine, summaries, summary_state
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.erasing import scrub
from lrs_bridge.store.errors import Refused
from lrs_bridge.store.ingest import Rejected
from lrs_bridge.store.read_models import Request, off_contract_activities, unmatched_activities
from lrs_bridge.store.read_models.figures import kept_figures
from lrs_bridge.store.tables import ActivitySummaryRow, SummaryRow
from lrs_bridge_connectors.source import Window
from lrs_bridge_rules.statements.identifier import mbox_sha1
from support.builders import EXCEL, NOON
from support.installation import LMS, STATEMENTS, a_statement, fill, write_files
from support.scanning import traces

NOW = NOON + timedelta(days=1)
LATER = NOW + timedelta(days=1)
MONA = Actor("mona", AccountRole.MANAGER, "mo")
TITLE = "Coaching on her fear of figures"
STRANGER = f"account:{LMS}|99"


def erase(bridge: Bridge, who: str = "al") -> str:
    done = privacy.erase(bridge, OPERATOR, who, "asked for it", LATER)
    assert scrub(bridge.engine)
    return done.ghost_id


def attested(bridge: Bridge) -> None:
    """Alice's manager attests what was learned before her contract began: no goal asked for it, and pages list it."""
    attestations.attest(bridge.engine, MONA, "al-sheets", TITLE, datetime(2025, 11, 3, tzinfo=UTC), LATER, hours=2)
    reconcile(bridge, LATER)
    with read(bridge.engine) as connection:
        assert TITLE in set(connection.execute(select(ActivitySummaryRow.name)).scalars())


def test_a_title_that_somebody_wrote_is_not_left_in_what_is_kept_for_pages(bridge: Bridge) -> None:
    attested(bridge)
    assert traces(bridge.engine, [TITLE]) == {TITLE}

    erase(bridge)

    assert traces(bridge.engine, [TITLE]) == set()


def test_what_was_being_counted_while_somebody_was_erased_is_thrown_away(bridge: Bridge) -> None:
    with write(bridge.engine) as connection:
        lease = summary_state.begin(connection, LATER)
        counted = summaries.count_all(connection, LATER, bridge.settings.organisation.zone)
    assert lease is not None
    erase(bridge)

    with write(bridge.engine) as connection:
        assert not summaries.save(connection, lease, counted, 0.1)
        assert connection.execute(select(SummaryRow.period)).first() is None


def test_pages_show_the_same_before_and_after_it_was_counted_anew(bridge: Bridge) -> None:
    erase(bridge)
    with read(bridge.engine) as connection:
        counted = unmatched_activities(connection, Request(), LATER), off_contract_activities(connection, Request())
    assert summarise(bridge, LATER)

    with read(bridge.engine) as connection:
        kept = unmatched_activities(connection, Request(), LATER), off_contract_activities(connection, Request())
        assert kept_figures(connection, None) is not None
    assert kept == counted
    assert counted[0].total


@pytest.mark.parametrize("who", ["al", STRANGER])
def test_whatever_is_erased_the_figures_are_counted_anew(bridge: Bridge, who: str) -> None:
    erase(bridge, who)

    with read(bridge.engine) as connection:
        assert summary_state.get_state(connection).at is None
    assert summarise(bridge, LATER)


@pytest.mark.parametrize(
    "ifi",
    [
        f"account:{LMS}|17",
        "mailto:alice@example.org",
        "mailto:Alice@Example.org",
        mbox_sha1("mbox:alice@example.org"),
    ],
)
def test_an_identifier_that_was_erased_is_linked_to_nobody(bridge: Bridge, ifi: str) -> None:
    erase(bridge)

    with pytest.raises(ActRefused, match="was erased"):
        people.link(bridge.engine, OPERATOR, ifi, "ben", LATER, seal=bridge.seal)
    with pytest.raises(Refused, match="key"):
        people.link(bridge.engine, OPERATOR, ifi, "ben", LATER)


def test_an_identifier_that_was_readmitted_is_linked_again(bridge: Bridge) -> None:
    erase(bridge)
    privacy.readmit(bridge, OPERATOR, [f"account:{LMS}|17"], "came back", LATER)

    assert people.link(bridge.engine, OPERATOR, f"account:{LMS}|17", "ben", LATER, seal=bridge.seal)


def test_an_address_alone_is_readmitted_as_it_is_erased(bridge: Bridge) -> None:
    erase(bridge)

    assert privacy.readmit(bridge, OPERATOR, ["alice@example.org"], "came back", LATER) == 2


def test_nothing_is_linked_to_a_ghost(bridge: Bridge) -> None:
    ghost = erase(bridge)

    with pytest.raises(ActRefused, match="Nobody is behind"):
        people.link(bridge.engine, OPERATOR, STRANGER, ghost, LATER, seal=bridge.seal)


@contextmanager
def restored(bridge: Bridge, folder: Path) -> Iterator[Bridge]:
    """The installation after its database was put back from a backup made before."""
    bridge.close()
    shutil.copy(folder / "backup.db", folder / "lrs_bridge.db")
    with Bridge.open(bridge.settings, clock=lambda: LATER) as opened:
        yield opened


def test_an_identifier_of_nobody_is_erased_again_after_an_older_backup_was_restored(
    bridge: Bridge, tmp_path: Path
) -> None:
    scrub(bridge.engine)
    shutil.copy(tmp_path / "lrs_bridge.db", tmp_path / "backup.db")
    texts = ['"99"', STATEMENTS[3]["id"]]
    assert traces(bridge.engine, texts) == set(texts)
    erase(bridge, STRANGER)

    with restored(bridge, tmp_path) as older:
        assert traces(older.engine, texts) == set(texts)
        done = privacy.erase_again(older, OPERATOR, LATER)
        scrub(older.engine)

        assert (done.people, done.identifiers) == (0, 1)
        assert traces(older.engine, texts) == set()
        assert privacy.erase_again(older, OPERATOR, LATER) == privacy.ErasedAgain()


def test_somebody_whom_the_backup_does_not_know_yet_is_erased_again_all_the_same(
    bridge: Bridge, tmp_path: Path
) -> None:
    """The backup is from before the identifier was linked: nothing in it leads from the learner to the statements."""
    people.unlink(bridge.engine, OPERATOR, f"account:{LMS}|17", NOW)
    scrub(bridge.engine)
    shutil.copy(tmp_path / "lrs_bridge.db", tmp_path / "backup.db")
    people.link(bridge.engine, OPERATOR, f"account:{LMS}|17", "al", NOW)
    erase(bridge)

    with restored(bridge, tmp_path) as older:
        done = privacy.erase_again(older, OPERATOR, LATER)
        scrub(older.engine)

        assert (done.people, done.identifiers) == (1, 1)
        assert traces(older.engine, ["Alice", STATEMENTS[0]["id"], '"17"']) == set()


MAILED = {"actor": {"mbox": "mailto:Alice@Example.org"}}
TAUGHT = {"context": {"instructor": {"mbox": "mailto:ALICE@example.org"}}}


@contextmanager
def spelled_otherwise(folder: Path) -> Iterator[Bridge]:
    """A source that spells Alice's address in its own way, so that nobody is linked to it."""
    mailed = a_statement(17, "passed", EXCEL, NOON + timedelta(hours=5), **MAILED)
    taught = a_statement(18, "passed", EXCEL, NOON + timedelta(hours=6), **TAUGHT)
    write_files(folder, [*STATEMENTS, mailed, taught])
    with Bridge.open(load_settings(folder / "lrs_bridge.toml", {}), clock=lambda: NOW) as bridge:
        fill(bridge, folder, NOW)
        yield bridge


def test_an_address_is_erased_in_every_letter_case_in_which_it_is_kept(tmp_path: Path) -> None:
    with spelled_otherwise(tmp_path / "other") as bridge:
        assert traces(bridge.engine, ["alice@example.org"]) == {"alice@example.org"}
        half = Rejected(None, b'{"actor": {"mbox": "mailto:aLICE@example.org"', "not JSON")
        with write(bridge.engine) as connection:
            quarantine.put(connection, "lms", [half], NOW)
        erase(bridge)

        assert traces(bridge.engine, ["alice@example.org"]) == set()
        with read(bridge.engine) as connection:
            assert erasing.returned(connection, bridge.seal()) == frozenset()


def test_an_export_holds_what_erasing_would_find(tmp_path: Path) -> None:
    with spelled_otherwise(tmp_path / "other") as bridge:
        document = privacy.export(bridge, OPERATOR, "al", LATER)

        assert len(document["records"]["statement"]) == 4


def test_what_the_person_voided_is_no_difference_to_the_source_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "voided"
    voids = {"object": {"objectType": "StatementRef", "id": STATEMENTS[0]["id"]}}
    write_files(folder, [*STATEMENTS, a_statement(17, "voided", EXCEL, NOON + timedelta(hours=5)) | voids])
    with Bridge.open(load_settings(folder / "lrs_bridge.toml", {}), clock=lambda: NOW) as bridge:
        fill(bridge, folder, NOW)
        erase(bridge)

        assert verify(bridge, bridge.sources()[0], Window(None, LATER), LATER).differences == {}
        assert traces(bridge.engine, ['"17"']) == set()
