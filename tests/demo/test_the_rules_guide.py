"""docs/rules.md is followed step by step in the demo's installation: files written, commands run, outputs compared.

`LRS_BRIDGE_REWRITE_GUIDE=1` writes what was seen into the guide instead; read the difference before you commit it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from lrs_bridge.cli.session import Session
from lrs_bridge.demo.year import Lived
from support.guide import Command, agrees, follow, rewritten, steps_of

GUIDE = Path(__file__).parents[2] / "docs/rules.md"


def practice_place(life: Lived, folder: Path) -> Session:
    """A copy of the demo's installation, so that its rules can be changed."""
    home = life.configuration.parent
    shutil.copytree(home, folder, dirs_exist_ok=True)
    own = folder / life.configuration.name
    own.write_text(own.read_text("utf-8").replace(str(home), str(folder)), "utf-8")
    return Session(config=own, clock=life.clock)


@pytest.mark.slow
def test_whoever_follows_the_guide_sees_what_it_shows(life: Lived, tmp_path: Path) -> None:
    session = practice_place(life, tmp_path)
    text = GUIDE.read_text("utf-8")
    seen: dict[tuple[int, str], tuple[int, str]] = {}
    for step in steps_of(text):
        found = follow(step, tmp_path, session)
        if isinstance(step, Command):
            seen[step.line, step.words] = found
            if not os.environ.get("LRS_BRIDGE_REWRITE_GUIDE"):
                assert (step.code, True) == (found[0], agrees(step.shown, found[1])), f"{GUIDE}:{step.line}: {found[1]}"
    if os.environ.get("LRS_BRIDGE_REWRITE_GUIDE"):
        GUIDE.write_text(rewritten(text, seen), "utf-8")


def test_what_is_shown_may_leave_out_what_differs_from_day_to_day() -> None:
    assert agrees("3 rules\n…\nend", "3 rules\na\nb\nend")
    assert agrees("on … at noon", "on Monday at noon")
    assert not agrees("3 rules", "4 rules")
    assert not agrees("3 rules", "3 rules\nand a remark")
