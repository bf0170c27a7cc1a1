"""Why a completion came out as it did, for the page: the examination, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from lrs_bridge.domain.examine import Examination, NoSuchCompletionError, examine
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.store.load import load
from lrs_bridge.store.read_models import Story

if TYPE_CHECKING:
    from lrs_bridge.bridge import Bridge


@dataclass(frozen=True, slots=True)
class Explanation:
    """Either the examination, or what stands in its way."""

    examination: Examination | None
    obstacle: str = ""


def explain(connection: Connection, bridge: Bridge, story: Story, now: datetime) -> Explanation:
    """Examine the completion under the active rules, with the learner's facts as they are stored now."""
    try:
        ruleset = bridge.ruleset()
    except ConfigurationError as error:
        return Explanation(None, str(error))
    loaded = load(connection, [story.learner_id], bridge.organisation())
    try:
        return Explanation(examine(loaded[story.learner_id].facts, ruleset, story.completion.id, now))
    except NoSuchCompletionError:
        return Explanation(
            None,
            "The facts have changed since this was worked out; at the next reconcile this completion changes or goes.",
        )
