"""What the year came to, for the terminal: read from the same read models as the pages and `lrs-bridge status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shlex import quote

from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.output import Table
from lrs_bridge.demo.organisation import Invention
from lrs_bridge.demo.times import TIME_ZONE
from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.waste import REASONS
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.activities import UnmatchedActivity, unmatched_activities
from lrs_bridge.store.read_models.funnel import Funnel, Step
from lrs_bridge.store.read_models.listing import Request
from lrs_bridge.store.read_models.overview import Overview, Waiting, overview
from lrs_bridge.store.read_models.quadrants import QuadrantTotal
from lrs_bridge.store.read_models.sources import ListedSource
from lrs_bridge.store.read_models.waste import ReasonTotal, WasteSummary

#: A year that was lived through in a minute is never stale.
_FRESH = timedelta(days=2)
_BAR = 20
_TOP = 7

_STEPS = {
    Step.COMPLETED: "completed",
    Step.MATCHED: "matched a goal",
    Step.FOLLOWED_UP: "a follow-up done",
    Step.APPLIED: "applied at work",
    Step.ACHIEVED: "goal achieved",
}
_SIDES = {
    Quadrant.SWEET_SPOT: ("sweet spot", "needed and wanted"),
    Quadrant.UPHILL: ("uphill", "needed, not wanted"),
    Quadrant.GIFT: ("gift", "wanted, not needed"),
    Quadrant.WASTE: ("waste", "neither"),
}
_WAITING = (
    ("rescuable_findings", "findings that can still be rescued", "lrs-bridge waste"),
    ("overdue_follow_ups", "application tasks overdue", "page Follow-ups"),
    ("unconfirmed_follow_ups", "applications to confirm", "page Follow-ups"),
    ("unmatched_activities", "activities that no rule knows", "lrs-bridge unmatched"),
    ("unknown_actors", "actors nobody is known behind", "page Sources"),
    ("quarantined_records", "records set aside", "lrs-bridge quarantine list"),
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read for the report. `currency` is an ISO 4217 code."""

    seen: Overview
    unmatched: tuple[UnmatchedActivity, ...]
    currency: str


def find(bridge: Bridge, now: datetime) -> Findings:
    """Read everything in one transaction."""
    with read(bridge.engine) as connection:
        seen = overview(connection, now, zone=TIME_ZONE, sources=bridge.settings.source_names, stale_after=_FRESH)
        unmatched = unmatched_activities(connection, Request(size=_TOP), now)
    return Findings(seen, unmatched.rows, bridge.settings.organisation.currency)


def headline(invention: Invention) -> str:
    """Who this is about."""
    contracts = sum(len(each.contracts) for each in invention.agreements)
    begun, ended = (moment.astimezone(TIME_ZONE) for moment in (invention.year.start, invention.year.now))
    return (
        f"Larkfield Waterworks, an invented organisation: {len(invention.people)} people, {contracts} contracts,\n"
        f"{begun.day} {begun:%B %Y} to {ended.day} {ended:%B %Y}, {len(invention.sent):,} statements in two LRSs."
    )


def tables(findings: Findings) -> list[Table]:
    """The whole report, in the order in which one asks."""
    seen, currency = findings.seen, findings.currency
    return [
        _sources(seen.sources),
        _funnel(seen.funnel),
        _quadrants(seen.quadrants, currency),
        _waste(seen.waste, currency),
        _unmatched(findings.unmatched),
        _waiting(seen.waiting),
    ]


def _sources(states: tuple[ListedSource, ...]) -> Table:
    rows = [
        (each.name, each.new + each.noise + each.duplicates + each.quarantined, each.new, each.noise,
         each.duplicates, each.quarantined)
        for each in states
    ]  # fmt: skip
    columns = ("source", "read", "kept", "noise", "duplicates", "set aside")
    return Table("What the record stores sent", columns, rows)


def _funnel(funnel: Funnel) -> Table:
    whole = max(funnel.completed, 1)
    rows = [(_STEPS[step], count, f"{100 * count / whole:3.0f} %", _bar(count, whole)) for step, count in funnel.steps]
    return Table("What came of the learning", ("", "completions", "", ""), rows)


def _quadrants(quadrants: tuple[QuadrantTotal, ...], currency: str) -> Table:
    most = max((each.completions for each in quadrants), default=1) or 1
    rows = [
        (*_SIDES[each.quadrant], each.completions, round(each.hours), _units(each.cost),
         _bar(each.completions, most, _BAR // 2))
        for each in quadrants
    ]  # fmt: skip
    columns = ("quadrant", "", "completions", "hours", currency, "")
    return Table("Who needed it, who wanted it", columns, rows)


def _waste(waste: WasteSummary, currency: str) -> Table:
    """Rescuable reasons first, then by money. The hours and the money of a completion are counted once."""
    found = sorted(
        (each for each in waste.reasons if each.findings), key=lambda each: (not each.rescuable, -each.money)
    )
    rows = [_reason(each) for each in found]
    total = ("together", waste.findings, round(waste.hours), _units(waste.money), "")
    columns = ("reason", "findings", "hours", currency, "")
    return Table("What was wasted, and why", columns, [*rows, total], empty="nothing")


def _reason(total: ReasonTotal) -> tuple[str, int, int, int, str]:
    advice = "can be rescued" if total.rescuable else ""
    return (REASONS[total.reason].heading, total.findings, round(total.hours), _units(total.money), advice)


def _unmatched(activities: tuple[UnmatchedActivity, ...]) -> Table:
    rows = [(each.name, each.learners, each.completions, f"{each.last_seen:%Y-%m-%d}") for each in activities]
    columns = ("activity", "learners", "completions", "last seen")
    return Table("Completed often, and no rule knows what it is about", columns, rows, empty="every activity is known")


def _waiting(waiting: Waiting) -> Table:
    rows = [(getattr(waiting, name), what, where) for name, what, where in _WAITING if getattr(waiting, name)]
    return Table("What waits for somebody", ("", "", "where to look"), rows, empty="nothing")


def look_next(configuration: Path | None) -> str:
    """What to try now. Without a configuration that stays, how to get one."""
    if configuration is None:
        return (
            "To look further, keep the installation:\n"
            "  lrs-bridge demo --folder larkfield            serves the pages\n"
            "  lrs-bridge demo --folder larkfield --no-serve stops after printing"
        )
    chosen = f"  export LRS_BRIDGE_CONFIG={quote(str(configuration))}"
    return "\n".join(("Look further with:", chosen, *(f"  lrs-bridge {command}" for command in _COMMANDS)))


_COMMANDS = ("status", "unmatched", "rules suggest", "waste", "rules test")


def _units(hundredths: int) -> int:
    """Whole units of the currency: cents say nothing in a sum of a year."""
    return round(hundredths / 100)


def _bar(value: float, whole: float, width: int = _BAR) -> str:
    return "█" * max(round(width * value / whole), 1 if value else 0)
