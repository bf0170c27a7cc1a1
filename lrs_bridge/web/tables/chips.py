"""The filters that a link has set, in words, each with a way to take it off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from lrs_bridge.store.read_models.names import activity_name, learner_name
from lrs_bridge.web.current import formats
from lrs_bridge.web.formats import words
from lrs_bridge.web.tables.address import Address


@dataclass(frozen=True, slots=True)
class Chip:
    """“Activity: Excel basics”, and the address without it."""

    label: str
    text: str
    name: str
    value: str
    off: str


def _day(_: Connection, value: str) -> str:
    return formats().day(datetime.fromisoformat(value))


_NAMES: Mapping[str, Callable[[Connection, str], str]] = {
    "activity": activity_name,
    "learner": learner_name,
    "rescuer": learner_name,
    "from": _day,
    "to": _day,
    "step": lambda _, value: words(value),
}


def chips_of(connection: Connection, hidden: tuple[tuple[str, str], ...], address: Address) -> tuple[Chip, ...]:
    """One chip for each filter in force that has no control of its own."""
    filters = address.request.filters
    return tuple(
        Chip(
            label,
            _NAMES.get(name, _as_it_is)(connection, filters[name]),
            name,
            filters[name],
            address.to(**{name: None}),
        )
        for name, label in hidden
        if name in filters
    )


def _as_it_is(_: Connection, value: str) -> str:
    return value
