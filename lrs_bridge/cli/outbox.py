"""`outbox list/retry`: messages to people, and those among them that were given up."""

from __future__ import annotations

import click

from lrs_bridge.acts import outbox as acts
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, show_json, show_tables
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store import outbox as store
from lrs_bridge.store.engine import read
from lrs_bridge.store.outbox import OutboxState
from lrs_bridge_rules.wording import counted

_NEXT = "Mend what kept them, then run `lrs-bridge outbox retry` with the ids of those to send, or with --all."


@click.group()
def outbox() -> None:
    """Messages to people. Those that could not be delivered are kept, with the reason."""


@outbox.command("list")
@click.option(
    "--limit", type=click.IntRange(1, 20_000), default=50, show_default=True, help="Show at most so many given-up ones."
)
@json_option
@pass_session
def list_messages(session: Session, limit: int, as_json: bool) -> int:
    """Count messages by state, and list those that were given up. Ends with 1 if there are any.

    Recipients are shown by their id among the learners: neither names nor addresses nor texts.
    """
    with session.bridge() as bridge, read(bridge.engine) as connection:
        counts = store.counts(connection)
        found = store.given_up(connection)
    states = {str(state): counts.get(state, 0) for state in OutboxState}
    if as_json:
        show_json({"states": states, "given_up": [_row(each) for each in found[:limit]]})
    else:
        columns = ("id", "kind", "recipient", "since", "attempts", "reason")
        rows = [(e.id, e.kind, e.recipient_id, e.at, e.attempts, e.reason) for e in found[:limit]]
        cut = f", the first {limit:,} of them" if len(found) > limit else ""
        show_tables([Table("Messages", ("state", "how many"), list(states.items()))])
        if rows:
            show_tables([Table(f"{len(found):,} given up{cut}", columns, rows)])
            click.echo(_NEXT, err=True)
    return PROBLEMS if found else DONE


@outbox.command()
@click.argument("messages", metavar="[MESSAGE…]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Try everything again that was given up.")
@json_option
@pass_session
def retry(session: Session, messages: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Have given-up messages tried again, once the cause is mended. The next delivery sends them."""
    if bool(messages) == everything:
        raise click.UsageError("Name the messages to try again, or use --all.")
    with session.bridge() as bridge:
        now = bridge.clock()
        number = acts.retry_all(bridge, OPERATOR, now) if everything else acts.retry(bridge, OPERATOR, messages, now)
    if as_json:
        show_json({"retried": number})
    else:
        again = f"{counted(number, 'message')} will be tried again; `lrs-bridge deliver` does it now."
        click.echo(again if number else "No message was given up: nothing is to be tried again.")


def _row(message: store.GivenUp) -> dict[str, object]:
    return {
        "id": message.id,
        "kind": message.kind,
        "recipient": message.recipient_id,
        "at": message.at,
        "attempts": message.attempts,
        "reason": message.reason,
    }
