"""`up`, `web`, `worker`, `beat`: the processes that go on until they are stopped."""

from __future__ import annotations

import click

from lrs_bridge.cli.session import Session, pass_session


@click.command()
@pass_session
def up(session: Session) -> int:
    """Run everything in one process: pages, worker and schedule. Needs no broker."""
    from lrs_bridge.service import run

    with session.bridge(serves=True) as bridge:
        return run(bridge, announce=_announce)


@click.command()
@pass_session
def web(session: Session) -> int:
    """Serve the pages alone; workers and beat run elsewhere."""
    from lrs_bridge.service import run_web

    with session.bridge(serves=True) as bridge:
        return run_web(bridge, announce=_announce)


@click.command()
@click.option(
    "--concurrency", type=click.IntRange(1, 256), default=1, show_default=True, help="Tasks at the same time."
)
@click.option(
    "--pool",
    type=click.Choice(["prefork", "solo", "threads"]),
    default="prefork",
    show_default=True,
    help="How tasks run side by side: in processes, one after the other, or in threads.",
)
@pass_session
def worker(session: Session, concurrency: int, pool: str) -> int:
    """Work on tasks from the broker. Start as many as you like."""
    from lrs_bridge.worker import run_worker

    with session.bridge(serves=True) as bridge:
        return run_worker(bridge, concurrency=concurrency, pool=pool)


@click.command()
@pass_session
def beat(session: Session) -> int:
    """Send tasks to the broker when they are due. One is enough; two do no harm."""
    from lrs_bridge.worker import run_beat

    with session.bridge(serves=True) as bridge:
        return run_beat(bridge)


def _announce(line: str) -> None:
    click.echo(line)
