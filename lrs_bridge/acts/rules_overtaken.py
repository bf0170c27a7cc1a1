"""Of two people who change the rules, the second is told what the first did, before anything is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from lrs_bridge.acts.errors import ActRefused, NotFound, Overtaken
from lrs_bridge.store import rulesets
from lrs_bridge.store.rulesets import Activation, RulesetVersion
from lrs_bridge_rules.differences.difference import Change, Difference, How, Part, difference
from lrs_bridge_rules.differences.words import lines_of, summary
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.wording import enumerated

_LINES = 20


class RulesOvertaken(Overtaken):
    """Other rules came into force since: `meanwhile` says by whom, the latest first, `difference` what changed."""

    def __init__(self, drawn_from: int, meanwhile: Sequence[Activation], difference: Difference) -> None:
        self.drawn_from = drawn_from
        self.meanwhile = tuple(meanwhile)
        self.difference = difference
        now = meanwhile[0].number
        told = [
            f"Version {now} of the rules came into force meanwhile; this one was drawn up from {drawn_from}.",
            *(
                f"  {each.at:%Y-%m-%d %H:%M}Z {each.by} put version {each.number} in force: {each.note}".rstrip(": ")
                for each in meanwhile
            ),
            f"What changed from {drawn_from} to {now}: {summary(difference)}",
            *_cut([f"  {line}" for line in lines_of(difference)]),
        ]
        advice = f"Take over what is to stay, then publish as drawn up from version {now} (--drawn-from {now})."
        super().__init__("\n".join(told), advice)

    def __str__(self) -> str:
        return f"{self.message}\n{self.advice}"


class WouldUndo(ActRefused):
    """What is in force is not in the documents, and nobody said that it was seen; `changes` says what would go."""

    def __init__(self, number: int, changes: Sequence[Change]) -> None:
        self.changes = tuple(changes)
        named = enumerated([f"{change.part} {change.id}" for change in changes], most=10)
        super().__init__(
            f"This would undo what is in force since version {number} and not in these files: {named}.",
            f"If that is meant, publish as drawn up from version {number} (--drawn-from {number}); "
            f"`lrs-bridge rules export {number} --into FOLDER` writes what is in force.",
        )


def refuse_overtaken(connection: Connection, active: RulesetVersion | None, drawn_from: int) -> None:
    """Return if nothing came into force since that version was looked at. Raises RulesOvertaken, or NotFound."""
    if active is None or active.number == drawn_from:
        return
    looked_at = rulesets.get(connection, drawn_from)
    if looked_at is None:
        raise NotFound(f"There is no version {drawn_from} of the rules.", "`lrs-bridge rules list` shows them.")
    meanwhile = rulesets.activations(connection, since=drawn_from)
    raise RulesOvertaken(drawn_from, meanwhile, _difference(looked_at, active))


def _difference(looked_at: RulesetVersion, active: RulesetVersion) -> Difference:
    try:
        return difference(looked_at.documents, active.documents)
    except DocumentError:  # one that this version cannot read at all is no reason to say nothing
        return Difference()


def refuse_undoing(active: RulesetVersion, documents: Mapping[str, str]) -> None:
    """Return if everything that is in force, but for packs, is in the documents too. Raises WouldUndo."""
    try:
        gone = difference(active.documents, documents).of(How.REMOVED)
    except DocumentError:  # the documents were compiled; it is the version in force that cannot be read any more
        return
    undone = [change for change in gone if not change.in_pack and change.part is not Part.FILE]
    if undone:
        raise WouldUndo(active.number, undone)


def _cut(lines: Sequence[str]) -> Sequence[str]:
    more = len(lines) - _LINES
    return [*lines[:_LINES], f"  and {more} more lines: `lrs-bridge rules diff` shows them"] if more > 0 else lines
