"""Runs the lints over a ruleset and takes out what its authors said that they know and mean.

`rules check` prints what comes out; a ruleset comes here only after the loader found nothing wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrs_bridge_rules.lint.lint import Checked
from lrs_bridge_rules.lint.remark import Remark, Severity
from lrs_bridge_rules.lint.table import LINTS, UNUSED_ALLOWANCE
from lrs_bridge_rules.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from lrs_bridge_rules.lint.history import History
    from lrs_bridge_rules.lint.remark import Allowance
    from lrs_bridge_rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class LintReport:
    """`remarks` in reading order; `allowed` are those that an allowance covers; `left_out` did not run."""

    remarks: tuple[Remark, ...]
    allowed: tuple[Remark, ...]
    left_out: tuple[str, ...]


def lint(
    ruleset: Ruleset, *, now: datetime, history: History | None = None, disabled: Collection[str] = ()
) -> LintReport:
    """Return what all lints say that are not disabled; without a history those that need one are left out."""
    checked = Checked(ruleset, now, history)
    ran = {
        name: each
        for name, each in LINTS.items()
        if name not in disabled and (history is not None or not each.needs_history)
    }
    said = [remark for each in ran.values() for remark in each.remarks(checked)]
    allowed = [remark for remark in said if any(allowance.covers(remark) for allowance in ruleset.allowances)]
    said = [remark for remark in said if remark not in allowed]
    if UNUSED_ALLOWANCE not in disabled:
        alone = Checked(ruleset, now)  # what the documents need by themselves stays, whatever the history knows
        kept = [remark for name in _doubtful(ruleset, allowed, ran) for remark in ran[name].remarks(alone)]
        said += _idle(ruleset.allowances, [*allowed, *kept], ran)
    left_out = tuple(name for name in LINTS if name not in ran and name not in disabled)
    return LintReport(tuple(sorted(said, key=_order)), tuple(sorted(allowed, key=_order)), left_out)


def _doubtful(ruleset: Ruleset, allowed: Collection[Remark], ran: Collection[str]) -> set[str]:
    """The lints of allowances that cover nothing so far."""
    idle = {each.lint for each in ruleset.allowances if not any(each.covers(remark) for remark in allowed)}
    return {name for name in idle & {*ran} if not LINTS[name].needs_history}


def _idle(allowances: Collection[Allowance], allowed: Collection[Remark], ran: Collection[str]) -> Iterator[Remark]:
    """Iterate over what is to be said of allowances that cover nothing; of lints that did not run nobody can tell."""
    for allowance in allowances:
        if allowance.lint not in LINTS:
            yield _of(
                allowance, f"there is no lint “{allowance.lint}”{nearest(allowance.lint, LINTS)}; correct the name"
            )
        elif allowance.lint in ran and not any(allowance.covers(remark) for remark in allowed):
            what = f" about the {allowance.about}" if allowance.about else ""
            yield _of(allowance, f"{allowance.lint} says nothing{what} any more; remove the allowance")


def _of(allowance: Allowance, message: str) -> Remark:
    return Remark(allowance.place, UNUSED_ALLOWANCE, Severity.WARNING, message, allowance.about)


def _order(remark: Remark) -> tuple[object, ...]:
    return (remark.place.path, remark.place.line, remark.place.column, remark.lint, remark.message)
