"""Groups of commands that are imported when they are called, so that a quick one need not load what others need."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from lrs_bridge.cli.edge import ReaderGoneError


class LazyGroup(click.Group):
    """Finds its commands in a table: name → `module:attribute`, in the order in which people need them."""

    def __init__(self, *, table: Mapping[str, str], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]  # handed on as they come: what a click.Group takes
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self.table[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. click would end with 1 when a reader such as `head` has seen enough; that is no problem."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderGoneError from None
