"""Deliver: what is due to be told leaves once, is tried again while that makes sense, and is then put aside."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.notice import NoticeKind
from lrs_bridge.jobs import deliver
from lrs_bridge.jobs.deliver import pause_before
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.outbox import OutboxState, revive
from lrs_bridge.store.tables import LearnerRow, OutboxRow
from support.bridges import OpenBridge
from support.builders import day
from support.mail import Mailbox, mail_server, make_certificate
from support.process import LOOPBACK, free_port


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(box: Mailbox) -> Iterator[int]:
    with mail_server(box) as port:
        yield port


@pytest.fixture
def bridge(open_bridge: OpenBridge, port: int) -> Bridge:
    return open_bridge(**by_mail(port))


def by_mail(port: int, **changes: Any) -> Mapping[str, Any]:
    mail = {"host": LOOPBACK, "port": port, "sender": "learning@example.org", "tls": "none", "timeout": "5s"}
    return {
        "mail": mail | changes,
        "delivery": {"channel": "mail", "attempts": 3, "backoff": "5min"},
        "web": {"public_url": "https://learning.example.org/"},
    }


def a_message(bridge: Bridge, key: str = "one", recipient: str = "ada", **details: str) -> None:
    """A message in the outbox, due at noon."""
    values = {
        "key": key,
        "learner_id": "ada",
        "notice_key": key,
        "kind": NoticeKind.FOLLOW_UP_OPENED,
        "recipient_id": recipient,
        "due_at": day(0),
        "details": {"title": "Use it: Excel basics", "due": "2026-03-31", **details},
        "state": OutboxState.PENDING,
        "holds": True,
        "created_at": day(0),
        "next_attempt_at": day(0),
        "attempts": 0,
        "last_error": "",
    }
    with write(bridge.engine) as connection:
        connection.execute(insert(OutboxRow).values(**values))


def outbox(bridge: Bridge) -> dict[str, Any]:
    with read(bridge.engine) as connection:
        return {row.key: row for row in connection.execute(select(OutboxRow.__table__))}


def test_a_letter_arrives_with_names_links_and_whom_to_ask(bridge: Bridge, box: Mailbox) -> None:
    a_message(bridge)

    report = deliver(bridge, day(1))

    [mail] = box.mails
    assert (report.sent, report.ok) == (1, True)
    assert mail["To"] == "Ada Abt <ada@example.org>"
    assert mail["From"] == "learning@example.org"
    assert mail["Subject"] == "Put it to use: Use it: Excel basics"
    assert "Questions? Ask Lea Lind (lea@example.org)." in mail.get_content()
    assert "https://learning.example.org/\r\n" in mail.get_content()
    assert outbox(bridge)["one"].state is OutboxState.SENT


def test_what_was_sent_is_not_sent_again(bridge: Bridge, box: Mailbox) -> None:
    a_message(bridge)
    deliver(bridge, day(1))

    assert deliver(bridge, day(2)).sent == 0
    assert len(box.mails) == 1


def test_what_is_not_due_yet_waits(bridge: Bridge) -> None:
    a_message(bridge)

    assert deliver(bridge, day(-1)).sent == 0


def test_names_are_those_of_the_day_of_delivery(bridge: Bridge, box: Mailbox) -> None:
    a_message(bridge)
    with write(bridge.engine) as connection:
        connection.execute(update(LearnerRow).where(LearnerRow.id == "ada").values(name="Ada Neu"))

    deliver(bridge, day(1))

    assert "Hello Ada Neu," in box.mails[0].get_content()


def test_more_messages_than_a_batch_all_leave(bridge: Bridge, box: Mailbox) -> None:
    for number in range(45):
        a_message(bridge, f"number {number}")

    assert deliver(bridge, day(1)).sent == 45
    assert len({mail["Message-ID"] for mail in box.mails}) == 45


@pytest.mark.parametrize("recipient", ["nobody", "max"])
def test_who_has_no_address_makes_a_dead_letter_with_the_reason(bridge: Bridge, box: Mailbox, recipient: str) -> None:
    with write(bridge.engine) as connection:
        connection.execute(update(LearnerRow).where(LearnerRow.id == "max").values(email=""))
    a_message(bridge, "one", recipient)
    a_message(bridge, "two")

    report = deliver(bridge, day(1))

    assert (report.sent, report.dead, report.ok) == (1, 1, False)
    assert outbox(bridge)["one"].state is OutboxState.DEAD
    assert outbox(bridge)["one"].last_error == (
        "The recipient has no mail address. Add it to the learners, then send again."
    )
    assert len(box.mails) == 1


def test_a_dead_letter_can_be_revived(bridge: Bridge, box: Mailbox) -> None:
    box.answers["ada@example.org"] = "550 5.1.1 ada@example.org unknown"
    a_message(bridge)
    deliver(bridge, day(1))
    box.answers.clear()
    with write(bridge.engine) as connection:
        revive(connection, "one", day(2))

    assert deliver(bridge, day(2)).sent == 1


def test_a_recipient_who_is_refused_for_good_makes_a_dead_letter_that_names_no_address(
    bridge: Bridge, box: Mailbox
) -> None:
    box.answers["ada@example.org"] = "550 5.1.1 ada@example.org unknown"
    a_message(bridge)

    report = deliver(bridge, day(1))

    assert report.dead == 1
    assert outbox(bridge)["one"].last_error == "The mail server refuses the recipient (code 550)."


def test_a_recipient_who_is_refused_for_now_is_tried_again_with_growing_pauses_and_then_put_aside(
    bridge: Bridge, box: Mailbox
) -> None:
    box.answers["ada@example.org"] = "451 4.7.1 greylisted"
    a_message(bridge)
    moment, pauses = day(1), []

    for _ in range(2):
        assert deliver(bridge, moment).retried == 1
        waiting = outbox(bridge)["one"]
        assert waiting.state is OutboxState.RETRY
        pauses.append(waiting.next_attempt_at - moment)
        moment = waiting.next_attempt_at
    last = deliver(bridge, moment)

    assert pauses == [timedelta(minutes=5), timedelta(minutes=10)]
    assert last.dead == 1
    assert outbox(bridge)["one"].state is OutboxState.DEAD


def test_a_letter_that_is_refused_does_not_stop_the_next(bridge: Bridge, box: Mailbox) -> None:
    box.answers["ada@example.org"] = "550 unknown"
    a_message(bridge, "one", "ada")
    a_message(bridge, "two", "max")

    report = deliver(bridge, day(1))

    assert (report.sent, report.dead) == (1, 1)


def test_a_message_that_is_refused_for_its_content_is_put_aside(bridge: Bridge, box: Mailbox) -> None:
    box.data_answer = "554 looks like spam"
    a_message(bridge)

    assert deliver(bridge, day(1)).dead == 1
    assert outbox(bridge)["one"].last_error == "The mail server refuses the message (code 554)."


def test_a_mail_server_that_is_down_costs_no_letter_however_long_it_takes(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(**by_mail(free_port()))
    a_message(bridge, "one")
    a_message(bridge, "two")

    for number in range(1, 12):
        report = deliver(bridge, day(2 * number))

        assert report.retried == 2
        assert "Check [mail] host and port" in report.error
    assert {row.state for row in outbox(bridge).values()} == {OutboxState.RETRY}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate, for a machine whose authorities know it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


def test_a_sign_in_that_is_refused_is_told_without_the_password(
    open_bridge: OpenBridge, box: Mailbox, trusted: Path
) -> None:
    with mail_server(box, password="right", certificate=trusted) as port:
        bridge = open_bridge(**by_mail(port, tls="starttls", username="bridge", password="wrong-one"))
        a_message(bridge)

        report = deliver(bridge, day(1))

    assert report.error == "The mail server refuses the sign-in. Check [mail] username and password."
    assert outbox(bridge)["one"].state is OutboxState.RETRY


def test_a_letter_leaves_over_tls_with_a_sign_in(open_bridge: OpenBridge, box: Mailbox, trusted: Path) -> None:
    with mail_server(box, password="right", certificate=trusted) as port:
        bridge = open_bridge(**by_mail(port, tls="starttls", username="bridge", password="right"))
        a_message(bridge)

        assert deliver(bridge, day(1)).sent == 1
    assert box.signed_in == ["bridge"]


def test_a_certificate_that_nobody_vouches_for_stops_the_sign_in(
    open_bridge: OpenBridge, box: Mailbox, certificate: Path
) -> None:
    with mail_server(box, password="right", certificate=certificate) as port:
        bridge = open_bridge(**by_mail(port, tls="starttls", username="bridge", password="right"))
        a_message(bridge)

        report = deliver(bridge, day(1))

    assert report.error == "TLS with the mail server failed. Check [mail] tls, port and certificate."
    assert box.signed_in == []


def test_nothing_leaves_in_the_clear_where_tls_is_asked_for(open_bridge: OpenBridge, box: Mailbox, port: int) -> None:
    for tls in ("starttls", "tls"):
        bridge = open_bridge(**by_mail(port, tls=tls))
        a_message(bridge, tls)

        assert "tls" in deliver(bridge, day(1)).error.lower()
    assert box.mails == []


def test_the_log_channel_sends_nothing_and_settles_the_message(open_bridge: OpenBridge, box: Mailbox) -> None:
    bridge = open_bridge(web={"public_url": "https://learning.example.org"})
    a_message(bridge, "one", "nobody")

    assert deliver(bridge, day(1)).sent == 1
    assert outbox(bridge)["one"].state is OutboxState.SENT
    assert box.mails == []


def test_pauses_grow_to_a_day_and_no_further() -> None:
    pauses = [pause_before(attempt, timedelta(minutes=5)) for attempt in (2, 3, 4, 50)]

    assert pauses == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20), timedelta(days=1)]
