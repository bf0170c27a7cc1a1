"""The broker as `lrs-bridge doctor` sees it: real ones that answer, refuse, and are not there."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis

from lrs_bridge import broker
from lrs_bridge.cli.diagnosis import Level
from lrs_bridge.cli.doctor import doctor
from lrs_bridge.cli.session import Session
from support.process import LOOPBACK, free_port
from support.running import Installation
from support.valkey import valkey_running

PASSWORD = "correct-horse"
NEVER = "Nothing is lost meanwhile: what is due stands in the database."
Diagnose = Callable[[str], dict[str, str]]


@pytest.fixture
def diagnose(
    installation: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Diagnose:
    """What doctor says about a broker, and that its password is nowhere in what it says."""
    toml = installation.folder / "lrs_bridge.toml"
    monkeypatch.setenv("LRS_PASSWORD", "sandbox")

    def ask(url: str) -> dict[str, str]:
        monkeypatch.setenv("LRS_BRIDGE_CELERY__BROKER", url)
        doctor.main(["--json"], standalone_mode=False, obj=Session(toml, debug=False))
        said = capsys.readouterr().out
        assert PASSWORD not in said
        [found] = [each for each in json.loads(said)["checks"] if each["check"] == "broker"]
        return dict(found)

    return ask


def test_in_memory_is_right_for_one_process(diagnose: Diagnose) -> None:
    found = diagnose("memory://")

    assert found["level"] == Level.OK
    assert "as `lrs-bridge up` needs it" in found["message"]


@pytest.mark.real_server
def test_a_valkey_that_is_there_and_then_is_not(diagnose: Diagnose, tmp_path: Path) -> None:
    with valkey_running(tmp_path) as (url, child):
        where = f"Redis or Valkey at {url.removeprefix('redis://').removesuffix('/0')}"
        up = diagnose(url)
        child.kill()
        down = diagnose(url)

    assert (up["level"], up["message"], up["advice"]) == (Level.OK, f"{where} answers", "")
    assert (down["level"], down["message"]) == (Level.FAIL, f"{where} does not answer (ConnectionError)")
    assert down["advice"] == f"Start it, or correct [celery] broker. {NEVER}"


@pytest.mark.real_server
def test_a_valkey_that_does_not_let_us_in(diagnose: Diagnose, valkey_url: str) -> None:
    with Redis.from_url(valkey_url) as server:
        server.config_set("requirepass", "another")
    found = diagnose(valkey_url.replace("//", f"//:{PASSWORD}@"))

    assert found["level"] == Level.FAIL
    assert found["message"].endswith("refuses the sign-in (AuthenticationError)")
    assert "LRS_BRIDGE_CELERY__BROKER" in found["advice"]


@pytest.mark.real_server
def test_a_rabbitmq_that_is_there_and_one_that_does_not_let_us_in(diagnose: Diagnose, rabbitmq_url: str) -> None:
    where = rabbitmq_url.rpartition("@")[2].removesuffix("//")

    assert diagnose(rabbitmq_url)["message"] == f"RabbitMQ at {where} answers"
    for wrong in (rabbitmq_url.replace("guest:guest", f"guest:{PASSWORD}"), rabbitmq_url + "nowhere"):
        found = diagnose(wrong)
        assert found["level"] == Level.FAIL
        assert "refuses the sign-in" in found["message"]


def test_a_rabbitmq_that_is_not_there(diagnose: Diagnose) -> None:
    port = free_port()
    found = diagnose(f"amqp://lrs:{PASSWORD}@{LOOPBACK}:{port}//")

    assert found["level"] == Level.FAIL
    assert found["message"] == f"RabbitMQ at {LOOPBACK}:{port} does not answer (ConnectionRefusedError)"


def test_a_broker_of_a_kind_that_is_not_known_is_said_as_well(diagnose: Diagnose) -> None:
    found = diagnose("nonsense://127.0.0.1/0")

    assert found["level"] == Level.FAIL
    assert "of a kind that is not known" in found["message"]


def test_what_is_sent_to_rabbitmq_counts_as_sent_once_it_says_so() -> None:
    assert broker.transport_options("amqp://127.0.0.1//", timedelta(minutes=1)) == {"confirm_publish": True}
