"""How the rules stand: which version is in force, how far planning under it is, and whether the files say the same.

`status` and `doctor` show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from lrs_bridge.acts.rule_files import Drift, DriftState, drift
from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.diagnosis import Diagnosis, Level
from lrs_bridge.cli.output import Table, Value, span_text
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.sweep import Sweep, sweep
from lrs_bridge.store.rulesets import RulesetVersion
from lrs_bridge_rules.differences.words import lines_of, summary
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.wording import counted

_PUBLISH = "`lrs-bridge rules publish`"


@dataclass(frozen=True, slots=True)
class RulesStanding:
    """What `status` says about the rules; without a version in force there is neither.

    `ended` are the exceptions that are over, a line each; none where this version cannot read the rules.
    """

    sweep: Sweep | None
    drift: Drift | None
    ended: tuple[str, ...] = ()


def gather_rules(bridge: Bridge, connection: Connection) -> RulesStanding:
    """Read how the rules stand."""
    active = rulesets.active(connection)
    files = drift(bridge.settings.rules.path, active) if active is not None else None
    ended = _ended(bridge, bridge.clock()) if active is not None else ()
    return RulesStanding(sweep(connection, bridge.clock()), files, ended)


def _ended(bridge: Bridge, now: datetime) -> tuple[str, ...]:
    try:
        over = bridge.ruleset().ended_exceptions(now)
    except ConfigurationError:  # `doctor` says why
        return ()
    return tuple(f"{rule.id}: “{exemption.reason}” ended on {exemption.last}" for rule, exemption in over)


def rules_document(standing: RulesStanding) -> dict[str, object] | None:
    """The JSON form; its keys are documented in docs/command-line.md and stay."""
    found, files = standing.sweep, standing.drift
    if found is None or files is None:
        return None
    return {
        "version": found.version,
        "since": found.since,
        "by": found.by,
        "note": found.note,
        "planned": found.planned,
        "failing": found.failing,
        "left_seconds": None if found.left is None else int(found.left.total_seconds()),
        "ended_exceptions": list(standing.ended),
        "files": {"path": str(files.path), "state": files.state, "summary": _said(files)},
    }


def rules_table(standing: RulesStanding) -> Table:
    """The same for people."""
    found, files = standing.sweep, standing.drift
    if found is None or files is None:
        return Table("Rules", ("", ""), [], f"none are in force; {_PUBLISH}")
    rows: list[tuple[str, Value]] = [
        ("version in force", str(found.version)),
        ("since", found.since),
        ("put in force by", found.by),
        ("why", found.note),
        ("planned under it", _progress(found)),
        (f"files in {files.path}", _said(files)),
        *(("exception that is over", line) for line in standing.ended[:_SHOWN]),
    ]
    if len(standing.ended) > _SHOWN:
        rows.append(("", f"and {len(standing.ended) - _SHOWN} more"))
    return Table("Rules", ("", ""), rows)


def _progress(found: Sweep) -> str:
    text = f"{found.planned:,} of {counted(found.learners, 'learner')}"
    text += f", about {span_text(found.left)} left" if found.left is not None else ""
    return text + (f"; {found.failing:,} cannot be planned (`doctor` says why)" if found.failing else "")


def _said(files: Drift) -> str:
    match files.state:
        case DriftState.SAME:
            return "as in force"
        case DriftState.MISSING:
            return "not there"
        case DriftState.UNREADABLE:
            return f"cannot be read: {files.problem}"
        case DriftState.DIFFERENT:
            return f"differ: {summary(files.difference)} `rules diff` shows it"


def check_rules(bridge: Bridge) -> Iterator[Diagnosis]:
    """For `doctor`: rules are in force, this version of the program can read them, and the files say the same."""
    with read(bridge.engine) as connection:
        active = rulesets.active(connection)
    if active is None:
        yield Diagnosis("rules", Level.FAIL, "none are in force", f"Run {_PUBLISH}.")
        return
    yield from _compiles(active)
    yield _files(active.number, drift(bridge.settings.rules.path, active))
    yield from _over(_ended(bridge, bridge.clock()))


def _over(ended: Sequence[str]) -> Iterator[Diagnosis]:
    if ended:
        more = f"; and {len(ended) - _SHOWN} more" if len(ended) > _SHOWN else ""
        message = f"exceptions are over, and their rules apply again: {'; '.join(ended[:_SHOWN])}{more}"
        advice = f"Remove them or give a later `until` in the documents, and run {_PUBLISH}."
        yield Diagnosis("rules", Level.WARN, message, advice)


def _compiles(active: RulesetVersion) -> Iterator[Diagnosis]:
    try:
        load_texts(active.documents)
    except DocumentError as error:
        message = f"this version of lrs-bridge cannot read version {active.number}, which is in force: "
        first = error.problems[0]
        more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
        advice = f"Correct the files under [rules] path, and run {_PUBLISH}."
        yield Diagnosis("rules", Level.FAIL, f"{message}{first}{more}", advice)


def _files(number: int, files: Drift) -> Diagnosis:
    path = files.path
    match files.state:
        case DriftState.SAME:
            return Diagnosis("rules", Level.OK, f"version {number} is in force, as in {path}")
        case DriftState.MISSING:
            return Diagnosis("rules", Level.OK, f"version {number} is in force; there are no files in {path}")
        case DriftState.UNREADABLE:
            message = f"the files in {path} have mistakes: {files.problem}"
            return Diagnosis("rules", Level.WARN, message, "Run `lrs-bridge rules check`.")
        case DriftState.DIFFERENT:
            told = "; ".join(line.strip() for line in lines_of(files.difference)[:_SHOWN])
            message = f"version {number} is in force, and the files in {path} differ from it: {told}"
            return Diagnosis("rules", Level.WARN, message, _either(number, path))


_SHOWN = 4


def _either(number: int, path: Path) -> str:
    return (
        f"`lrs-bridge rules diff` shows all; then {_PUBLISH}, or take back what is in force: "
        f"`lrs-bridge rules export {number} --into {path} --force`."
    )
