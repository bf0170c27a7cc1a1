"""`lrs-bridge demo` as a stranger types it: processes of its own, real ports, everything gone afterwards."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
import requests

from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.program import main
from lrs_bridge.demo.installation import prepare
from lrs_bridge.errors import UsageError
from lrs_bridge.settings import load_settings
from lrs_bridge.store.engine import read
from lrs_bridge.store.sources import all_states
from lrs_bridge.store.users import get_user
from support.process import Child, running
from support.running import eventually

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("lrs-bridge")
HEADINGS = (
    "What the record stores sent",
    "What came of the learning",
    "Who needed it, who wanted it",
    "What was wasted, and why",
    "Completed often, and no rule knows what it is about",
    "What waits for somebody",
)


def lrs_bridge(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAM), *arguments]
    return subprocess.run(command, cwd=cwd, env=_own_temporary(cwd), capture_output=True, text=True, check=False)


def _own_temporary(folder: Path) -> dict[str, str]:
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    return {**os.environ, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}


def test_it_prints_what_it_found_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = lrs_bridge("demo", "--no-serve", "--people", "20", cwd=tmp_path)

    assert (done.returncode, [heading for heading in HEADINGS if heading not in done.stdout]) == (0, [])
    assert list(tmp_path.rglob("*")) == [tmp_path / "tmp"]


@pytest.mark.slow
def test_the_same_seed_prints_the_same_on_the_same_day(tmp_path: Path) -> None:
    first, second = (lrs_bridge("demo", "--no-serve", "--people", "25", "--seed", "3", cwd=tmp_path) for _ in range(2))

    assert first.stdout == second.stdout


@pytest.mark.slow
def test_a_folder_keeps_an_installation_that_the_other_commands_read(tmp_path: Path) -> None:
    done = lrs_bridge("demo", "--no-serve", "--people", "20", "--folder", "kept", cwd=tmp_path)
    status = lrs_bridge("--config", "kept/lrs_bridge.toml", "status", "--json", cwd=tmp_path)
    checked = lrs_bridge("--config", "kept/lrs_bridge.toml", "rules", "test", cwd=tmp_path)

    assert (status.returncode, checked.returncode) == (0, 0)
    assert f"  export LRS_BRIDGE_CONFIG={tmp_path}/kept/lrs_bridge.toml\n" in done.stdout
    assert '"funnel"' in status.stdout
    assert (tmp_path / "kept" / "lrs-password").stat().st_mode & 0o077 == 0


def test_nothing_in_a_folder_is_ever_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "precious").write_text("work of years", "utf-8")

    with pytest.raises(SystemExit) as left:
        main(["demo", "--no-serve", "--folder", str(tmp_path)])

    assert left.value.code == 2
    assert "is not an empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_a_folder_that_no_address_can_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="another --folder"):
        prepare(tmp_path / 'say "hello"')


def test_fewer_than_twenty_people_are_wrong_usage(tmp_path: Path) -> None:
    assert lrs_bridge("demo", "--people", "3", cwd=tmp_path).returncode == 2


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_the_pages_to_whom_it_printed_a_sign_in_until_it_is_ended(
    tmp_path: Path, ending: signal.Signals
) -> None:
    with _serving(tmp_path) as child:
        address, password = _printed(child)
        page = _overview(address, "auditor", password)
        child.process.send_signal(ending)
        status = child.wait_for_end(seconds=40)

    assert "Larkfield Waterworks" in page
    assert status == 0
    assert "Nothing is left behind" in child.output()
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.slow
def test_while_it_serves_the_schedule_goes_on_pulling(tmp_path: Path) -> None:
    with _serving(tmp_path, "--folder", "kept") as child:
        with Bridge.open(load_settings(tmp_path / "kept" / "lrs_bridge.toml", {})) as bridge:
            eventually(lambda: _last_pull(bridge) > _served_since(bridge), child, seconds=40)
        child.process.send_signal(signal.SIGINT)
        status = child.wait_for_end(seconds=40)

    assert status == 0


def _last_pull(bridge: Bridge) -> datetime:
    """When the source that was pulled longest ago was pulled."""
    with read(bridge.engine) as connection:
        return min(state.last_ok_at for state in all_states(connection) if state.last_ok_at is not None)


def _served_since(bridge: Bridge) -> datetime:
    """When the year was over: the accounts are made then, and the serving begins."""
    with read(bridge.engine) as connection:
        admin = get_user(connection, "admin")
    assert admin is not None
    return admin.created_at


@contextmanager
def _serving(folder: Path, *options: str) -> Iterator[Child]:
    command: list[str | Path] = [PROGRAM, "demo", "--people", "20", "--port", "0", *options]
    with running("demo", command, log=folder / "log", cwd=folder, env=_own_temporary(folder)) as child:
        child.wait_for_line("Ctrl-C ends everything", seconds=60)
        yield child


def _printed(child: Child) -> tuple[str, str]:
    """The address and the auditor's password."""
    address = re.search(r"Listening on (\S+)", child.output())
    signed_in = re.search(r"sign in as auditor\s+with (\S+)", child.output())
    assert address is not None
    assert signed_in is not None
    return address[1], signed_in[1]


def _overview(address: str, login: str, password: str) -> str:
    with requests.Session() as session:
        form = session.get(f"{address}/sign-in", timeout=10).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert token is not None
        data = {"login": login, "password": password, "csrf_token": token[1]}
        return session.post(f"{address}/sign-in", data=data, timeout=10).text


def test_make_demo_stops_after_printing_when_told_so() -> None:
    def commands(*arguments: str) -> str:
        command = ["make", "--no-print-directory", "--dry-run", "demo", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "lrs-bridge demo --no-serve" in commands("SERVE=0")
    assert "--no-serve" not in commands()
