"""A difference between two sets of rules in words: the same ones wherever people read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.differences.difference import ORDER, How, KeyChange, Part, short_name
from lrs_bridge_rules.wording import counted, enumerated

if TYPE_CHECKING:
    from lrs_bridge_rules.differences.difference import Change, Difference

#: Of long lists and texts so much is shown.
_ITEMS: Final = 5
_LONGEST: Final = 120


def lines_of(found: Difference) -> tuple[str, ...]:
    """Return one line for each change, followed by its keys, indented by two blanks."""
    return tuple(
        line
        for change in found.changes
        if not change.in_pack
        for line in (headline(change), *(f"  {key_line(key)}" for key in change.keys))
    ) + tuple(pack_lines(found))


def headline(change: Change) -> str:
    """Return what changes, in one line: `rule excel-courses changed`."""
    where = f" ({short_name(change.document)})" if change.document and change.how is not How.CHANGED else ""
    title = f", “{change.title}”" if change.title and change.how in (How.ADDED, How.REMOVED) else ""
    used = f"; used by {enumerated(change.used_by, _ITEMS)}" if change.used_by else ""
    return f"{change.part} {change.id} {change.how}{title}{where}{used}"


def key_line(key: KeyChange) -> str:
    """Return one key and what becomes of it: `when.score.percent.gte: 70 → 80`."""
    if key.key == ORDER:
        return f"{key.key}: {key.before or 'nothing'} → {key.after or 'nothing'}"
    if isinstance(key.before, list) and isinstance(key.after, list):
        gone = [item for item in key.before if item not in key.after]
        come = [item for item in key.after if item not in key.before]
        if (gone or come) and len(gone) + len(come) < len(key.before) + len(key.after):
            return f"{key.key}: " + "; ".join(_came_and_went(come, gone))
    return f"{key.key}: {value_text(key.before)} → {value_text(key.after)}"


def pack_lines(found: Difference) -> Iterator[str]:
    """Yield one line for each pack in which something changes: what stands in them nobody here has written."""
    by_pack: dict[str, Counter[How]] = {}
    for change in found.changes:
        if change.in_pack:
            by_pack.setdefault(change.document, Counter())[change.how] += 1
    for pack, counts in by_pack.items():
        yield f"pack {pack}: " + ", ".join(f"{counts[how]} {how}" for how in How if counts[how])


def summary(found: Difference) -> str:
    """Return the whole in one sentence."""
    counts = Counter((change.part, change.how) for change in found.changes if not change.in_pack)
    said = [f"{counted(counts[part, how], part)} {how}" for part in Part for how in How if counts[part, how]]
    said += [f"{counted(len(packs), 'pack')} changed" for packs in [list(pack_lines(found))] if packs]
    if not said:
        return f"No change in meaning{_only_rewritten(found.rewritten)}."
    return f"{', '.join(said)}{_only_rewritten(found.rewritten)}."


def _only_rewritten(names: Iterable[str]) -> str:
    listed = enumerated([short_name(name) for name in names], _ITEMS)
    return f"; only written differently: {listed}" if listed else ""


def _came_and_went(come: list[object], gone: list[object]) -> Iterator[str]:
    if come:
        yield f"with {value_text(come)}"
    if gone:
        yield f"without {value_text(gone)}"


def value_text(value: object) -> str:
    """Return a value as documents show it, cut where it is long."""
    match value:
        case None:
            return "not given"
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return enumerated([value_text(item) for item in value], _ITEMS) or "nothing"
        case dict():
            return "{" + ", ".join(f"{key}: {value_text(below)}" for key, below in value.items()) + "}"
        case _:
            text = str(value)
            return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
