"""The whole demo, lived through once for all tests that look at what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lrs_bridge.demo.organisation import invent
from lrs_bridge.demo.times import start_of_day
from lrs_bridge.demo.year import Lived, lived

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)


@pytest.fixture(scope="session")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """200 people, one year, two LRSs over HTTP: as `lrs-bridge demo` has it."""
    folder: Path = tmp_path_factory.mktemp("larkfield")
    with lived(invent(now=start_of_day(NOW)), folder, until=NOW) as life:
        yield life
