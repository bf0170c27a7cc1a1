"""The tests' own ground: a fixture that lies would make every test on it worthless."""

import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from lrs_bridge.log import configure_logging
from lrs_bridge.settings import LogSettings
from support.browser import PHONE, OpenTab
from support.cache import ROOT
from support.logs import logging_kept
from support.parts import require_part
from support.process import ProcessError, free_port, running
from support.sockets import BeyondLoopbackError


@pytest.mark.real_server
def test_every_test_has_a_postgresql_database_of_its_own(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        connection.execute("CREATE TABLE left_behind (id int)")

    assert tables == (0,)


# The same again: what the first one left behind must not be there.
test_no_test_sees_what_another_left_in_postgresql = test_every_test_has_a_postgresql_database_of_its_own


@pytest.mark.real_server
def test_valkey_starts_empty_and_answers(valkey_url: str) -> None:
    with redis.Redis.from_url(valkey_url) as client:
        assert client.dbsize() == 0
        client.set("asked", "answered")
        assert client.get("asked") == b"answered"


@pytest.mark.browser
def test_a_page_that_logs_an_error_is_noticed(open_tab: OpenTab) -> None:
    tab = open_tab(width=PHONE, dark=True)

    tab.page.set_content("<p style='width: 900px'>wide</p><script>console.error('broken')</script>")

    assert tab.overflows()
    assert tab.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    tab.expect_problem("broken")


@pytest.mark.browser
def test_a_page_that_breaks_its_security_policy_is_noticed(open_tab: OpenTab) -> None:
    tab = open_tab()

    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    tab.page.set_content(f"{policy}<p style='color: red'>inline</p>")

    tab.expect_problem("violates the following Content Security Policy directive")


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_a_connection_beyond_loopback_is_refused(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as attempt, pytest.raises(BeyondLoopbackError, match=address):
        attempt.connect((address, 80))


def test_looking_up_a_public_name_is_refused() -> None:
    with pytest.raises(BeyondLoopbackError, match=r"lrs\.example\.org"):
        socket.create_connection(("lrs.example.org", 443), timeout=1)


def test_a_name_that_nobody_has_is_unknown() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("lrs.invalid", 443), timeout=1)


def test_a_missing_part_is_skipped_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("LRS_BRIDGE_REQUIRE_ALL", raising=False)

    with pytest.raises(pytest.skip.Exception, match="A thing is missing: buy it"):
        require_part("A thing", False, "buy it")


@pytest.mark.parametrize("name", ["CI", "LRS_BRIDGE_REQUIRE_ALL"])
def test_a_missing_part_fails_where_everything_is_required(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "true")

    with pytest.raises(pytest.fail.Exception, match="A thing is missing: buy it"):
        require_part("A thing", False, "buy it")


@pytest.mark.parametrize(("required", "status"), [("1", 1), ("", 0)])
def test_a_skipped_test_fails_the_run_only_where_everything_is_required(
    tmp_path: Path, required: str, status: int
) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n\ndef test_one(): pass\n\n@pytest.mark.skip(reason='no time')\ndef test_two(): pass\n"
    )
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "tests"), "LRS_BRIDGE_REQUIRE_ALL": required}
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "support.parts",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        tmp_path,
    ]

    result = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    assert result.returncode == status
    assert "1 passed, 1 skipped" in result.stdout
    assert ("1 skipped, and everything is required" in result.stdout) == bool(required)


def test_a_child_process_is_ended_with_its_block(tmp_path: Path) -> None:
    with running("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "log") as child:
        assert child.process.poll() is None

    assert child.process.returncode is not None


def test_a_child_process_that_ends_too_early_shows_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no licence found')"]
    with (
        running("server", command, log=tmp_path / "log") as child,
        pytest.raises(ProcessError, match="ended with status 1:\nno licence found"),
    ):
        child.wait_for_port(free_port())


def test_a_command_that_set_up_logging_leaves_it_as_it_was() -> None:
    root = logging.getLogger()
    before = root.level, list(root.handlers), logging.getLogger("celery").level
    with logging_kept():
        configure_logging(LogSettings(level="error"))
        assert root.level == logging.ERROR

    assert (root.level, root.handlers, logging.getLogger("celery").level) == before
