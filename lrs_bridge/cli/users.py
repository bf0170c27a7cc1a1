"""`user add`, `user password`, `user list`: who may sign in to the pages."""

from __future__ import annotations

import sys

import click

from lrs_bridge.acts import users
from lrs_bridge.acts.actor import OPERATOR, AccountRole
from lrs_bridge.acts.errors import ActRefused
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, show_json, show_tables
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store.engine import read
from lrs_bridge.store.users import all_users

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it."
)


@click.group()
def user() -> None:
    """Sign-in accounts."""


@user.command()
@click.argument("login")
@click.option(
    "--role",
    type=click.Choice([str(role) for role in AccountRole]),
    default=str(AccountRole.ADMINISTRATOR),
    show_default=True,
    help="What the account may do.",
)
@click.option("--learner", help="The id of the learner behind the account; a manager or learner needs one.")
@password_option
@pass_session
def add(session: Session, login: str, role: str, learner: str | None, password_stdin: bool) -> None:
    """Add an account. The password is asked for twice, and has at least 12 characters."""
    with session.bridge() as bridge:
        password = ask_password(from_stdin=password_stdin)
        actor = users.add(
            bridge.engine, OPERATOR, login, password, AccountRole(role), bridge.clock(), learner_id=learner
        )
    click.echo(f"{actor.login} can sign in with the role {actor.role}.")


@user.command()
@click.argument("login")
@password_option
@pass_session
def password(session: Session, login: str, password_stdin: bool) -> None:
    """Give an account a new password."""
    with session.bridge() as bridge:
        new = ask_password(from_stdin=password_stdin)
        users.set_password(bridge.engine, OPERATOR, login, new, bridge.clock())
    click.echo(f"{login} has a new password.")


@user.command("list")
@json_option
@pass_session
def list_users(session: Session, as_json: bool) -> None:
    """List the accounts."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        found = all_users(connection)
    if as_json:
        keys = ("login", "role", "learner_id", "active", "created_at", "last_sign_in_at")
        show_json({"users": [{key: getattr(each, key) for key in keys} for each in found]})
        return
    rows = [(each.login, each.role, each.learner_id, each.last_sign_in_at) for each in found]
    show_tables([Table("", ("login", "role", "learner", "last sign-in"), rows)])


def ask_password(*, from_stdin: bool) -> str:
    """A password from standard input (its first line), or from the person at the terminal. Raises ActError."""
    if from_stdin:
        return users.check_password(sys.stdin.readline().rstrip("\r\n"))
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for the password; use --password-stdin.")
    prompt = f"Password (at least {users.SHORTEST_PASSWORD} characters)"
    answer: str = click.prompt(prompt, hide_input=True, confirmation_prompt=True, err=True, value_proc=_fit_to_be_kept)
    return answer


def _fit_to_be_kept(password: str) -> str:
    try:
        return users.check_password(password)
    except ActRefused as refused:
        raise click.UsageError(str(refused)) from refused  # upon which click asks again
