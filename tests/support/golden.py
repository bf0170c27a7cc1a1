"""Golden pairs of the packs: statements as a platform sends them, and what the pack makes of them.

    tests/rules/golden/PACK/NAME.json            one statement, or a list of them, as received
    tests/rules/golden/PACK/NAME.expected.json   readings (null: noise); conclusions per activity and attempt

Expectations are never written by a test run. After a change that is meant, and only then:

    python tests/rules/golden/regenerate.py      then read the difference before committing it
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from lrs_bridge_rules.completions.attempt import conclude
from lrs_bridge_rules.completions.reading import Reading
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.statements.statement import decode_statement

GOLDEN = Path(__file__).resolve().parents[1] / "rules" / "golden"
_EXPECTED = ".expected.json"


def inputs() -> list[Path]:
    """Every input file, in a stable order."""
    return sorted(path for path in GOLDEN.glob("*/*.json") if not path.name.endswith(_EXPECTED))


def expectation_of(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".json") + _EXPECTED)


def outcome_of(path: Path) -> Any:
    """What the pack named by the folder makes of the statements in a file, as JSON."""
    ruleset = load_texts({"golden.yaml": f"include: {path.parent.name}"})
    sent = json.loads(path.read_text("utf-8"))
    bodies = [json.dumps(body).encode() for body in (sent if isinstance(sent, list) else [sent])]
    readings = [
        ruleset.read(decode_statement(body), statement_id=f"statement {number}")
        for number, body in enumerate(bodies, start=1)
    ]
    return json.loads(
        json.dumps(
            {
                "readings": [None if reading is None else _shown(reading) for reading in readings],
                "conclusions": _conclusions([reading for reading in readings if reading is not None]),
            },
            default=_plain,
        )
    )


def _shown(reading: Reading) -> dict[str, Any]:
    left_out = {"statement", "source", "statement_id", "categories", "others", "language"}
    return {key: value for key, value in asdict(reading).items() if key not in left_out and value not in (None, "", ())}


def _conclusions(readings: list[Reading]) -> list[dict[str, Any]]:
    attempts: dict[tuple[str, str | None], list[Reading]] = {}
    for reading in readings:
        attempts.setdefault((reading.activity.id, reading.attempt), []).append(reading)
    return [
        {"activity": activity, "attempt": attempt, **asdict(conclude(found))}
        for (activity, attempt), found in attempts.items()
    ]


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case Struct():
            return asdict(value)
        case timedelta():
            return f"{value.total_seconds():g} s"
        case _:
            return str(value)
