"""What `rules check` shows: problems of documents and remarks of lints in one shape, as lines and as JSON.

A line is `PATH:LINE:COLUMN: severity: message [lint]`, as compilers write it, so that editors can jump to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import click

from lrs_bridge.cli.output import cell_text
from lrs_bridge.cli.prose import terminal_width, wrapped
from lrs_bridge_rules.errors import Problem
from lrs_bridge_rules.lint.remark import Remark, Severity
from lrs_bridge_rules.wording import counted

_COLOURS: Final[Mapping[Severity, str]] = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `lint` and `page`, which explains it, are "" for what makes a document unusable."""

    path: str
    line: int
    column: int
    message: str
    severity: Severity = Severity.ERROR
    lint: str = ""
    page: str = ""
    about: str = ""


def of_problem(problem: Problem) -> Finding:
    return Finding(problem.path, problem.line, problem.column, problem.message)


def of_remark(remark: Remark) -> Finding:
    place = remark.place
    return Finding(
        place.path,
        place.line,
        place.column,
        remark.message,
        remark.severity,
        remark.lint,
        page_of(remark.lint),
        remark.about,
    )


def page_of(lint: str) -> str:
    """Where a lint is explained."""
    return f"docs/lint/{lint}.md"


def show(findings: Iterable[Finding]) -> None:
    """One line each, on standard output; on a terminal in colours, and wrapped between words."""
    width = terminal_width()
    for each in findings:
        click.echo(_line(each) if width is None else on_a_terminal(each, width))


def _line(each: Finding) -> str:
    lint = f" [{each.lint}]" if each.lint else ""
    return f"{_place(each)} {each.severity}: {cell_text(each.message)}{lint}"


def _place(each: Finding) -> str:
    return cell_text(f"{each.path}:{each.line}:{each.column}:")


def on_a_terminal(each: Finding, width: int) -> str:
    """The same line in colours, wrapped."""
    text = wrapped(_line(each), width)
    place, severity = _place(each), f"{each.severity}:"
    coloured = click.style(severity, fg=_COLOURS[each.severity], bold=True)
    rest = text.removeprefix(place).replace(severity, coloured, 1)
    return click.style(place, bold=True) + rest


def counted_by_severity(findings: Collection[Finding]) -> str:
    """How many there are of each severity: `1 error, 2 warnings`."""
    found = Counter(each.severity for each in findings)
    return ", ".join(counted(found[severity], severity) for severity in Severity if found[severity])


def fails(findings: Iterable[Finding], *, strict: bool) -> bool:
    """Whether something has to be mended: an error, or (`strict`) a warning."""
    grave = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return any(each.severity in grave for each in findings)
