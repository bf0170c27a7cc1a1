"""`lrs-bridge up` as people start it: one process that pulls, plans, answers, and stops when told to."""

import json
import re
import signal
import socket

import pytest
import requests

from support.process import LOOPBACK, Child
from support.running import PASSWORD, Installation, eventually


def address_of(child: Child) -> str:
    child.wait_for_line("Listening on http://")
    found = re.search(r"Listening on (http://\S+)", child.output())
    assert found is not None
    return found[1]


def test_a_statement_in_the_lrs_becomes_tasks_and_the_pages_answer(installation: Installation) -> None:
    with installation.start("up") as up:
        answer = requests.get(f"{address_of(up)}/healthz", timeout=10)
        installation.learn()
        eventually(lambda: installation.tasks() == 2, up)

    assert answer.status_code == 200
    assert PASSWORD not in up.output()
    assert "ada@example.org" not in up.output()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_order_when_told_to(installation: Installation, how: signal.Signals) -> None:
    with installation.start("up") as up:
        address_of(up)
        up.process.send_signal(how)

        assert up.wait_for_end() == 0
    assert "Stopping; what is being done comes to its end." in up.output()
    assert "Traceback" not in up.output()


@pytest.mark.slow
def test_what_it_logs_off_a_terminal_are_json_lines(installation: Installation) -> None:
    installation.learn()
    with installation.start("up") as up:
        eventually(lambda: "reconciled" in up.output(), up)
        up.process.send_signal(signal.SIGTERM)
        up.wait_for_end()

    lines = [line for line in up.output().splitlines() if not line.startswith(("Listening", "Stopping"))]
    assert {"pulled", "reconciled"} <= {json.loads(line)["event"] for line in lines}


@pytest.mark.slow
def test_after_a_power_cut_the_next_start_finishes_the_job(installation: Installation) -> None:
    with installation.start("up") as up:
        address_of(up)
        installation.learn()
        up.kill()

    with installation.start("up") as up:
        eventually(lambda: installation.tasks() == 2, up)


@pytest.mark.slow
def test_an_lrs_that_is_down_stops_nothing_else(installation: Installation) -> None:
    installation.configure("http://127.0.0.1:9/xapi", 'deadline = "1s"')
    with installation.start("up") as up:
        eventually(lambda: "pull stopped" in up.output(), up)

        assert requests.get(f"{address_of(up)}/healthz", timeout=10).status_code == 200
    assert PASSWORD not in up.output()


def test_a_port_that_is_taken_is_said_in_one_sentence(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        toml = installation.folder / "lrs_bridge.toml"
        toml.write_text(toml.read_text().replace("port = 0", f"port = {taken.getsockname()[1]}"))
        with installation.start("up") as up:
            assert up.wait_for_end() == 2

    assert "cannot be listened on (Address already in use). Is it running already?" in up.output()
    assert "Traceback" not in up.output()


def test_a_database_that_is_missing_is_said_in_one_sentence_and_not_made(installation: Installation) -> None:
    (installation.folder / "lrs_bridge.db").unlink()
    with installation.start("up") as up:
        assert up.wait_for_end() == 2

    assert "Run `lrs-bridge db upgrade`" in up.output()
    assert not (installation.folder / "lrs_bridge.db").exists()
