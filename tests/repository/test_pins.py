"""The requirement files: complete, checked by hash, free of addresses, and in step with pyproject.toml."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from support.cache import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
# Which extras of the project each file pins, beside the dependencies that everybody needs.
FILES = {
    "runtime.txt": ("postgres", "redis"),
    "test.txt": ("postgres", "redis", "test"),
    "dev.txt": ("postgres", "redis", "test", "dev"),
}
EVERY_FILE = [*(ROOT / "requirements" / name for name in FILES), ROOT / "tests/support/ralph/requirements.txt"]
# What the runtime must reach with its own pins alone: each database and broker that the documentation names.
REACH = {
    "postgresql": "from lrs_bridge.store.engine import make_engine; make_engine('postgresql://x@127.0.0.1/x')",
    "redis": "from celery import Celery; Celery(broker='redis://127.0.0.1:9/0').connection().transport",
    "rabbitmq": "from celery import Celery; Celery(broker='amqp://127.0.0.1:9//').connection().transport",
}

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)(?: ; [^\\]+)? \\$")


def pins_of(path: Path) -> dict[str, Version]:
    found = (_PIN.match(line) for line in path.read_text().splitlines())
    return {canonicalize_name(pin["name"]): Version(pin["version"]) for pin in found if pin}


def wanted_by(extras: tuple[str, ...]) -> list[Requirement]:
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in EXTRAS[extra])]
    return [Requirement(text) for text in texts]


def asked_for_by_project(path: Path) -> set[str]:
    """The pins whose origin, as the file itself tells it, is the project and not another package."""
    pieces = re.split(r"\n(?=[A-Za-z0-9])", path.read_text())
    return {canonicalize_name(piece.split("==")[0]) for piece in pieces if "(pyproject.toml)" in piece}


@pytest.mark.parametrize("name", FILES)
def test_every_dependency_is_pinned_to_a_version_that_the_project_allows(name: str) -> None:
    pins = pins_of(ROOT / "requirements" / name)

    wrong = [
        str(wanted)
        for wanted in wanted_by(FILES[name])
        if (pin := pins.get(canonicalize_name(wanted.name))) is None or pin not in wanted.specifier
    ]

    assert wrong == [], "run `make pins`"


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_pinned_for_a_dependency_that_is_gone(name: str) -> None:
    wanted = {canonicalize_name(each.name) for each in wanted_by(FILES[name])}

    assert asked_for_by_project(ROOT / "requirements" / name) == wanted, "run `make pins`"


def test_the_smaller_files_pin_what_the_largest_pins() -> None:
    largest = pins_of(ROOT / "requirements" / "dev.txt")

    for name in FILES:
        assert pins_of(ROOT / "requirements" / name).items() <= largest.items(), name


def modules_that_the_runtime_lacks() -> list[str]:
    pinned = {*pins_of(ROOT / "requirements" / "runtime.txt"), "lrs-bridge"}
    brought_by = packages_distributions()
    return sorted(name for name, by in brought_by.items() if pinned.isdisjoint(map(canonicalize_name, by)))


@pytest.mark.parametrize("what", REACH)
def test_the_pins_of_the_runtime_are_all_that_it_takes(what: str) -> None:
    as_if_absent = f"import sys; sys.modules.update(dict.fromkeys({modules_that_the_runtime_lacks()!r}))"

    done = subprocess.run(
        [sys.executable, "-c", f"{as_if_absent}; {REACH[what]}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stderr == ""


@pytest.mark.parametrize("path", EVERY_FILE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_pin_has_hashes_and_no_address(path: Path) -> None:
    pieces = re.split(r"\n(?=[A-Za-z0-9])", path.read_text())
    pins = [piece for piece in pieces if not piece.startswith("#")]

    assert [piece.split()[0] for piece in pins if "--hash=sha256:" not in piece] == []
    assert len(pins) == len(pins_of(path)) > 0
    assert "://" not in path.read_text()
    assert not re.search(r"^-", path.read_text(), re.MULTILINE)


def test_the_lock_of_the_javascript_server_has_hashes_and_no_address() -> None:
    text = (ROOT / "tests/support/learning_locker/package-lock.json").read_text()

    assert '"resolved"' not in text
    assert "://" not in text
    assert text.count('"integrity": "sha512-') > 400
