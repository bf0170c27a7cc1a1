"""Reports that are read line by line, folded to the width of the terminal; plain and 80 wide anywhere else.

Lines that programs read too (`PATH:LINE:COLUMN: …`) are whole where they are piped: `wrapped` is for terminals alone.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from lrs_bridge.cli.output import cell_text

_WIDTH = 80
_NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report, indented by so many blanks. What does not fit stands below it, behind its `sign`."""

    text: str = ""
    indent: int = 0
    sign: str = ""
    style: str = ""


def heading(text: str) -> Line:
    """A line that begins a part of a report."""
    return Line(text, style="bold")


def show_lines(lines: Iterable[Line]) -> None:
    """Print a report: with colours on a terminal, without any control character anywhere else."""
    console = Console(highlight=False)
    tty = sys.stdout.isatty()
    width = console.width if tty else _wanted_width()
    for line in lines:
        for folded in fold(line, width):
            if tty:
                console.print(Text(folded, style=line.style), soft_wrap=True)
            else:
                click.echo(folded)


def _wanted_width() -> int:
    columns = os.environ.get("COLUMNS", "")
    return max(int(columns), _NARROWEST) if columns.isascii() and columns.isdigit() else _WIDTH


def fold(line: Line, width: int) -> list[str]:
    """A line as texts of at most `width` cells: broken between words, and inside those that are longer than a line."""
    first = " " * line.indent + (f"{line.sign} " if line.sign else "")
    room = max(width - cell_len(first), _NARROWEST)
    pieces = Text(cell_text(line.text)).wrap(Console(width=room, file=StringIO()), room, overflow="fold")
    texts = [piece.plain.rstrip() for piece in pieces] or [""]
    return [f"{' ' * cell_len(first) if number else first}{text}".rstrip() for number, text in enumerate(texts)]


def terminal_width() -> int | None:
    """The columns of the terminal; None where standard output is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def wrapped(text: str, width: int | None) -> str:
    """A line that programs read too: whole (None), or wrapped between words, what follows set in below its beginning.

    No word is ever broken, as terminals make links of paths.
    """
    if width is None:
        return text
    below = " " * (len(text) - len(text.lstrip()) + 2)
    return textwrap.fill(text, width, subsequent_indent=below, break_long_words=False, break_on_hyphens=False)
