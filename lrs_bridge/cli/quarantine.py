"""`quarantine list/show/replay/dismiss`: records that could not be taken in."""

from __future__ import annotations

import click

from lrs_bridge.acts import quarantine as acts
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.acts.quarantine import Fate
from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, cell_text, cut, show_facts, show_json, show_tables
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.jobs.sorting import sorter_for
from lrs_bridge.store import quarantine as store
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.listing import Request
from lrs_bridge.store.read_models.sources import quarantined
from lrs_bridge.store.tables import QuarantineState

_limit_option = click.option(
    "--limit", type=click.IntRange(1, 20_000), default=50, show_default=True, help="Show at most so many."
)


@click.group()
def quarantine() -> None:
    """Records that could not be taken in. They are kept whole, with the reason."""


@quarantine.command("list")
@click.option("--source", default="", help="Only those of this source.")
@click.option(
    "--state",
    type=click.Choice([str(state) for state in QuarantineState]),
    default=str(QuarantineState.WAITING),
    show_default=True,
    help="Only those in this state.",
)
@_limit_option
@json_option
@pass_session
def list_records(session: Session, source: str, state: str, limit: int, as_json: bool) -> int:
    """List records, the latest first. Ends with 1 while some wait."""
    request = Request(filters={"source": source, "state": state}, size=limit)
    with session.bridge() as bridge, read(bridge.engine) as connection:
        found = quarantined(connection, request)
    if as_json:
        show_json({"total": found.total, "records": found.rows})
    else:
        rows = [(each.id, each.source, each.at, each.size, each.reason) for each in found.rows]
        show_tables([Table(f"{found.total:,} {state}{cut(found)}", ("id", "source", "since", "bytes", "reason"), rows)])
    return PROBLEMS if found.total and state == QuarantineState.WAITING else DONE


@quarantine.command()
@click.argument("record")
@click.option("--body", is_flag=True, help="Print the record itself, as it was received. It may be personal.")
@json_option
@pass_session
def show(session: Session, record: str, body: bool, as_json: bool) -> None:
    """Show why a record was put aside."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        held = store.get(connection, record)
    if body:
        click.echo("\n".join(cell_text(line) for line in held.body.decode(errors="replace").splitlines()))
        return
    facts = {
        "id": held.id,
        "source": held.source,
        "statement_id": held.statement_id,
        "reason": held.reason,
        "size": len(held.body),
        "at": held.at,
        "state": held.state,
        "settled_at": held.settled_at,
        "settled_by": held.settled_by,
    }
    show_json(facts) if as_json else show_facts("", facts)


@quarantine.command()
@click.argument("records", metavar="[RECORD…]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Replay everything that waits.")
@json_option
@pass_session
def replay(session: Session, records: tuple[str, ...], everything: bool, as_json: bool) -> int:
    """Try records again, for instance after the rules were mended. Ends with 1 if some still wait."""
    if bool(records) == everything:
        raise click.UsageError("Name the records to replay, or use --all.")
    with session.bridge() as bridge:
        wanted = list(records) or _waiting(session)
        done = acts.replay_all(bridge, OPERATOR, wanted, bridge.clock(), sorter_for=sorter_for)
    if as_json:
        show_json({"records": done})
    else:
        show_tables([Table("", ("id", "became", "reason"), [(each.id, each.fate, each.reason) for each in done])])
    return PROBLEMS if any(each.fate is Fate.STILL_WAITING for each in done) else DONE


@quarantine.command()
@click.argument("records", metavar="RECORD…", nargs=-1, required=True)
@pass_session
def dismiss(session: Session, records: tuple[str, ...]) -> None:
    """Put records away that nobody needs."""
    with session.bridge() as bridge:
        for each in records:
            acts.dismiss(bridge, OPERATOR, each, bridge.clock())
    click.echo(f"{len(records)} dismissed")


def _waiting(session: Session) -> list[str]:
    """The ids of all that wait, the oldest first."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        return [each.id for each in store.find(connection, limit=store.count(connection))]
