"""Whoever was erased does not come back, by whichever way; nobody else is touched by that."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select

from lrs_bridge.errors import ConfigurationError
from lrs_bridge.store import tombstones
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import Refused
from lrs_bridge.store.ingest import Rejected
from lrs_bridge.store.seal import Seal
from lrs_bridge.store.tables import QuarantineRow, StatementMemberRow, StatementRow
from support.builders import NOON, a_statement
from support.store import a_voider, take_in, wanted

SEAL = Seal("k" * 32)
ADA = "mbox:ada@example.org"


def erased(engine: Engine, *ifis: str, seal: Seal = SEAL) -> None:
    with write(engine) as connection:
        tombstones.add(connection, seal, [mark for ifi in ifis for mark in seal.marks(ifi)], NOON)


def kept(engine: Engine, column: Any = StatementRow.id) -> list[Any]:
    with read(engine) as connection:
        return list(connection.execute(select(column)).scalars())


def a_group(**changes: Any) -> dict[str, Any]:
    members = [{"mbox": "mailto:ada@example.org", "name": "Ada"}, {"mbox": "mailto:ben@example.org"}]
    return {
        "id": "5f0c3d1e-0000-4000-8000-000000000001",
        "actor": {"objectType": "Group", "member": members},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://lms.example.org/x"},
        "timestamp": NOON.isoformat(),
    } | changes


def test_a_statement_of_somebody_who_was_erased_is_counted_and_not_kept(engine: Engine) -> None:
    erased(engine, ADA)
    saved = take_in(engine, wanted(a_statement()), seal=lambda: SEAL)

    assert (saved.new, saved.erased) == (0, 1)
    assert kept(engine) == []


def test_a_group_goes_on_without_who_was_erased(engine: Engine) -> None:
    erased(engine, ADA)
    saved = take_in(engine, wanted(a_group()), seal=lambda: SEAL)

    assert (saved.new, saved.erased) == (1, 0)
    assert kept(engine, StatementMemberRow.ifi) == ["mbox:ben@example.org"]
    assert b"ada" not in kept(engine, StatementRow.body)[0].lower()


def test_a_group_that_comes_again_is_known(engine: Engine) -> None:
    erased(engine, ADA)
    take_in(engine, wanted(a_group()), seal=lambda: SEAL)
    again = take_in(engine, wanted(a_group()), seal=lambda: SEAL)

    assert (again.duplicates, again.quarantined) == (1, 0)


def test_a_broken_record_that_names_somebody_who_was_erased_is_not_put_aside(engine: Engine) -> None:
    erased(engine, ADA)
    half = Rejected(None, b'{"actor": {"mbox": "mailto:ada@example.org"', "not JSON")
    take_in(engine, rejected=(half, Rejected(None, b"{", "not JSON")), seal=lambda: SEAL)

    assert kept(engine, QuarantineRow.body) == [b"{"]


def test_what_somebody_voided_stays_voided_without_who_did_it(engine: Engine) -> None:
    target = a_statement()
    erased(engine, "mbox:lms@example.org")
    take_in(engine, wanted(target), wanted(a_voider(target.id)), seal=lambda: SEAL)

    assert target.id in kept(engine, StatementRow.voids)
    assert "mbox:lms@example.org" not in kept(engine, StatementRow.ifi)


@pytest.mark.parametrize("sent", ["mailto:Ada@Example.org", "mailto:ADA@example.org"])
def test_an_address_is_recognised_in_any_letter_case(engine: Engine, sent: str) -> None:
    erased(engine, ADA)
    saved = take_in(engine, wanted(a_group(actor={"mbox": sent})), seal=lambda: SEAL)

    assert saved.erased == 1


def test_an_address_is_recognised_by_its_hash(engine: Engine) -> None:
    from lrs_bridge_rules.statements.identifier import mbox_sha1

    erased(engine, ADA)
    saved = take_in(
        engine, wanted(a_group(actor={"mbox_sha1sum": mbox_sha1(ADA).removeprefix("sha1:")})), seal=lambda: SEAL
    )

    assert saved.erased == 1


def test_without_the_key_nothing_is_taken_in(engine: Engine) -> None:
    erased(engine, ADA)

    with pytest.raises(Refused, match="without the key"):
        take_in(engine, wanted(a_statement()))
    assert kept(engine) == []


def test_with_another_key_nothing_is_taken_in(engine: Engine) -> None:
    erased(engine, ADA)

    with pytest.raises(Refused, match="not the one"):
        take_in(engine, wanted(a_statement()), seal=lambda: Seal("o" * 32))


def test_where_nobody_was_erased_no_key_is_asked_for(engine: Engine) -> None:
    def no_key() -> Seal:
        raise ConfigurationError("there is none")

    assert take_in(engine, wanted(a_statement()), seal=no_key).new == 1


def test_readmitted_people_are_taken_in_again(engine: Engine) -> None:
    erased(engine, ADA)
    with write(engine) as connection:
        assert tombstones.lift(connection, SEAL.marks(ADA)) == len(SEAL.marks(ADA))

    assert take_in(engine, wanted(a_statement()), seal=lambda: SEAL).new == 1


def test_the_hashes_say_nothing_without_the_key() -> None:
    assert set(SEAL.marks(ADA)).isdisjoint(Seal("o" * 32).marks(ADA))
    assert all("ada" not in mark for mark in SEAL.marks(ADA))
