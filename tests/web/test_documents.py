"""The administrators' page and the glossary say what the program does, in its words."""

import re

import pytest

from lrs_bridge.acts.users import FAILURES_ALLOWED, LOCKED_FOR
from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.domain.waste import RESCUABLE, WasteReason
from lrs_bridge.web.looks import LOOKS
from lrs_bridge.web.sign_in import SESSION_LENGTH
from lrs_bridge.web.sign_in.guesses import PER_ACCOUNT, WINDOW
from lrs_bridge.web.templating import NAVIGATION
from support.cache import ROOT

GLOSSARY = (ROOT / "docs/glossary.md").read_text()
GUIDE = (ROOT / "docs/for-administrators.md").read_text()
COMMANDS = (ROOT / "docs/command-line.md").read_text()


@pytest.mark.parametrize("word", [*Quadrant, *Standing, *GoalState, *FollowUpState])
def test_the_glossary_knows_every_word_that_a_page_shows(word: Quadrant | Standing | GoalState | FollowUpState) -> None:
    assert LOOKS[word].word.lower() in GLOSSARY.lower().replace("run out", "ran out")


def test_the_glossary_lists_the_reasons_in_their_order() -> None:
    line = next(line for line in GLOSSARY.splitlines() if line.startswith("- **Reasons**"))

    assert re.findall(r"`([a-z-]+)`", line) == [reason.value for reason in WasteReason]
    rescuable = next(line for line in GLOSSARY.splitlines() if line.startswith("- **Rescuable**"))
    assert set(re.findall(r"`([a-z-]+)`", rescuable)) == {reason.value for reason in RESCUABLE}


def test_the_guide_goes_through_every_page() -> None:
    headings = " ".join(re.findall(r"^## (.*)$", GUIDE, re.MULTILINE))

    assert [place.label for place in NAVIGATION if place.label not in headings] == []


def test_the_guide_tells_the_limits_of_the_sign_in_as_they_are() -> None:
    assert (PER_ACCOUNT, FAILURES_ALLOWED) == (5, 5)
    assert WINDOW == LOCKED_FOR
    assert (WINDOW.total_seconds(), SESSION_LENGTH.total_seconds()) == (15 * 60, 12 * 3600)
    assert "After five wrong passwords an account waits a quarter of an hour" in GUIDE
    assert "A session ends after twelve hours" in GUIDE


def test_every_command_that_the_guide_names_exists() -> None:
    named = set(re.findall(r"`(lrs-bridge [a-z ]+)`", GUIDE))

    assert named
    assert [command for command in sorted(named) if f"`{command}`" not in COMMANDS] == []
