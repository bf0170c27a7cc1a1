"""What is large rather than odd: each giant goes the whole way, as one body and as a file, in a process of its own.

python -m trials.fuzz.giants NAME      goes the way with one, and prints its figures as JSON
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support.bridges import a_body
from trials.fuzz.ground import Ground, memory_folder
from trials.fuzz.journey import Given, Journey, go, source_of
from trials.fuzz.laws import Broken, judge, peak_memory
from trials.fuzz.payloads import MARK
from trials.fuzz.seeds import identifier, line

#: Seconds of CPU time for a giant: pulled twice, planned four times, every page opened.
SECONDS = 60.0


def _result(**more: Any) -> dict[str, Any]:
    return {"score": {"raw": 80, "max": 100}, **more}


def _passed(**more: Any) -> bytes:
    return line(a_body("passed", id=identifier(1), **more))


def _with_raw(number: str) -> bytes:
    """A statement whose score is written so; no JSON library would write it."""
    return _passed(result={"score": {"raw": 4711, "max": 9e99}}).replace(b"4711", number.encode())


def _extensions(value: Any) -> dict[str, Any]:
    return {"extensions": {f"https://example.org/{MARK}": value}}


def _group(members: int) -> dict[str, Any]:
    them = [{"mbox": f"mailto:p{number}@example.org", "name": f"<{MARK}>"} for number in range(members)]
    return {"objectType": "Group", "member": [*them, {"mbox": "mailto:ada@example.org"}]}


def _names(many: int) -> dict[str, Any]:
    languages = {f"x-{number}": f"<{MARK}> {number}" for number in range(many)}
    return {"id": "https://lms.example.org/x", "definition": {"name": languages, "description": languages}}


GIANTS: Mapping[str, Callable[[], bytes]] = {
    "a statement of 5 MB": lambda: _passed(context=_extensions([f"<{MARK}>" * 10] * 85_000)),
    "nesting of 500 in an extension": lambda: _passed(context=_extensions("deep")).replace(
        b'"deep"', b"[" * 500 + b"]" * 500
    ),
    "nesting of 10,000 in an extension": lambda: _passed(context=_extensions("deep")).replace(
        b'"deep"', b"[" * 10_000 + b"]" * 10_000
    ),
    "nesting of 10,000 as a whole": lambda: b'{"actor":' * 10_000 + b"1" + b"}" * 10_000,
    "a score of 400 digits": lambda: _with_raw("9" * 400),
    "a score of 400 decimal places": lambda: _with_raw("1." + "3" * 400),
    "an exponent of 400 digits": lambda: _with_raw("1e" + "9" * 400),
    "100,000 digits in an extension": lambda: _passed(context=_extensions("digits")).replace(
        b'"digits"', b"7" * 100_000
    ),
    "a group of 100,000": lambda: _passed(actor=_group(100_000)),
    "10,000 extensions": lambda: _passed(
        result=_result(extensions={f"https://example.org/{number}": {"a": number} for number in range(10_000)})
    ),
    "a string of 10 MB": lambda: _passed(result=_result(response=MARK + "<" * 10_000_000)),
    "a string of 10 MB in escapes": lambda: _passed(result=_result(response="\u00e9" * 1_700_000)),
    "names in 10,000 languages": lambda: _passed(object=_names(10_000)),
    "a name of 1 MB": lambda: _passed(
        object={"id": "https://lms.example.org/x", "definition": {"name": {"en": f"<{MARK}> Excel" * 100_000}}}
    ),
    "an id of 1 MB": lambda: _passed(object={"id": "https://lms.example.org/" + MARK * 350_000}),
    "100,000 parents": lambda: _passed(
        context={
            "contextActivities": {"parent": [{"id": f"https://lms.example.org/{each}"} for each in range(100_000)]}
        }
    ),
    "10,000 statements of one activity": lambda: b"\n".join(
        line(a_body("passed", id=identifier(number), context={"registration": identifier(number)}))
        for number in range(10_000)
    ),
}


@dataclass(frozen=True, slots=True)
class Size:
    """What a giant took. `broken`: the law that it broke, "" for none."""

    name: str
    bytes: int
    ended: str
    seconds: float
    memory: float
    broken: str = ""


def send(name: str) -> Size:
    """A giant goes the whole way twice: as a source hands it on, and out of a file."""
    body = GIANTS[name]()
    begun, broken, ended = time.process_time(), "", ""
    with TemporaryDirectory(dir=memory_folder()) as folder, Ground(Path(folder)) as ground:
        try:
            for source in (Given(*body.split(b"\n")), source_of(ground, body, 500)):
                journey = go(ground, source)
                ended = f"{ended}, {_ended(journey)}" if ended else _ended(journey)
                judge(journey, SECONDS)
        except Broken as law:
            broken = str(law)[:300]
    return Size(name, len(body), ended, time.process_time() - begun, peak_memory(), broken)


def _ended(journey: Journey) -> str:
    places = {"kept": journey.kept, "quarantine": journey.held, "noise": journey.noise}
    return " and ".join(place for place, there in places.items() if there) or "nowhere"


if __name__ == "__main__":
    print(json.dumps(asdict(send(sys.argv[1]))))  # read by the process that started this one
