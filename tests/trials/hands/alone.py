"""One process that does everything alone: what all the others together have to come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lrs_bridge.bridge import Bridge
from lrs_bridge.settings import Settings
from lrs_bridge_connectors.sandbox import SandboxLrs
from trials.hands.acts import Done, do_again
from trials.hands.hand import at_rest, turn
from trials.hands.world import World


@dataclass
class HandClock:
    """A clock that stands until it is set."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def work_alone(
    world: World, settings: Mapping[str, Any], sandbox: SandboxLrs, lrs_clock: HandClock, done: Sequence[Sequence[Done]]
) -> None:
    """Round after round: what people did, then what the LRS heard, then every job until nothing is left."""
    clock = HandClock(world.start)
    with Bridge.open(Settings.model_validate(settings), clock=clock) as bridge:
        for number in range(world.rounds):
            clock.now = world.begin_of(number)
            for act in done[number]:
                do_again(bridge, act, clock.now)
            for moment, statements in world.bursts(number):
                sandbox.load(statements)
                lrs_clock.now = moment
            first = True
            while first or not at_rest(bridge):
                did = turn(bridge)
                assert not did.errors, did.errors
                first = False
