"""What commands print, in three ways: JSON for programs, rich tables on a terminal, plain lines anywhere else.

Data goes to standard output, progress and remarks to standard error, so that a pipe carries data alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import msgspec
from rich import box
from rich.console import Console, JustifyMethod
from rich.table import Table as RichTable
from rich.text import Text

from lrs_bridge.cli.widths import widths_that_fit
from lrs_bridge.store.read_models.listing import Slice


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in hundredths, shown in units of the currency."""

    hundredths: int
    currency: str = ""

    def __str__(self) -> str:
        return f"{self.hundredths / 100:,.2f} {self.currency}".rstrip()


Value = str | int | float | datetime | timedelta | Money | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. Columns whose values are numbers are set flush right."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Value]]
    empty: str = "none"


def show_json(data: object) -> None:
    """One JSON document; times are ISO 8601 in UTC, lengths of time whole seconds."""
    text = msgspec.json.format(msgspec.json.encode(data, enc_hook=_encode, order="deterministic"), indent=2)
    click.echo(text.decode())


def show_tables(tables: Sequence[Table]) -> None:
    """Tables for people: with rules and colours on a terminal, aligned plain lines anywhere else."""
    if sys.stdout.isatty():
        console = Console(highlight=False)
        for table in tables:
            console.print(rich_table(table, console.width))
        return
    for number, table in enumerate(tables):
        if number:
            click.echo()
        for line in plain_lines(table):
            click.echo(line)


def show_facts(title: str, facts: Mapping[str, Value]) -> None:
    """Names and values."""
    show_tables([Table(title, ("", ""), [(name, value) for name, value in facts.items()])])


def plain_lines(table: Table) -> list[str]:
    """A table as aligned lines without any control character."""
    lines = [table.title] if table.title else []
    if not table.rows:
        return [*lines, f"  {table.empty}"]
    header = [table.columns] if any(table.columns) else []
    cells = [*header, *([cell_text(value) for value in row] for row in table.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(table.columns))]
    right = [_is_number_column(table, column) for column in range(len(table.columns))]
    return [*lines, *("  " + _line(row, widths, right) for row in cells)]


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (
        text.rjust(width) if numbers else text.ljust(width)
        for text, width, numbers in zip(row, widths, right, strict=True)
    )
    return "  ".join(padded).rstrip()


def rich_table(table: Table, width: int) -> RichTable:
    """A table as rich shows it, on a terminal that is `width` cells wide."""
    shown = RichTable(
        title=Text(table.title),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 0, 0, 1),
        show_header=any(table.columns) and bool(table.rows),
    )
    if not table.rows:
        shown.add_row(Text(table.empty, style="dim"))
        return shown
    rows = [[cell_text(value) for value in row] for row in table.rows]
    # Each column is led by two cells, and after the last one there is a third.
    widths = widths_that_fit(list(zip(table.columns, *rows, strict=True)), width - 2 * len(table.columns) - 1)
    for number, name in enumerate(table.columns):
        justify: JustifyMethod = "right" if _is_number_column(table, number) else "left"
        shown.add_column(Text(name), justify=justify, overflow="fold", width=widths[number])
    for row in rows:
        shown.add_row(*map(Text, row))
    return shown


def cut(found: Slice[Any]) -> str:
    """What the title of a list says when not all of it is shown."""
    shown = len(found.rows)
    return f"; the first {shown:,} (--limit shows more)" if shown < found.total else ""


def _is_number_column(table: Table, column: int) -> bool:
    values = [row[column] for row in table.rows if row[column] is not None]
    return bool(values) and all(isinstance(value, int | float | Money) for value in values)


def cell_text(value: Any) -> str:  # noqa: ANN401 - the table of what a cell may hold is right below
    """A value as people read it. Control characters of foreign texts never reach the terminal."""
    match value:
        case None:
            return "–"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        case timedelta():
            return span_text(value)
        case float():
            return f"{value:,.1f}"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case _:
            return "".join(char if char.isprintable() else " " for char in str(value))


def span_text(span: timedelta) -> str:
    """A length of time in its two largest units, such as 2 h 05 min."""
    seconds = int(span.total_seconds())
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    for unit, size, smaller, part in _UNITS:
        if seconds >= size:
            return f"{sign}{seconds // size} {unit} {seconds % size // part} {smaller}"
    return f"{sign}{seconds} s"


_UNITS = (("d", 86_400, "h", 3_600), ("h", 3_600, "min", 60), ("min", 60, "s", 1))


def _encode(value: object) -> object:
    match value:
        case Money():
            return value.hundredths
        case _:
            return str(value)
