"""`init`: a new installation in the present folder, ready to be connected to an LRS."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click

from lrs_bridge.acts import rules, users
from lrs_bridge.acts.actor import OPERATOR, AccountRole
from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.cli.users import ask_password, password_option
from lrs_bridge.errors import UsageError
from lrs_bridge.store import schema
from lrs_bridge.store.engine import read
from lrs_bridge.store.users import get_user

CONFIG = Path("lrs_bridge.toml")
RULES = "organisation.yaml"

_NEXT = """\
Next:
  1. Name your LRS under [[sources]] in {config}
  2. lrs-bridge doctor             says what works and what does not
  3. lrs-bridge learners import …  and then strategy, catalogue, agendas, contracts
  4. lrs-bridge up                 and sign in as {login} at {address}"""


@click.command()
@click.option("--login", default="admin", show_default=True, help="Login of the first administrator.")
@password_option
@pass_session
def init(session: Session, login: str, password_stdin: bool) -> None:
    """Set up a new installation in this folder. Configuration, rules, database, first administrator.

    Files that are there already are left as they are, so that it can be repeated after a mistake.
    """
    password = ask_password(from_stdin=password_stdin)
    config = session.config or CONFIG
    session.config = config
    _write(config, "lrs_bridge.toml")
    if not session.settings.rules.path.exists():
        _write(session.settings.rules.path / RULES, RULES)
    with session.bridge(check_schema=False) as bridge:
        _fill(bridge, login, password)
        click.echo(_NEXT.format(config=config, login=login, address=bridge.settings.web.address))


def _fill(bridge: Bridge, login: str, password: str) -> None:
    """Lay out the database, put the first rules in force, let the first person in."""
    schema.upgrade(bridge.engine)
    click.echo(f"Database: {bridge.settings.database.shown()}")
    path = bridge.settings.rules.path
    published = rules.publish_files(bridge.engine, [path], "the first rules", OPERATOR, bridge.clock())
    click.echo(f"Rules: version {published.number} of {path} is in force")
    with read(bridge.engine) as connection:
        known = get_user(connection, login)
    if known is not None:
        raise UsageError(
            f"There is an account {login!r} already.", "`lrs-bridge user password` gives it a new password."
        )
    users.add(bridge.engine, OPERATOR, login, password, AccountRole.ADMINISTRATOR, bridge.clock())
    click.echo(f"Administrator: {login}")


def _write(path: Path, name: str) -> None:
    if path.exists():
        click.echo(f"{path} is there already and stays as it is")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(resources.files("lrs_bridge.cli").joinpath("starter", name).read_text("utf-8"), "utf-8")
    click.echo(f"{path} is written")
