"""What keeps the work going besides facts: accounts, audit, rulesets, sources, quarantine."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from lrs_bridge.store import audit, due, quarantine, rulesets, sources, users
from lrs_bridge.store.audit import AuditEntry
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import NotFound, Refused
from lrs_bridge.store.ingest import Rejected
from lrs_bridge.store.quarantine import QuarantineState
from lrs_bridge.store.rulesets import RulesetVersion
from lrs_bridge.store.sources import SourceState
from lrs_bridge.store.users import UserRole
from support.builders import NOON, a_learner, day
from support.store import enrol, reconcile, take_in

FIRST = RulesetVersion(1, "ida", "the beginning", "d1", {"ours.yaml": "rules: []\n# ümläut", "cmi5": "…"}, NOON)
SECOND = replace(FIRST, number=2, digest="d2", at=day(1))


def test_an_account_comes_back_and_shows_no_hash(engine: Engine) -> None:
    with write(engine) as connection:
        made = users.add_user(connection, "ida", "$argon2id$x", UserRole.ADMINISTRATOR, NOON)

    with read(engine) as connection:
        assert made == users.get_user(connection, "ida")
        assert [made] == users.all_users(connection)
        assert users.get_user(connection, "eve") is None
    assert "argon2" not in repr(made)


def test_a_login_is_given_once(engine: Engine) -> None:
    with write(engine) as connection:
        users.add_user(connection, "ida", "$1", UserRole.AUDITOR, NOON)

    with pytest.raises(Refused, match="already"), write(engine) as connection:
        users.add_user(connection, "ida", "$2", UserRole.ADMINISTRATOR, NOON)


def test_failures_are_counted_until_a_sign_in_or_a_new_password(engine: Engine) -> None:
    with write(engine) as connection:
        users.add_user(connection, "ida", "$1", UserRole.AUDITOR, NOON)
        users.record_failure(connection, "ida", day(1))
        users.record_failure(connection, "ida", day(2))
        failed = users.get_user(connection, "ida")
        users.record_sign_in(connection, "ida", day(3))
        signed_in = users.get_user(connection, "ida")
        users.record_failure(connection, "ida", day(4))
        users.change_user(connection, "ida", password_hash="$2", role=UserRole.ADMINISTRATOR, active=False)
        changed = users.get_user(connection, "ida")

    assert failed is not None
    assert (failed.failed_attempts, failed.last_failed_at) == (2, day(2))
    assert signed_in is not None
    assert (signed_in.failed_attempts, signed_in.last_sign_in_at) == (0, day(3))
    assert changed is not None
    assert (changed.failed_attempts, changed.role, changed.active) == (0, UserRole.ADMINISTRATOR, False)


def test_changing_an_account_that_is_not_there_says_so(engine: Engine) -> None:
    with pytest.raises(NotFound), write(engine) as connection:
        users.change_user(connection, "eve", active=True)


def test_the_audit_gives_the_newest_first(engine: Engine) -> None:
    entries = [AuditEntry(day(number), "ida", "contract.sign", f"c{number}", {"side": "é"}) for number in range(3)]
    with write(engine) as connection:
        for each in entries:
            audit.record(connection, each)

    with read(engine) as connection:
        assert [entries[2], entries[1]] == audit.entries(connection, limit=2)
        assert [entries[0]] == audit.entries(connection, subject="c0")


@pytest.mark.parametrize("change", ["UPDATE audit SET by = 'eve'", "DELETE FROM audit"])
def test_the_audit_refuses_changes_whoever_asks(engine: Engine, change: str) -> None:
    with write(engine) as connection:
        audit.record(connection, AuditEntry(NOON, "ida", "contract.sign", "c1"))

    with pytest.raises(DBAPIError, match="only ever added"), write(engine) as connection:
        connection.execute(text(change))


@pytest.mark.parametrize("change", ["UPDATE ruleset SET note = 'x'", "DELETE FROM ruleset WHERE number = 1"])
def test_published_rules_refuse_changes_whoever_asks(engine: Engine, change: str) -> None:
    with write(engine) as connection:
        rulesets.publish(connection, FIRST)

    with pytest.raises(DBAPIError, match="only ever added"), write(engine) as connection:
        connection.execute(text(change))


def test_a_published_ruleset_is_in_force_and_comes_back_whole(engine: Engine) -> None:
    with read(engine) as connection:
        assert rulesets.active(connection) is None
        assert rulesets.next_number(connection) == 1
    with write(engine) as connection:
        rulesets.publish(connection, FIRST)
        rulesets.publish(connection, SECOND)

    with read(engine) as connection:
        assert SECOND == rulesets.active(connection)
        assert [SECOND, FIRST] == rulesets.versions(connection)
        assert rulesets.next_number(connection) == 3


def test_a_published_version_never_changes(engine: Engine) -> None:
    with write(engine) as connection:
        rulesets.publish(connection, FIRST)

    with pytest.raises(Refused, match="take number 2"), write(engine) as connection:
        rulesets.publish(connection, replace(SECOND, number=1))


def test_rolling_back_puts_the_earlier_version_in_force_and_makes_everybody_due(engine: Engine) -> None:
    enrol(engine)
    with write(engine) as connection:
        rulesets.publish(connection, FIRST)
        rulesets.publish(connection, SECOND)
    reconcile(engine, day(1))
    with write(engine) as connection:
        assert rulesets.activate(connection, 1, by="ida", now=day(2))
        assert not rulesets.activate(connection, 1, by="ida", now=day(2))
        assert rulesets.active_number(connection) == 1
        assert due.count_due(connection, day(2)) == 1


def test_a_version_that_was_never_published_cannot_come_into_force(engine: Engine) -> None:
    with pytest.raises(NotFound, match="no version 7"), write(engine) as connection:
        rulesets.activate(connection, 7, by="ida", now=NOON)


def test_a_source_that_was_never_pulled_is_at_its_beginning(engine: Engine) -> None:
    with read(engine) as connection:
        assert SourceState("lms") == sources.get_state(connection, "lms")
        assert sources.all_states(connection) == []


def test_a_failure_of_a_source_is_remembered_until_it_works_again(engine: Engine) -> None:
    with write(engine) as connection:
        sources.started(connection, "lms", day(0))
        sources.failed(connection, "lms", "it is down", day(1))
        failed = sources.get_state(connection, "lms")
        sources.succeeded(connection, "lms", day(2))

    assert (failed.last_error, failed.last_error_at, failed.last_started_at) == ("it is down", day(1), day(0))
    with read(engine) as connection:
        [state] = sources.all_states(connection)
    assert (state.last_error, state.last_error_at, state.last_ok_at) == ("", None, day(2))


def test_a_held_record_is_settled_once(engine: Engine) -> None:
    enrol(engine, a_learner(id="ida"))
    take_in(engine, rejected=(Rejected(None, b"1", "no"), Rejected(None, b"2", "no")))
    with write(engine) as connection:
        first, second = quarantine.find(connection)
        assert quarantine.mark_replayed(connection, first.id, by="ida", now=day(1))
        assert not quarantine.dismiss(connection, first.id, by="ida", now=day(2))
        assert quarantine.dismiss(connection, second.id, by="ida", now=day(2))

    with read(engine) as connection:
        assert quarantine.count(connection) == 0
        assert quarantine.find(connection, source="other", state=None) == []
        settled = quarantine.get(connection, first.id)
    assert (settled.state, settled.settled_at, settled.settled_by) == (QuarantineState.REPLAYED, day(1), "ida")


def test_what_is_not_in_quarantine_cannot_be_settled(engine: Engine) -> None:
    with pytest.raises(NotFound), write(engine) as connection:
        quarantine.dismiss(connection, "nothing", by="ida", now=NOON)
