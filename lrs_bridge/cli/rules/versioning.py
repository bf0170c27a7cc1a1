"""What commands about versions of the rules share: notes, version numbers, and what a version is named by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import Connection

from lrs_bridge.errors import UsageError
from lrs_bridge.store import rulesets
from lrs_bridge.store.rulesets import RulesetVersion

#: Far beyond any version there will be, and what a column of PostgreSQL holds.
LARGEST_NUMBER = 2**31 - 1
ACTIVE = "active"

note_option = click.option("--note", default="", help="Why; kept with the version. It is needed.")
drawn_from_option = click.option(
    "--drawn-from",
    type=click.IntRange(1, LARGEST_NUMBER),
    help="The version that was looked at. What somebody else put in force since is not overwritten.",
)


def required_note(note: str) -> str:
    """The note. Raises UsageError where there is none: who comes later would not know why."""
    if not note.strip():
        raise UsageError("A note is needed on why the rules change; it is kept with them.", 'Add --note "why".')
    return note


@dataclass(frozen=True, slots=True)
class Texts:
    """Rule documents with what people call them: `version 3, in force` or the path."""

    name: str
    documents: Mapping[str, str]


def is_version(name: str) -> bool:
    """Whether this names a published version. A file that is called so is named by its path: `./3`."""
    return name == ACTIVE or (name.isascii() and name.isdigit() and 0 < int(name) <= LARGEST_NUMBER)


def version_named(connection: Connection, name: str) -> RulesetVersion:
    """The version of a number, or the one in force. Raises UsageError."""
    if not is_version(name):
        raise UsageError(f"{name!r} is no version of the rules.", "Give its number, or `active`.")
    found = rulesets.active(connection) if name == ACTIVE else rulesets.get(connection, int(name))
    if found is None and name == ACTIVE:
        raise UsageError("No rules are published yet.", "Run `lrs-bridge init`, or `lrs-bridge rules publish`.")
    if found is None:
        raise UsageError(f"There is no version {name} of the rules.", "`lrs-bridge rules list` shows them.")
    return found


def texts_of(version: RulesetVersion, active: int | None) -> Texts:
    """A version under the name by which reports speak of it."""
    return Texts(f"version {version.number}{' (in force)' if version.number == active else ''}", version.documents)


def missing_path(name: str) -> UsageError:
    """What is said of something that is neither a version nor there."""
    return UsageError(f"There is no file or folder {str(Path(name))!r}.", "Name versions by number, or `active`.")
