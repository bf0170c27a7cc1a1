"""What the tests of acts share: a small installation that lives, and an empty store."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lrs_bridge.bridge import Bridge
from lrs_bridge.store import schema
from lrs_bridge.store.engine import make_engine
from support.installation import an_installation


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    """Alice learned what was agreed with Mona, and has two application tasks; Ben painted."""
    with an_installation(tmp_path) as bridge:
        yield bridge


@pytest.fixture
def lived_in(bridge: Bridge) -> Engine:
    """The store of that installation."""
    return bridge.engine


@pytest.fixture(scope="session")
def empty_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laid-out SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    engine = make_engine(f"sqlite:///{file}")
    schema.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture
def engine(empty_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty store."""
    shutil.copy(empty_template, tmp_path / "store.db")
    engine = make_engine(f"sqlite:///{tmp_path}/store.db")
    yield engine
    engine.dispose()
