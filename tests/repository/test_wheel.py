"""The wheel: what is in it, and that it works where there is no checkout."""

import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from support.cache import ROOT

# Where the files of the wheel come from, by the folder that they get in it.
ORIGINS = {
    "lrs_bridge/": "lrs_bridge/",
    "lrs_bridge_connectors/": "connectors/lrs_bridge_connectors/",
    "lrs_bridge_rules/packs/": "rules/packs/",
    "lrs_bridge_rules/": "rules/lrs_bridge_rules/",
}

# How the demo calls the steps from a completion to what came of it.
FUNNEL = ("completed", "matched a goal", "a follow-up done", "applied at work", "goal achieved")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command: list[str | Path] = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True, text=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment away from the checkout: the wheel, and the dependencies as they are installed here.

    The path file lends the dependencies only: path files inside the folder that it names, such as the one of an
    editable install, are not followed.
    """
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "env", with_pip=False, symlinks=True)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", home / "env/bin/python"]
    install = [*pip, "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(install, check=True, capture_output=True, text=True)
    [site] = (home / "env/lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home


def run(home: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": f"{home / 'env/bin'}:/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, timeout=200, check=False)


def files_of_origin(folder: str) -> set[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name for name in listed.split("\0") if name and (ROOT / name).is_file()}


def origin_of(name: str) -> str:
    folder = next(folder for folder in ORIGINS if name.startswith(folder))
    return ORIGINS[folder] + name.removeprefix(folder)


def test_the_wheel_carries_the_three_packages_and_the_packs_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]

    expected = {name for folder in ORIGINS.values() for name in files_of_origin(folder)}
    assert {origin_of(name) for name in names} == expected


def test_the_wheel_carries_the_licence_and_the_marks_of_typed_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    assert {f"{package}/py.typed" for package in ("lrs_bridge", "lrs_bridge_connectors", "lrs_bridge_rules")} <= names
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_the_packages_come_from_the_wheel_and_not_from_the_checkout(elsewhere: Path) -> None:
    show = "import lrs_bridge, lrs_bridge_connectors, lrs_bridge_rules as r; print(lrs_bridge.__file__, r.__file__)"

    result = run(elsewhere, "python", "-c", show)

    assert result.returncode == 0, result.stderr
    assert all(path.startswith(str(elsewhere)) for path in result.stdout.split())


def test_the_packs_are_found_inside_the_wheel(elsewhere: Path) -> None:
    show = "from lrs_bridge_rules.documents.loader import available_packs; print(*available_packs(), sep='\\n')"

    result = run(elsewhere, "python", "-c", show)

    assert result.returncode == 0, result.stderr
    assert set(result.stdout.split()) == {path.stem for path in (ROOT / "rules/packs").glob("*.yaml")} != set()


@pytest.mark.timeout(240)  # it lives through a year of two hundred people
def test_the_demo_runs_from_the_wheel_away_from_the_checkout(elsewhere: Path) -> None:
    result = run(elsewhere, "lrs-bridge", "demo", "--no-serve")

    assert result.returncode == 0, result.stderr
    assert funnel_in(result.stdout) == sorted(funnel_in(result.stdout), reverse=True)
    assert min(funnel_in(result.stdout)) > 0


def funnel_in(output: str) -> list[int]:
    """From all that was completed, step by step, to what was achieved."""
    counts = dict(re.findall(r"^ *(\S.*?) +([\d,]+) +\d+ %", output, re.MULTILINE))
    return [int(counts[step].replace(",", "")) for step in FUNNEL]
