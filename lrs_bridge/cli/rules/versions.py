"""`rules list/show/rollback`: the published versions, and which of them is in force."""

from __future__ import annotations

from collections.abc import Sequence

import click

from lrs_bridge.acts import rules as acts
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, Value, show_json, show_tables
from lrs_bridge.cli.prose import Line, heading, show_lines
from lrs_bridge.cli.rules.differences import difference_document, difference_lines, show_changes
from lrs_bridge.cli.rules.versioning import (
    LARGEST_NUMBER,
    drawn_from_option,
    note_option,
    required_note,
    version_named,
)
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.errors import UsageError
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read
from lrs_bridge.store.rulesets import Activation, RulesetVersion
from lrs_bridge_rules.differences.difference import difference, short_name


@click.command("list")
@json_option
@pass_session
def list_versions(session: Session, as_json: bool) -> None:
    """List the published versions, the newest first. And when each came into force."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        found, active = rulesets.versions(connection), rulesets.active_number(connection)
        activations = rulesets.activations(connection)
    if as_json:
        show_json(
            {
                "versions": [_meta(each) | {"active": each.number == active} for each in found],
                "activations": activations,
            }
        )
        return
    rows = [
        (each.number, "in force" if each.number == active else "", each.at, each.author, each.note) for each in found
    ]
    show_tables([Table("", ("version", "", "published", "by", "note"), rows), *_returns(activations)])


def _meta(version: RulesetVersion) -> dict[str, object]:
    return {key: getattr(version, key) for key in ("number", "author", "note", "digest", "at")}


def _returns(activations: Sequence[Activation]) -> list[Table]:
    """The times when somebody went back: each version came into force first when it was published."""
    rows = [
        (each.number, each.at, each.by, each.note)
        for place, each in enumerate(activations)
        if any(earlier.number == each.number for earlier in activations[place + 1 :])
    ]
    return [Table("Rolled back", ("to version", "at", "by", "note"), rows)] if rows else []


@click.command()
@click.argument("number", metavar="NUMBER")
@click.option("--document", help="Print the text of this document, and nothing else.")
@json_option
@pass_session
def show(session: Session, number: str, document: str | None, as_json: bool) -> None:
    """Show a version: note, documents, what it changed. NUMBER, or `active`."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        version = version_named(connection, number)
        active = rulesets.active_number(connection)
        before = rulesets.get(connection, version.number - 1)
        activations = [each for each in rulesets.activations(connection) if each.number == version.number]
    if document is not None:
        click.echo(_text(version, document), nl=False)
        return
    found = difference(before.documents if before else {}, version.documents)
    if as_json:
        texts = [{"name": name, "text": text} for name, text in version.documents.items()]
        more = {"active": version.number == active, "documents": texts, "activations": activations}
        show_json(_meta(version) | more | {"changed": difference_document(found)})
        return
    show_lines([heading(f"Version {version.number}{' (in force)' if version.number == active else ''}")])
    show_tables([Table("", ("", ""), _facts(version))])
    show_tables(
        [Table("Documents", ("name", "lines"), [(n, len(t.splitlines())) for n, t in version.documents.items()])]
    )
    if before is not None:
        show_lines([Line(), heading(f"Changed since version {before.number}"), *difference_lines(found)])


def _facts(version: RulesetVersion) -> list[tuple[str, Value]]:
    return [("published", version.at), ("by", version.author), ("note", version.note), ("digest", version.digest)]


def _text(version: RulesetVersion, name: str) -> str:
    """The text of a document, by its name or what that ends with. Raises UsageError."""
    named = [each for each in version.documents if name in (each, short_name(each))]
    if len(named) != 1:
        names = ", ".join(sorted(version.documents))
        what = "Several documents are" if named else "No document is"
        raise UsageError(f"{what} called {name!r} in version {version.number}.", f"It holds: {names}.")
    return version.documents[named[0]]


@click.command()
@click.argument("number", type=click.IntRange(1, LARGEST_NUMBER))
@note_option
@drawn_from_option
@json_option
@pass_session
def rollback(session: Session, number: int, note: str, drawn_from: int | None, as_json: bool) -> None:
    """Put an earlier version in force again. Every learner is planned again; what it changes is shown."""
    why = required_note(note)
    with session.bridge() as bridge:
        with read(bridge.engine) as connection:
            before = rulesets.active(connection)
        news = acts.roll_back(bridge.engine, number, why, OPERATOR, bridge.clock(), drawn_from=drawn_from)
        with read(bridge.engine) as connection:
            after = version_named(connection, str(number))
    documents = before.documents if before is not None else {}
    if as_json:
        show_json(
            {"number": number, "new": news, "changed": difference_document(difference(documents, after.documents))}
        )
        return
    click.echo(f"Version {number} is in force{'. Next: lrs-bridge reconcile' if news else ' already.'}")
    if news:
        show_changes(documents, after.documents)
