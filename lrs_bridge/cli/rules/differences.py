"""How differences between rules are shown: by rule, each key with what it was and what it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from lrs_bridge.cli.prose import Line, show_lines
from lrs_bridge_rules.differences.difference import Change, Difference, How, difference
from lrs_bridge_rules.differences.words import headline, key_line, pack_lines, summary

_SIGNS: Final[Mapping[How, tuple[str, str]]] = {
    How.ADDED: ("+", "green"),
    How.REMOVED: ("-", "red"),
    How.CHANGED: ("~", "yellow"),
    How.MOVED: ("^", "cyan"),
}


def show_changes(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Show what changed between two sets of documents; nothing where there was nothing before."""
    if before:
        show_lines(difference_lines(difference(before, after)))


def difference_lines(found: Difference) -> Iterator[Line]:
    """A difference line by line, and what it comes to."""
    for change in found.changes:
        if not change.in_pack:
            sign, style = _SIGNS[change.how]
            yield Line(headline(change), 2, sign, style)
            yield from (Line(key_line(key), 6) for key in change.keys)
    yield from (Line(line, 2, "~", "yellow") for line in pack_lines(found))
    yield Line(summary(found))


def difference_document(found: Difference) -> dict[str, object]:
    """The JSON form; its keys are documented in docs/command-line.md and stay."""
    return {
        "same_meaning": not found,
        "summary": summary(found),
        "changes": [_change(change) for change in found.changes],
        "rewritten": list(found.rewritten),
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "part": change.part,
        "id": change.id,
        "how": change.how,
        "title": change.title,
        "document": change.document,
        "keys": [{"key": key.key, "before": key.before, "after": key.after} for key in change.keys],
        "used_by": list(change.used_by),
    }
