"""The program `lrs-bridge`: its global options, and the table of its commands.

Commands are imported when they are called, so that `lrs-bridge status` need not load a web server.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

import lrs_bridge
from lrs_bridge.cli.edge import guarded
from lrs_bridge.cli.lazy import LazyGroup
from lrs_bridge.cli.session import Session

#: name → where the command is. In the order in which people need them.
COMMANDS: Mapping[str, str] = {
    "demo": "lrs_bridge.cli.demo:demo",
    "init": "lrs_bridge.cli.init:init",
    "doctor": "lrs_bridge.cli.doctor:doctor",
    "up": "lrs_bridge.cli.running:up",
    "web": "lrs_bridge.cli.running:web",
    "worker": "lrs_bridge.cli.running:worker",
    "beat": "lrs_bridge.cli.running:beat",
    "db": "lrs_bridge.cli.database:database",
    "user": "lrs_bridge.cli.users:user",
    "people": "lrs_bridge.cli.people:people",
    "learners": "lrs_bridge.cli.importing:learners",
    "strategy": "lrs_bridge.cli.importing:strategy",
    "catalogue": "lrs_bridge.cli.importing:catalogue",
    "agendas": "lrs_bridge.cli.importing:agendas",
    "contracts": "lrs_bridge.cli.importing:contracts",
    "pull": "lrs_bridge.cli.work:pull",
    "backfill": "lrs_bridge.cli.history:backfill",
    "reconcile": "lrs_bridge.cli.work:reconcile",
    "rescan": "lrs_bridge.cli.comparing:rescan",
    "verify": "lrs_bridge.cli.comparing:verify",
    "deliver": "lrs_bridge.cli.work:deliver",
    "retain": "lrs_bridge.cli.work:retain",
    "status": "lrs_bridge.cli.status:status",
    "unmatched": "lrs_bridge.cli.reports:unmatched",
    "waste": "lrs_bridge.cli.reports:waste",
    "rules": "lrs_bridge.cli.rules.group:rules",
    "quarantine": "lrs_bridge.cli.quarantine:quarantine",
    "outbox": "lrs_bridge.cli.outbox:outbox",
}


@click.group(
    cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Configuration file. Without it: $LRS_BRIDGE_CONFIG, ./lrs_bridge.toml, config/lrs_bridge.toml, or defaults.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error. LRS_BRIDGE_DEBUG=1 does the same.")
@click.version_option(lrs_bridge.__version__, prog_name="lrs-bridge")
@click.pass_context
def program(context: click.Context, config: Path | None, debug: bool) -> None:
    """Turn what a Learning Record Store knows into application tasks on learning contracts, and show what was wasted.

    Start with `lrs-bridge demo`, or with `lrs-bridge init` and `lrs-bridge doctor`.
    Exit codes: 0 done, 1 problems found, 2 wrong usage or configuration.
    """
    session = context.ensure_object(Session)
    session.config = config or session.config
    session.debug = session.debug or debug


def main(arguments: list[str] | None = None) -> None:
    """Run the program and leave the process with its exit code."""
    # Whoever started us may have closed an output: then nobody reads it, and the work is done all the same.
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
        sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str], session: Session | None = None) -> int:
    """Run the program and return its exit code. Tests hand in a session with a clock of their own."""
    session = session or Session()

    def call() -> object:
        return program.main(arguments, prog_name="lrs-bridge", standalone_mode=False, obj=session)

    return guarded(call, debug=lambda: session.debug)
