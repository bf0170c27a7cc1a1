"""`rules diff`: what changes from one set of rules to another, by rule and not by line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Connection

from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.prose import heading, show_lines
from lrs_bridge.cli.rules.differences import difference_document, difference_lines
from lrs_bridge.cli.rules.paths import chosen
from lrs_bridge.cli.rules.versioning import ACTIVE, Texts, is_version, missing_path, texts_of, version_named
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read
from lrs_bridge_rules.differences.difference import difference
from lrs_bridge_rules.documents.loader import sources_of


@click.command()
@click.argument("before", metavar="[A]", required=False)
@click.argument("after", metavar="[B]", required=False)
@json_option
@pass_session
def diff(session: Session, before: str | None, after: str | None, as_json: bool) -> None:
    """Show what changes from A to B. By rule: versions by number, `active`, or files and folders.

    Without B: from version A to the one in force, or from the one in force to the files A. Without both: from the one
    in force to the files of the configuration. What is only written differently is no change.
    """
    old, new = _sides(session, before, after)
    found = difference(old.documents, new.documents)
    if as_json:
        show_json({"before": old.name, "after": new.name, **difference_document(found)})
        return
    show_lines([heading(f"{old.name} → {new.name}"), *difference_lines(found)])


def _sides(session: Session, before: str | None, after: str | None) -> tuple[Texts, Texts]:
    names = _names(before, after)
    if any(name is not None and is_version(name) for name in names):
        with _connected(session) as connection:
            return _side(session, names[0], connection), _side(session, names[1], connection)
    return _side(session, names[0], None), _side(session, names[1], None)


def _names(before: str | None, after: str | None) -> tuple[str, str | None]:
    """What is compared with what; None: the files of the configuration."""
    if before is None or (before == ACTIVE and after is None):
        return ACTIVE, None
    if after is not None:
        return before, after
    return (before, ACTIVE) if is_version(before) else (ACTIVE, before)


@contextmanager
def _connected(session: Session) -> Iterator[Connection]:
    with session.bridge() as bridge, read(bridge.engine) as connection:
        yield connection


def _side(session: Session, name: str | None, connection: Connection | None) -> Texts:
    """A version, or files; without a name those of the configuration."""
    if name is not None and connection is not None and is_version(name):
        return texts_of(version_named(connection, name), rulesets.active_number(connection))
    paths = chosen(session, [] if name is None else [Path(name)])
    if not paths[0].exists():
        raise missing_path(str(paths[0]))
    return Texts(str(paths[0]), sources_of(paths))
