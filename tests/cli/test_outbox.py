"""`lrs-bridge outbox`: what was given up is shown with its reason, and tried again when asked for."""

from typing import Any

import pytest

from lrs_bridge.acts import outbox as acts
from lrs_bridge.acts.actor import AccountRole, Actor
from lrs_bridge.acts.errors import NotAllowed
from lrs_bridge.bridge import Bridge
from lrs_bridge.settings import load_settings
from lrs_bridge.store import audit, outbox
from lrs_bridge.store.engine import make_engine, read, write
from lrs_bridge.store.outbox import OutboxState

REASON = "The recipient has no mail address. Add it to the learners, then send again."


@pytest.fixture
def given_up(installation: Any) -> Any:
    """An installation in which one of the messages that opened Alice's tasks was given up."""
    engine = make_engine(f"sqlite:///{installation.folder / 'lrs_bridge.db'}")
    first, *others = outbox.take(engine, now=installation.now, limit=9)
    with write(engine) as connection:
        outbox.failed(connection, first, reason=REASON, retry_at=None, now=installation.now)
        for each in others:
            outbox.sent(connection, each, installation.now)
    engine.dispose()
    return installation


def test_what_was_given_up_is_listed_with_its_reason_and_names_nobody(given_up: Any) -> None:
    answer = given_up("outbox", "list", "--json")

    [message] = answer.json["given_up"]
    assert answer.code == 1
    assert answer.json["states"]["dead"] == 1
    assert (message["reason"], message["recipient"], message["attempts"]) == (REASON, "al", 1)
    assert "Alice" not in answer.out
    assert "@" not in answer.out


def test_the_list_says_what_to_do(given_up: Any) -> None:
    answer = given_up("outbox", "list")

    assert REASON in " ".join(answer.out.split())
    assert "Mend what kept them, then run `lrs-bridge outbox retry` with the ids" in answer.err


def test_where_nothing_was_given_up_the_list_ends_well(installation: Any) -> None:
    answer = installation("outbox", "list")

    assert answer.code == 0
    assert "given up" not in answer.out


@pytest.mark.parametrize("how", ["by its id", "--all"])
def test_what_is_retried_leaves_with_the_next_delivery_and_the_act_is_in_the_audit(how: str, given_up: Any) -> None:
    [message] = given_up("outbox", "list", "--json").json["given_up"]

    answer = given_up("outbox", "retry", message["id"] if how == "by its id" else how, "--json")

    assert (answer.code, answer.json) == (0, {"retried": 1})
    assert given_up("deliver", "--json").json["sent"] == 1
    assert given_up("outbox", "list").code == 0
    engine = make_engine(f"sqlite:///{given_up.folder / 'lrs_bridge.db'}")
    with read(engine) as connection:
        [entry] = audit.entries(connection, subject=message["id"])
        assert OutboxState.DEAD not in outbox.counts(connection)
    engine.dispose()
    assert (entry.act, entry.by) == ("outbox.retry", "command-line")


def test_what_was_not_given_up_cannot_be_retried(given_up: Any) -> None:
    answer = given_up("outbox", "retry", "5b1d7f0e")

    assert answer.code == 1
    assert "No message 5b1d7f0e was given up. `lrs-bridge outbox list` shows those that were." in answer.err
    assert given_up("outbox", "list").code == 1


def test_either_some_are_named_or_all(given_up: Any) -> None:
    for arguments in ((), ("--all", "5b1d7f0e")):
        assert given_up("outbox", "retry", *arguments).code == 2


def test_an_auditor_may_not_retry(given_up: Any) -> None:
    auditor = Actor("audrey", AccountRole.AUDITOR)
    with Bridge.open(load_settings(given_up.config, {})) as bridge:
        with pytest.raises(NotAllowed):
            acts.retry_all(bridge, auditor, given_up.now)
        with pytest.raises(NotAllowed):
            acts.retry(bridge, auditor, ["5b1d7f0e"], given_up.now)


def test_status_and_doctor_say_how_many_were_given_up_and_what_to_do(given_up: Any) -> None:
    assert "messages given up (see `outbox list`) 1" in " ".join(given_up("status").out.split())
    [found] = [each for each in given_up("doctor", "--json").json["checks"] if each["check"] == "messages"]

    assert found["message"] == "1 given up"
    assert "lrs-bridge outbox retry --all" in found["advice"]


def test_where_nothing_was_given_up_trying_everything_again_says_so(installation: Any) -> None:
    answer = installation("outbox", "retry", "--all")

    assert (answer.code, answer.out) == (0, "No message was given up: nothing is to be tried again.\n")
