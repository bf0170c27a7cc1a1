"""What docs/command-line.md says of a command, held against what the command reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

COMMAND_LINE = (Path(__file__).parents[2] / "docs/command-line.md").read_text("utf-8")


def section_of(command: str) -> str:
    """The section about one command."""
    return COMMAND_LINE.split(f"### `lrs-bridge {command}`")[1].split("\n## ")[0].split("\n### ")[0]


def undocumented(command: str, report: Any) -> set[str]:
    """The keys of a JSON report, at all depths, that the section about its command does not name."""
    section = section_of(command)
    return {key for key in _keys_of(report) if f"`{key}`" not in section and f"`{key}[]`" not in section}


def _keys_of(report: Any) -> set[str]:
    match report:
        case dict():
            return set(report) | {key for value in report.values() for key in _keys_of(value)}
        case list():
            return {key for value in report for key in _keys_of(value)}
        case _:
            return set()
