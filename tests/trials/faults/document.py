"""The fault table as docs/faults.md: the same rows, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from trials.faults.row import Expected, Rescan
from trials.faults.table import ANSWERS, LINE, PAGING, STATEMENTS, TIMES

FILE = Path(__file__).parents[3] / "docs" / "faults.md"

_HEAD = """\
# What a misbehaving LRS does, and what becomes of it

<!-- Made from the rows of tests/trials/faults/table.py by `PYTHONPATH=tests python -m trials.faults --write`. -->

Each row is tried over real HTTP against a sandbox that was told to misbehave (`make faults` tries them all, and so do
the tests). Half of the statements are known when the fault begins, the other half is new. It is pulled while the fault
lasts, then the fault ends, it is pulled once more, and reconciled. In **every** row all rows of all tables are then the
same as in a run without any fault, but for how often something was read again; where a row says that a statement stays
as it came, its text is what the server sent first. What is put aside waits in quarantine, whole, with the reason shown.

What the operator reads is the exact text, in the report of `lrs-bridge pull`, in the log and in `lrs-bridge status`;
`{lrs}` stands for the server's address without its path, `{other}` for another server's, `{deadline}` for the
configured seconds. No text holds anything out of a statement, a credential, or the query of an address.
"""

_PARTS: Sequence[tuple[str, Sequence[Expected]]] = (
    ("The line", LINE),
    ("The answer", ANSWERS),
    ("Paging", PAGING),
    ("Times and order", TIMES),
    ("Statements", STATEMENTS),
)
_COLUMNS = ("the server", "lrs_bridge", "the operator reads", "in the store, once it is over")


def document() -> str:
    """The whole file."""
    return _HEAD + "".join(f"\n## {title}\n\n{_table(rows)}" for title, rows in _PARTS)


def _table(rows: Sequence[Expected]) -> str:
    lines = [_line(_COLUMNS), "|" + "---|" * len(_COLUMNS)]
    return "\n".join([*lines, *(_line((row.says, row.does, _read(row), _afterwards(row))) for row in rows)]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _read(row: Expected) -> str:
    return "<br>".join(told(row)) or "nothing: nothing is wrong"


def told(row: Expected) -> Iterator[str]:
    """What the operator reads, wherever that is."""
    if row.told:
        yield row.told
    if row.doctor and row.doctor not in row.told:
        yield f"`doctor`: {row.doctor}"
    yield from (f"in quarantine: {reason}" for reason in row.aside)
    if row.rescan:
        yield f"`rescan`: {row.missed} had been missed"


_REMEDIES = {
    Rescan.NO: "the same as without the fault",
    Rescan.WHILE_IT_LASTS: "the same as without the fault, after a rescan while it lasts",
    Rescan.AFTERWARDS: "the same as without the fault, after a rescan",
}


def _afterwards(row: Expected) -> str:
    stays = "; the statements stay as they came" if row.differs and not row.victims else ""
    return _REMEDIES[row.rescan] + ("; the statement stays as it came" if row.differs and row.victims else stays)
