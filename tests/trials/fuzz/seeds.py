"""What mutation starts from: statements as real platforms sent them, and some that were odd from the beginning."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from support.bridges import a_body, voiding
from support.builders import NOON, PAINTING, day
from support.golden import inputs

Json = dict[str, Any]
_IDS = UUID("1d0c8b1e-6a8e-5c07-9a3f-51c0f7a2e6d4")


@cache
def statements() -> tuple[Json, ...]:
    """The golden statements of all packs, and some for the way behind the packs: scores, groups, voiding, people."""
    golden: list[Json] = []
    for path in inputs():
        sent: Any = json.loads(path.read_text("utf-8"))
        golden += sent if isinstance(sent, list) else [sent]
    return (*golden, *_own())


@cache
def corpus() -> tuple[bytes, ...]:
    """Each statement alone, each group of golden ones together, and pages in every form that a file can have."""
    alone = [line(each) for each in statements()]
    together = [b"\n".join(map(line, _list(json.loads(path.read_text("utf-8"))))) for path in inputs()]
    own = [line(each) for each in _own()]
    forms = [b"[" + b",".join(own) + b"]", b'{"statements":[' + b",".join(own) + b'],"more":""}', b"\n".join(own)]
    return tuple(dict.fromkeys([*alone, *together, *forms]))


def line(body: object) -> bytes:
    """One statement as a line of a file."""
    return json.dumps(body, separators=(",", ":")).encode()


def identifier(number: int) -> str:
    """One of a few ids, so that mutation finds conflicts, repeats and voiders that meet."""
    return str(uuid5(_IDS, str(number)))


def _list(sent: Any) -> list[Json]:
    return sent if isinstance(sent, list) else [sent]


def _own() -> tuple[Json, ...]:
    group = {"objectType": "Group", "name": "All", "member": [{"mbox": "mailto:ada@example.org", "name": "Ada"}]}
    about = {
        "id": PAINTING,
        "definition": {
            "name": {"de": "Malen", "en": "Painting"},
            "description": {"en": "With oil"},
            "type": "http://adlnet.gov/expapi/activities/course",
            "extensions": {"https://example.org/x": {"a": [1, "two"]}},
        },
    }
    context = {
        "registration": identifier(9),
        "platform": "Moodle",
        "language": "en",
        "instructor": {"account": {"homePage": "https://lms.example.org", "name": "max"}},
        "contextActivities": {"parent": [{"id": PAINTING}], "other": {"id": "https://lms.example.org/other"}},
    }
    score = {"score": {"raw": 81.5, "min": 0, "max": 100, "scaled": 0.815}, "success": True, "duration": "PT1H30M"}
    return (
        a_body("passed", at=day(-3), id=identifier(1), result=score, context=context),
        a_body("completed", at=day(-2), id=identifier(2), object=about, result={"response": "yes", **score}),
        a_body("failed", at=day(-2), id=identifier(3), result={"score": {"raw": 2, "max": 10}, "completion": True}),
        a_body("completed", at=day(-1), id=identifier(4), actor=group),
        a_body("initialized", at=day(-4), id=identifier(5), stored=NOON.isoformat()),
        voiding(identifier(2), id=identifier(6)),
        a_body("experienced", at=day(-5), id=identifier(7)),
        a_body("passed", at=day(-6), id=identifier(8), actor={"openid": "https://people.example.org/bo"}),
    )
