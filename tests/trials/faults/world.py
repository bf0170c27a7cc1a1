"""What is in the LRS of the fault trials: some invented learning, half of it known already when the fault begins.

One statement every twenty seconds, from NOON on; the clock of the trials stands a minute behind the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.times import format_time
from support.bridges import a_body, voiding
from support.builders import NOON

Json = dict[str, Any]

STEP = timedelta(seconds=20)
MANY = 32
NOW = NOON + MANY * STEP + timedelta(minutes=1)
_IDS = UUID("2b0f9c1a-5d0e-5c3b-9a44-8a1d5f0e7c11")
#: Whatever of these stands in a message for the operator has leaked out of a statement.
PRIVATE = ("ada", "bo@", "cleo", "course/", "example.org/", "Excel")


@dataclass(frozen=True)
class World:
    """Statements in the order of `stored`: those that were pulled before, and those that come with the fault."""

    early: Sequence[Json]
    late: Sequence[Json]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(each["id"] for each in (*self.early, *self.late))


def statement_id(number: int) -> str:
    """The id of the statement with this number; every other one is of the seventh version."""
    return f"0190f6d2-{number:04x}-7d3e-8f40-0123456789ab" if number % 2 else str(uuid5(_IDS, str(number)))


def stored(number: int) -> datetime:
    return NOON + number * STEP


def wanted(count: int, start: int = MANY // 2) -> tuple[str, ...]:
    """The ids of so many of Ada's completions, from `start` on."""
    numbers = [number for number in range(start, MANY) if number % 4 == 1]
    return tuple(map(statement_id, numbers[:count]))


def ordinary(count: int = MANY) -> World:
    """Ada's completions, those of people who are not known, and noise."""
    statements = [_statement(number) for number in range(count)]
    return World(statements[: count // 2], statements[count // 2 :])


def tied() -> World:
    """The same; what is late was all stored in one instant."""
    world = ordinary()
    instant = format_time(stored(MANY // 2))
    return World(world.early, [{**each, "stored": instant} for each in world.late])


def backdated() -> World:
    """The same; one of Ada's late completions happened two hours before it was stored."""
    world, own_id = ordinary(), wanted(1)[0]
    long_ago = (NOON - timedelta(hours=2)).isoformat()
    return World(
        world.early, [{**each, "timestamp": long_ago} if each["id"] == own_id else each for each in world.late]
    )


def crowded() -> World:
    """A page of a thousand, stored within ten seconds."""
    late = [_statement(number) for number in range(1, 1001)]
    begin = stored(MANY // 2)
    times = (format_time(begin + number * timedelta(milliseconds=10)) for number in range(len(late)))
    return World([_statement(0)], [{**each, "stored": when} for each, when in zip(late, times, strict=True)])


def voided_twice() -> World:
    """A completion of Ada's is voided, and the voiding statement is voided as well."""
    world = ordinary()
    first = _voider(MANY, statement_id(1))
    return World(world.early, [*world.late, first, _voider(MANY + 1, first["id"])])


def voided() -> World:
    """A completion of Ada's is voided."""
    world = ordinary()
    return World(world.early, [*world.late, _voider(MANY, statement_id(1))])


def fill(lrs: SandboxLrs, statements: Sequence[Json]) -> None:
    lrs.load([dict(each) for each in statements])


def _voider(number: int, target: str) -> Json:
    return _stamped(number, voiding(target, at=stored(number)))


def _statement(number: int) -> Json:
    return _stamped(number, _KINDS[number % 4](number, stored(number % MANY)))


def _stamped(number: int, body: Mapping[str, Any]) -> Json:
    return {**body, "id": statement_id(number), "stored": format_time(stored(number)), "version": "1.0.3"}


def _course(number: int, name: str) -> Json:
    return {"id": f"https://lms.example.org/course/{number}", "definition": {"name": {"en": f"{name} {number}"}}}


_AGENTS: Sequence[Json] = ({"objectType": "contextAgent", "agent": {"mbox": "mailto:bo@example.org"}},)
_LARGE_NUMBER: Json = {"extensions": {"https://example.org/number": 2**53 + 1}}
_KINDS: Sequence[Callable[[int, datetime], Json]] = (
    lambda number, at: a_body("experienced", at=at, object=_course(number, "Page")),
    lambda number, at: a_body("completed", at=at, object=_course(number, "Excel part")),
    lambda number, at: a_body(
        "passed", at=at, object=_course(number, "Painting"), context={"contextAgents": _AGENTS}, result=_LARGE_NUMBER
    ),
    lambda number, at: a_body(
        "completed", at=at, object=_course(number, "Excel part"), actor={"mbox": "mailto:cleo@example.org"}
    ),
)
