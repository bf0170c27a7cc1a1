"""Which rule documents a command works on: those that are named, or those of the configuration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lrs_bridge.cli.session import Session
from lrs_bridge.errors import ConfigurationError

paths_argument = click.argument("paths", metavar="[PATH…]", nargs=-1, type=click.Path(exists=True, path_type=Path))


def chosen(session: Session, paths: Sequence[Path]) -> Sequence[Path]:
    """The files and folders that are named, else the configured one. Raises ConfigurationError if that is missing."""
    if paths:
        return paths
    configured = session.settings.rules.path
    if not configured.exists():
        raise ConfigurationError(f"There is no {configured}.", "Name the rule documents, or correct [rules] path.")
    return [configured]
