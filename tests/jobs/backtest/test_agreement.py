"""A backtest says what publishing really brings: the draft is put in force, and the tables are counted."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.activity import CatalogueActivity
from lrs_bridge.domain.facts import StatementFact
from lrs_bridge.domain.follow_up import FollowUpAct, FollowUpActKind
from lrs_bridge.jobs import reconcile
from lrs_bridge.jobs.backtest import backtest
from lrs_bridge.jobs.sorting import wanted_of
from lrs_bridge.store.acts_log import add_follow_up_act
from lrs_bridge.store.catalogue import save_catalogue
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import save_page
from lrs_bridge.store.tables import FollowUpRow
from lrs_bridge_rules.ruleset import Ruleset
from support.bridges import settings_for
from support.builders import PAINTING, a_contract, a_goal, a_ruleset, a_statement, an_activity, day
from support.drafts import drafts, edited
from support.publishing import differences, foretold, put_in_force, state_of
from support.worlds import NOW, PRE_TEST, histories

ART = a_goal(id="goal-art", title="Paint", competencies=frozenset({"art"}))


def live(bridge: Bridge, history: Sequence[StatementFact], kinds: Sequence[FollowUpActKind]) -> None:
    """Ada's history is taken in and planned, and people act on the tasks that it opened."""
    bodies = [(each.statement, msgspec.json.encode(each.statement)) for each in history]
    with write(bridge.engine) as connection:
        save_contracts(connection, [a_contract(a_goal(), ART)], day(0))
        save_catalogue(connection, [an_activity(pre_test=PRE_TEST), CatalogueActivity("unused", "Unused")], day(0))
        wanted = [wanted_of(statement, body) for statement, body in bodies]
        save_page(connection, source="lms", wanted=wanted, rejected=[], noise={}, cursor=None, latest=None, now=day(0))
    reconcile(bridge, day(20))
    with read(bridge.engine) as connection:
        tasks = connection.execute(select(FollowUpRow.id).order_by(FollowUpRow.id)).scalars().all()
    with write(bridge.engine) as connection:
        for task, kind in zip(tasks, kinds, strict=False):
            add_follow_up_act(connection, "ada", FollowUpAct(str(uuid4()), task, kind, "ada", day(21)), day(21))


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories, kinds=st.lists(st.sampled_from(FollowUpActKind), max_size=2), before=drafts, draft=drafts)
def test_a_backtest_foretells_what_publishing_brings(
    furnished_sqlite: Path,
    history: list[StatementFact],
    kinds: list[FollowUpActKind],
    before: Ruleset,
    draft: Ruleset,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = shutil.copy(furnished_sqlite, Path(folder) / "copy.db")
        with Bridge.open(settings_for(f"sqlite:///{file}"), clock=lambda: NOW) as bridge:
            live(bridge, history, kinds)
            put_in_force(bridge, before.documents, NOW)
            was = state_of(bridge)

            told = foretold(backtest(bridge, draft.documents, now=NOW).tally)

            assert state_of(bridge) == was  # nothing of it was kept
            put_in_force(bridge, draft.documents, NOW)
            assert told == differences(was, state_of(bridge))


def test_the_report_says_it_in_a_line(furnished_sqlite: Path, tmp_path: Path) -> None:
    file = shutil.copy(furnished_sqlite, tmp_path / "copy.db")
    with Bridge.open(settings_for(f"sqlite:///{file}"), clock=lambda: NOW) as bridge:
        live(bridge, [a_statement("completed", PAINTING, day(-3))], [])
        put_in_force(bridge, a_ruleset().documents, NOW)

        report = backtest(bridge, edited("a rule is added").documents, now=NOW)

    assert report.line == "Would give 1 completion evidence; open 1 follow-up for 1 learner."
