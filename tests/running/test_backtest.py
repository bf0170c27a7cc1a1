"""A worker takes part in a backtest, over a real Valkey; and nobody is asked where there is no broker."""

from __future__ import annotations

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.backtest import sharing
from lrs_bridge.settings import load_settings
from lrs_bridge.worker import BACKTEST, make_app, share_backtest
from support.bridges import OpenBridge
from support.drafts import edited
from support.running import Installation, eventually
from support.worlds import NOW

DRAFT = edited("a rule is added").documents


@pytest.mark.real_server
def test_a_worker_that_is_asked_tries_the_draft(installation: Installation, valkey_url: str) -> None:
    toml = installation.folder / "lrs_bridge.toml"
    toml.write_text(toml.read_text().replace("[[sources]]", f'[celery]\nbroker = "{valkey_url}"\n[[sources]]'))
    with Bridge(load_settings(toml, {"LRS_PASSWORD": "x"}), installation.engine, lambda: NOW) as bridge:
        begun = sharing.begin(bridge, DRAFT, bridge.clock())
        following = sharing.Following(bridge, begun.run)
        with installation.start("worker", "--pool", "solo") as worker:
            share_backtest(bridge)
            eventually(lambda: not following.look().partial, worker)

    assert following.report.tally.learners == 3


def test_the_task_tries_one_part_and_asks_for_the_next(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(now=NOW)
    begun = sharing.begin(bridge, DRAFT, NOW)
    following = sharing.Following(bridge, begun.run)

    make_app(bridge).tasks[BACKTEST]()

    assert not following.look().partial


def test_without_a_broker_nobody_is_asked(open_bridge: OpenBridge) -> None:
    share_backtest(open_bridge(now=NOW))
