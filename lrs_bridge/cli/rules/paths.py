"""Which rule documents a command works on: those that are named, or those of the configuration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lrs_bridge.cli.session import Session
from lrs_bridge.errors import ConfigurationError, UsageError

#: Documents, and the profiles that stand beside them.
_DOCUMENTS = frozenset((".yaml", ".yml", ".json", ".jsonld"))
paths_argument = click.argument("paths", metavar="[PATH…]", nargs=-1, type=click.Path(exists=True, path_type=Path))


def chosen(session: Session, paths: Sequence[Path]) -> Sequence[Path]:
    """The files and folders that are named, else the configured one.

    Raises UsageError for a named folder without any document, and ConfigurationError if the configured one is missing.
    """
    if paths:
        _refuse_empty(paths)
        return paths
    configured = session.settings.rules.path
    if not configured.exists():
        raise ConfigurationError(f"There is no {configured}.", "Name the rule documents, or correct [rules] path.")
    return [configured]


def _refuse_empty(paths: Sequence[Path]) -> None:
    """Nobody means a folder in which there is nothing: it is another one that was meant."""
    for path in paths:
        if path.is_dir() and not any(file.suffix in _DOCUMENTS for file in path.rglob("*")):
            raise UsageError(f"There are no rule documents (*.yaml) in {path}.", "Name the folder that holds them.")
