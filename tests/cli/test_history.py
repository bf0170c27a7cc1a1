"""`backfill`: a long history at the command line, with how far it is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import a_body
from support.builders import NOON


@pytest.fixture
def sandbox() -> SandboxLrs:
    """A statement a day for forty days, every second of them wanted."""
    lrs = SandboxLrs(clock=lambda: NOON + timedelta(days=60), credentials=None)
    lrs.load(
        [
            a_body("experienced" if number % 2 else "completed", at=NOON)
            | {"id": str(UUID(int=number, version=4)), "stored": (NOON + timedelta(days=number)).isoformat()}
            for number in range(40)
        ]
    )
    return lrs


@pytest.fixture
def academy(installation: Any, sandbox: SandboxLrs) -> Iterator[Any]:
    """The installation, with the sandbox as a further source that was never pulled."""
    with sandbox.serve() as serving:
        source = f'\n[[sources]]\nname = "academy"\nendpoint = "{serving.endpoint}"\nauth = "none"\npage_limit = 3\n'
        installation.config.write_text(installation.config.read_text("utf-8") + source, "utf-8")
        yield installation


def test_a_history_is_read_to_its_end_and_shown(academy: Any) -> None:
    answer = academy("backfill", "academy", "--json")

    assert (answer.code, answer.err) == (0, "")
    [history] = answer.json["histories"]
    assert (history["state"], history["windows"], history["done"], history["share"]) == ("done", 6, 6, 1.0)
    assert (history["new"], history["noise"], history["left_seconds"]) == (20, 20, None)
    again = academy("pull", "academy", "--json").json["sources"][0]
    assert (again["new"], again["noise"]) == (0, 0)


def test_windows_can_be_left_to_the_workers(academy: Any) -> None:
    academy("backfill", "academy", "--no-work", "--window", "2d")

    [history] = academy("backfill", "--status", "--json").json["histories"]
    status = academy("status")

    assert (history["state"], history["windows"], history["done"], history["read"]) == ("open", 20, 0, 0)
    assert "being read: 0% of it is here" in status.out
    [source] = [each for each in academy("status", "--json").json["sources"] if each["name"] == "academy"]
    assert (source["history_share"], source["history_left_seconds"]) == (0.0, None)


def test_who_stops_it_is_told_how_to_go_on(academy: Any) -> None:
    academy("backfill", "academy", "--no-work")

    stopped = academy("backfill", "academy", "--cancel")
    again = academy("backfill", "academy", "--json")

    assert "6 windows were not read; `lrs-bridge backfill academy` goes on." in stopped.err
    assert again.json["histories"][0]["state"] == "done"
    assert academy("backfill", "academy", "--cancel").code == 2


def test_windows_that_cannot_be_read_say_why(academy: Any, sandbox: SandboxLrs) -> None:
    gone = False
    sandbox.app.before_request(lambda: ("gone", 410) if gone else None)
    academy("backfill", "academy", "--no-work")
    gone = True

    answer = academy("backfill", "academy")

    assert answer.code == 1
    assert "HTTP 410" in answer.err
    assert academy("backfill", "--status").code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("backfill",), "Name the source"),
        (("backfill", "lms"), "lms is not read in windows. Run `lrs-bridge pull`"),
        (("backfill", "academy", "--window", "soon"), "expected a span in quotes"),
        (("backfill", "academy", "--since", "2026-02-02", "--until", "2026-01-01"), "--until lies before --since"),
    ],
)
def test_what_cannot_be_done_is_said(academy: Any, arguments: tuple[str, ...], said: str) -> None:
    answer = academy(*arguments)

    assert answer.code == 2
    assert said in answer.err


def test_a_source_with_nothing_in_it_has_no_history(academy: Any, sandbox: SandboxLrs) -> None:
    sandbox.store._entries.clear()

    answer = academy("backfill", "academy")

    assert answer.code == 0
    assert "there is nothing to be read in windows" in answer.err
