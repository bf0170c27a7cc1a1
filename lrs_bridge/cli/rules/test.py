"""`rules test`: whether rules and completion definitions do what their own tests say, and if not, why."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import cell_text, show_json
from lrs_bridge.cli.prose import terminal_width, wrapped
from lrs_bridge.cli.rules.junit import write_junit
from lrs_bridge.cli.rules.paths import chosen, paths_argument
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.domain.rule_testing import Pending, TestResult, pending
from lrs_bridge.domain.rule_testing.mutation import mutate
from lrs_bridge_rules.documents.loader import load
from lrs_bridge_rules.documents.printing import to_yaml
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.wording import counted


@click.command()
@paths_argument
@click.option("-k", "--only", "text", metavar="TEXT", help="Only cases in whose DOCUMENT::RULE::CASE the text occurs.")
@click.option("-v", "--verbose", is_flag=True, help="List the cases that passed too.")
@click.option("--junit", metavar="FILE", type=click.Path(path_type=Path), help="Write a report for build servers too.")
@click.option("--mutate", "mutating", is_flag=True, help="Say instead which clauses no test would miss.")
@click.option("--came", "telling", is_flag=True, help="Show instead all that came, to be copied into `expect`.")
@json_option
@pass_session
def test(
    session: Session,
    paths: tuple[Path, ...],
    text: str | None,
    verbose: bool,
    junit: Path | None,
    mutating: bool,
    telling: bool,
    as_json: bool,
) -> int:
    """Run the tests that stand inside the rules. Ends with 1 if one fails."""
    if mutating:
        if text is not None or junit is not None or telling:
            raise click.UsageError("--mutate looks at whole rules: it goes with no choice of cases and no report.")
        return _mutate(load(chosen(session, paths)), as_json=as_json)
    found = list(pending(load(chosen(session, paths))))
    wanted = [each for each in found if text is None or text.casefold() in each.name.casefold()]
    if telling:
        return _tell(wanted, as_json=as_json)
    results = [each.run() for each in wanted]
    failed = [each for each in results if not each.passed]
    if junit is not None:
        write_junit(junit, results)
    if as_json:
        show_json({"passed": len(results) - len(failed), "failed": len(failed), "results": results})
    else:
        _show(results if verbose else failed)
        click.echo(_summary(results, len(failed), of=len(found)))
    return PROBLEMS if failed else DONE


def _tell(cases: Sequence[Pending], *, as_json: bool) -> int:
    """What came of each case, in the words in which it could be expected."""
    came = [(each, dict(each.came())) for each in cases]
    if as_json:
        show_json({"cases": [{"rule": each.rule, "case": each.case, "came": values} for each, values in came]})
        return DONE
    for each, values in came:
        click.echo(cell_text(f"{each.place.path}:{each.place.line}:{each.place.column}: {each.rule}: {each.case}"))
        click.echo(textwrap.indent(to_yaml({"expect": values}), "    "))
    return DONE


def _mutate(ruleset: Ruleset, *, as_json: bool) -> int:
    """Each clause is left out and turned round, and a test has to notice."""
    found = mutate(ruleset)
    if as_json:
        show_json(found)
        return PROBLEMS if found.weak else DONE
    for each in found.weak:
        headline = f"{each.where}: {each.rule}: no test holds `{each.clause}`: {each.change}, all still pass"
        _echo((headline, f"    {each.advice}"))
    for rule in found.skipped:
        click.echo(f"{rule} was left out: its tests fail, or there are none")
    weak = len(found.weak)
    click.echo(f"{counted(found.tried, 'clause')} tried, {weak} held by no test")
    return PROBLEMS if found.weak else DONE


def _show(results: Sequence[TestResult]) -> None:
    for each in results:
        _echo([f"passed: {each.headline}"] if each.passed else each.lines)
    if results:
        click.echo()


def _echo(lines: Iterable[str]) -> None:
    width = terminal_width()
    for line in lines:
        click.echo(wrapped(cell_text(line), width))


def _summary(results: Sequence[TestResult], failed: int, of: int) -> str:
    if not of:
        return "no tests: write some below a rule, under `tests`"
    left_out = f", {of - len(results):,} left out" if len(results) < of else ""
    rules = counted(len({(each.kind, each.rule) for each in results}), "rule or definition", "rules and definitions")
    return f"{len(results) - failed} passed, {failed} failed{left_out} ({rules})"
