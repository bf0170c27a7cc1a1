"""`rules set-status/except`: small changes of a rule in its file, by which nothing else in the file moves."""

from __future__ import annotations

from pathlib import Path

import click

from lrs_bridge.acts import rule_documents
from lrs_bridge.acts.rule_documents import Changed
from lrs_bridge.cli.rules.paths import chosen, paths_argument
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge_rules.documents.reading import parse
from lrs_bridge_rules.documents.tree import Problems

_NEXT = "Next: lrs-bridge rules test, then lrs-bridge rules publish"
rule_argument = click.argument("rule_id", metavar="RULE")


@click.command("set-status")
@rule_argument
@click.argument("status", type=click.Choice(("draft", "shadow", "active", "retired")))
@paths_argument
@pass_session
def set_status(session: Session, rule_id: str, status: str, paths: tuple[Path, ...]) -> None:
    """Give a rule another status in its file. Nothing is published by it."""
    done = rule_documents.change_status(chosen(session, paths), rule_id, status)
    _tell(done, f"the rule {rule_id!r} is {status} {'now' if done.changed else 'already'}")


@click.command("except")
@rule_argument
@click.option("--when", required=True, help="The case, as in a rule: 'activity.name: {contains: taster}'.")
@click.option("--reason", required=True, help="Why the rule does not apply then.")
@click.option("--author", help="Who said so: a team, or a person.")
@click.option("--until", metavar="DATE", help="The last day on which it counts; else it never ends.")
@paths_argument
@pass_session
def except_case(
    session: Session,
    rule_id: str,
    when: str,
    reason: str,
    author: str | None,
    until: str | None,
    paths: tuple[Path, ...],
) -> None:
    """Add an exception to a rule in its file. Nothing is published by it."""
    said = {"when": _condition(when), "reason": reason, "author": author, "until": until}
    exception = {key: value for key, value in said.items() if value is not None}
    _tell(
        rule_documents.except_case(chosen(session, paths), rule_id, exception),
        f"the rule {rule_id!r} has one exception more",
    )


def _condition(text: str) -> object:
    """Read what is given as on a line of a document. Raises DocumentError with the place in the option."""
    problems = Problems()
    node = parse("--when", text, problems)
    problems.raise_if_any()
    return node.plain() if node is not None else None


def _tell(done: Changed, what: str) -> None:
    click.echo(f"{done.where}: {what}. {_NEXT if done.changed else ''}".rstrip())
