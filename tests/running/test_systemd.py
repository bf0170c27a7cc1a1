"""The service files start what exists, as nobody in particular, with the configuration that they name."""

from configparser import RawConfigParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from lrs_bridge.cli.program import program

UNITS = sorted((Path(__file__).resolve().parents[2] / "config/systemd").glob("*.service"))


def section(unit: Path, name: str) -> dict[str, str]:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # keys of systemd are case-sensitive
    parser.read_string(unit.read_text())
    return dict(parser[name])


def test_there_is_a_service_for_each_process() -> None:
    assert [unit.stem for unit in UNITS] == ["lrs-bridge-beat", "lrs-bridge-up", "lrs-bridge-web", "lrs-bridge-worker"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_service_starts_a_command_that_exists(unit: Path) -> None:
    executable, command = section(unit, "Service")["ExecStart"].split()

    assert executable.endswith("/lrs-bridge")
    assert CliRunner().invoke(program, [command, "--help"]).exit_code == 0


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_service_runs_without_privileges_and_starts_again_after_a_failure(unit: Path) -> None:
    service = section(unit, "Service")

    assert (service["User"], service["NoNewPrivileges"], service["Restart"]) == ("lrs-bridge", "true", "on-failure")
