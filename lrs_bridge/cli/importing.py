"""`learners|strategy|catalogue|agendas|contracts import` and `contracts export`: files in and out."""

from __future__ import annotations

from pathlib import Path

import click

from lrs_bridge.acts import imports
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.acts.contract_export import contract_texts, joined
from lrs_bridge.acts.imports import Imported
from lrs_bridge.cli.options import files_argument, json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store.engine import read
from lrs_bridge_rules.wording import counted

_check_option = click.option("--check", "check_only", is_flag=True, help="Only check the files; import nothing.")


@click.group()
def learners() -> None:
    """People. Who they are, who leads whom, and how sources name them."""


@click.group()
def strategy() -> None:
    """What the organisation needs. Competencies, objectives, initiatives, needs, learning partners."""


@click.group()
def catalogue() -> None:
    """The activities that people learn with."""


@click.group()
def agendas() -> None:
    """Growth agendas: what people want to learn."""


@click.group()
def contracts() -> None:
    """Learning contracts, in and out."""


@learners.command("import")
@files_argument
@_check_option
@json_option
@pass_session
def import_learners(session: Session, files: tuple[Path, ...], check_only: bool, as_json: bool) -> None:
    """Import learners from CSV files, or from folders of them.

    Nothing is imported if one row is wrong, and the same file twice changes nothing.
    """
    with session.bridge() as bridge:
        done = imports.learners(bridge.engine, OPERATOR, files, bridge.clock(), check_only=check_only, seal=bridge.seal)
    _tell(done, check_only=check_only, as_json=as_json)


@strategy.command("import")
@files_argument
@_check_option
@json_option
@pass_session
def import_strategy(session: Session, files: tuple[Path, ...], check_only: bool, as_json: bool) -> None:
    """Import the strategy from YAML files. A need that they no longer name is no need any more."""
    with session.bridge() as bridge:
        done = imports.strategy(bridge.engine, OPERATOR, files, bridge.clock(), check_only=check_only)
    _tell(done, check_only=check_only, as_json=as_json)


@catalogue.command("import")
@files_argument
@_check_option
@json_option
@pass_session
def import_catalogue(session: Session, files: tuple[Path, ...], check_only: bool, as_json: bool) -> None:
    """Import activities from YAML files. Others stay as they are."""
    with session.bridge() as bridge:
        done = imports.catalogue(bridge.engine, OPERATOR, files, bridge.clock(), check_only=check_only)
    _tell(done, check_only=check_only, as_json=as_json)


@agendas.command("import")
@files_argument
@_check_option
@json_option
@pass_session
def import_agendas(session: Session, files: tuple[Path, ...], check_only: bool, as_json: bool) -> None:
    """Import growth agendas from YAML files. The agenda of each learner in them is replaced as a whole."""
    with session.bridge() as bridge:
        done = imports.agendas(bridge.engine, OPERATOR, files, bridge.clock(), check_only=check_only)
    _tell(done, check_only=check_only, as_json=as_json)


@contracts.command("import")
@files_argument
@_check_option
@json_option
@pass_session
def import_contracts(session: Session, files: tuple[Path, ...], check_only: bool, as_json: bool) -> None:
    """Import contracts from YAML files, or from CSV files. YAML says everything, CSV holds one goal a row.

    A revision that both sides have signed cannot be changed by a file; write a new revision.
    """
    with session.bridge() as bridge:
        done = imports.contracts(
            bridge.engine,
            OPERATOR,
            files,
            bridge.clock(),
            time_zone=session.settings.organisation.zone,
            follow_ups=tuple(bridge.ruleset().follow_ups),
            check_only=check_only,
        )
    _tell(done, check_only=check_only, as_json=as_json)


@contracts.command("export")
@click.argument("ids", metavar="[CONTRACT…]", nargs=-1)
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="Write one file a contract into a folder."
)
@pass_session
def export_contracts(session: Session, ids: tuple[str, ...], into: Path | None) -> None:
    """Write contracts as YAML that imports back unchanged. All of them, or those named."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        texts = contract_texts(connection, OPERATOR, ids)
    if into is None:
        click.echo(joined(texts.values()), nl=False)
        return
    into.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (into / name).write_text(text, "utf-8")
    click.echo(f"{counted(len(texts), 'contract')} written to {into}", err=True)


def _tell(done: Imported, *, check_only: bool, as_json: bool) -> None:
    if as_json:
        show_json(done)
    else:
        click.echo(f"{done} (only checked: nothing was imported)" if check_only else str(done))
