"""`rules check`: everything that is wrong in rule documents, and what the lints say of them, each with its place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import click

from lrs_bridge.cli.edge import DONE, PROBLEMS, sentence
from lrs_bridge.cli.options import Length, json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.progress import progress
from lrs_bridge.cli.rules.findings import Finding, counted_by_severity, fails, of_problem, of_remark, page_of, show
from lrs_bridge.cli.rules.paths import chosen, paths_argument
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.errors import BridgeError
from lrs_bridge.jobs.rule_history import look_back
from lrs_bridge.store.errors import StoreError
from lrs_bridge_rules.documents.loader import load
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.lint.checking import LintReport, lint
from lrs_bridge_rules.lint.history import History
from lrs_bridge_rules.lint.table import LINTS, UNUSED_ALLOWANCE
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.wording import counted

_NAMES: Final = (*LINTS, UNUSED_ALLOWANCE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How far to look. `history` is None where nobody said."""

    paths: Sequence[Path]
    disabled: Collection[str]
    history: bool | None
    since: timedelta | None
    strict: bool


@click.command()
@paths_argument
@click.option("--strict", is_flag=True, help="End with 1 for warnings too.")
@click.option(
    "--disable", "disabled", multiple=True, type=click.Choice(_NAMES), metavar="LINT", help="Leave a lint out."
)
@click.option(
    "--history/--no-history", default=None, help="Look into the database too. Done unasked where no PATH is named."
)
@click.option("--since", type=Length(), help="How far back the history goes for rules that never fit, such as 90d.")
@click.option("--explain", type=click.Choice(_NAMES), metavar="LINT", help="Say what a lint looks for, and stop.")
@json_option
@pass_session
def check(
    session: Session,
    paths: tuple[Path, ...],
    strict: bool,
    disabled: tuple[str, ...],
    history: bool | None,
    since: timedelta | None,
    explain: str | None,
    as_json: bool,
) -> int:
    """Check rule documents, and what can hardly be meant. Those of the configuration, or PATHs.

    Ends with 1 if there is an error. What is known and meant can be allowed in the document, with a reason.
    """
    if explain is not None:
        return _explain(explain)
    asked = _Asked(paths, disabled, history, since, strict)
    try:
        ruleset = load(chosen(session, paths))
    except DocumentError as error:
        return _refused([of_problem(problem) for problem in error.problems], as_json=as_json)
    past, why_not = _history(session, ruleset, asked)
    report = lint(ruleset, now=session.clock(), history=past, disabled=disabled)
    findings = [of_remark(remark) for remark in report.remarks]
    failed = fails(findings, strict=strict)
    if as_json:
        show_json(_document(ruleset, report, findings, why_not, ok=not failed))
    else:
        show(findings)
        _summary(ruleset, report, findings, why_not)
    return PROBLEMS if failed else DONE


def _refused(findings: Sequence[Finding], *, as_json: bool) -> int:
    """Documents that cannot be used at all: what lints would say of them is not known."""
    if as_json:
        show_json({"ok": False, "problems": findings})
    else:
        show(findings)
        click.echo(
            f"{counted_by_severity(findings)}. Mend what is wrong; the lints look at what can be read.", err=True
        )
    return PROBLEMS


def _history(session: Session, ruleset: Ruleset, asked: _Asked) -> tuple[History | None, str]:
    """What the database knows; else None, and why it was not asked."""
    if asked.history is False:
        return None, "as --no-history was given"
    if asked.history is None and asked.paths:
        return None, "as documents were named (--history looks into the database)"
    try:
        with session.bridge() as bridge, progress("looking back", "learners") as report:
            return look_back(bridge, ruleset, session.clock(), since=asked.since, progress=report), ""
    except (BridgeError, StoreError) as error:
        if asked.history:
            raise
        return None, f"as the database cannot be asked: {sentence(error)}"


def _document(
    ruleset: Ruleset, report: LintReport, findings: Sequence[Finding], why_not: str, *, ok: bool
) -> dict[str, object]:
    return {
        "ok": ok,
        "problems": findings,
        "allowed": [of_remark(remark) for remark in report.allowed],
        "left_out": [{"lint": name, "reason": why_not} for name in report.left_out],
        "digest": ruleset.digest,
        "documents": sorted(ruleset.documents),
    }


def _summary(ruleset: Ruleset, report: LintReport, findings: Sequence[Finding], why_not: str) -> None:
    """What it comes to, on standard error, so that the lines alone go into a pipe."""
    size = f"{counted(len(ruleset.rules), 'rule')} in {counted(len(ruleset.documents), 'document')}"
    allowed = f"; {counted(len(report.allowed), 'remark')} allowed" if report.allowed else ""
    click.echo(f"{size}: {counted_by_severity(findings) or 'nothing to remark'}{allowed}.", err=True)
    if report.left_out:
        click.echo(f"Left out, {why_not}: {', '.join(report.left_out)}.", err=True)


def _explain(name: str) -> int:
    about = LINTS[name].about if name in LINTS else "An allowance covers nothing any more, or names no lint."
    click.echo(f"{name}: {about}\n{page_of(name)} shows an example, and how to mend it.")
    return DONE
