"""An installation whose only source is a server that was not written here."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.settings import Settings
from lrs_bridge.store import schema
from lrs_bridge.store.engine import write
from lrs_bridge.store.rulesets import RulesetVersion, publish
from support.builders import a_ruleset
from support.learning_locker.server import PASSWORD, USER

OpenFor = Callable[..., Bridge]


@pytest.fixture
def open_for(tmp_path: Path) -> Iterator[OpenFor]:
    """An installation whose only source is the server at an endpoint."""
    opened: list[Bridge] = []

    def open_(endpoint: str, **changes: object) -> Bridge:
        given = {"name": "real", "endpoint": endpoint, "username": USER, "password": PASSWORD, "page_limit": 1000}
        settings = Settings.model_validate(
            {"database": {"url": f"sqlite:///{tmp_path}/bridge.db"}, "sources": [given | changes]}
        )
        opened.append(Bridge.open(settings))
        schema.upgrade(opened[-1].engine)
        rules, now = a_ruleset(), datetime.now(UTC)
        with write(opened[-1].engine) as connection:
            publish(connection, RulesetVersion(1, "tests", "", rules.digest, rules.documents, now))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()
