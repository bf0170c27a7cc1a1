"""People of the invented year are erased: the organisation's figures stay, and nothing is left of the people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from lrs_bridge.acts import privacy
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.bridge import Bridge
from lrs_bridge.demo.year import Lived
from lrs_bridge.jobs import reconcile
from lrs_bridge.settings import Settings
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.erasing import scrub
from lrs_bridge.store.read_models.overview import Overview, overview
from lrs_bridge.store.tables import CompletionRow, FollowUpRow, StatementRow
from support.scanning import traces

#: The managing director, a manager, and three who are led.
WHO = ("L001", "L005", "L011", "L033", "L120")


@pytest.fixture
def copied(life: Lived, tmp_path: Path) -> Iterator[Bridge]:
    """The installation after its year, in a copy that may be changed."""
    scrub(life.bridge.engine)  # which empties the write-ahead log, so that the file is everything
    shutil.copy(life.bridge.engine.url.database or "", tmp_path / "copy.db")
    settings = life.bridge.settings
    changes = {
        "database": {"url": f"sqlite:///{tmp_path}/copy.db"},
        "privacy": {"secret_key_file": tmp_path / "key", "erasures_file": tmp_path / "erasures"},
    }
    copy = Settings.model_validate({**settings.model_dump(), **changes})
    with Bridge.open(copy, clock=life.clock) as bridge:
        reconcile(bridge, bridge.clock())
        yield bridge


def figures(bridge: Bridge) -> Overview:
    settings = bridge.settings
    with read(bridge.engine) as connection:
        return overview(
            connection,
            bridge.clock(),
            zone=settings.organisation.zone,
            sources=settings.source_names,
            stale_after=settings.schedule.stale_after,
        )


def known_of(bridge: Bridge, life: Lived) -> list[str]:
    """Names, addresses, accounts and ids of those who are erased."""
    people = [each for each in life.invention.people if each.id in WHO]
    known = [text for each in people for text in (each.learner.name, each.learner.email, each.mbox_sha1)]
    with read(bridge.engine) as connection:
        for column, owner in (
            (StatementRow.id, StatementRow.ifi.in_([ifi for each in people for ifi in each.identities])),
            (CompletionRow.id, CompletionRow.learner_id.in_(WHO)),
            (FollowUpRow.id, FollowUpRow.learner_id.in_(WHO)),
        ):
            known += connection.execute(select(column).where(owner)).scalars()
    return known


@pytest.mark.slow
def test_erasing_people_changes_no_figure_and_leaves_no_trace(copied: Bridge, life: Lived) -> None:
    before, known = figures(copied), known_of(copied, life)
    assert traces(copied.engine, known) == set(known)

    erased = [privacy.erase(copied, OPERATOR, who, "asked for it", copied.clock()) for who in WHO]
    assert scrub(copied.engine)

    assert [each.same for each in erased] == [True] * len(WHO)
    assert figures(copied) == before
    assert traces(copied.engine, known) == set()

    with write(copied.engine) as connection:
        mark_due(connection, None, copied.clock())
    assert reconcile(copied, copied.clock()).writes == 0
    assert figures(copied) == before
