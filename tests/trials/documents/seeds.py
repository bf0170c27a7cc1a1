"""What mutation starts from: the shipped documents in pieces, a profile and a list's file, and all that is known wrong.

A set of documents is one text: parts that begin with `=== NAME` on a line, the first without a name.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from support.documents import SHIPPED
from support.profiles import SHIP, TEMPLATE, VERB, a_concept, a_profile, a_template, as_text

_TESTS = Path(__file__).resolve().parents[2]
_PART = re.compile(r"^=== ([^\r\n]{1,40})\r?\n", re.MULTILINE)
FIRST = "rules.yaml"
#: What a part may be called; other names are those of the file system, which the trial leaves alone.
NAMES = ("rules.yaml", "more.yaml", "packs/cmi5.yaml", "ours.csv", "p.jsonld", "q.json")

_ALL = f"""\
include: [generic-adl]
time_zone: Europe/Berlin
lists:
  texts: &texts [https://a.example.org/1, "urn:b"]
  ours: {{file: ours.csv, column: id}}
completions:
  - id: one
    when: {{verb: passed, context.parent.type: course, duration: {{gte: 45min}}}}
    outcome: passed
    activity: {{from: parent, type: course}}
    score: raw/max
    tests: {{name: a, statement: {{verb: passed, activity: A, parent: {{name: B, type: course}}}}, expect: no-match}}
  - {{id: two, when: {{template: "{TEMPLATE}", path: {{"$.result.score.raw": {{gte: 5}}}}}}, outcome: ignore}}
rules:
  - id: first
    title: "Über: alles"   # why
    status: active
    when:
      activity.id: {{list: ours}}
      any: [{{score.percent: {{between: [50, 70]}}}}, {{not: {{activity.name: {{contains: [a, b]}}}}}}]
      extension: {{"x:a": {{prefix: a}}}}
    unless:
      when: {{at: {{on: 2026-03-01}}}}
      reason: >-
        folded
        text
      until: 2027-01-31
    evidence: [{{competency: x, weight: 0.5}}, {{goal: y}}]
    follow_up: task
    tests:
      - {{name: a, statements: {{verb: passed, activity: A, score: 80}}, expect: no-match}}
      - name: b
        contract: {{goals: [{{title: y, competencies: x}}], signed: -30d}}
        statements: [{{verb: passed, activity: {{id: "urn:b"}}}}, {{voids: 1}}]
        expect: {{match: false, evidence: [], completions: 0}}
follow_ups: [{{id: task, kind: apply, title: "Use {{activity}}", due: 30d, remind: [7d, 1d]}}]
follow_ups_default: [task]
waste: {{stagnation: {{tenure: 2y}}, mastery: 85}}
lint: {{allow: [{{lint: never-matches, rule: first, reason: it is meant}}]}}
=== ours.csv
id,name
urn:a,A
"urn:b","B, b"
=== p.jsonld
"""


@cache
def corpus() -> tuple[str, ...]:
    """All seeds, whole ones first."""
    rule = {"location": "$.result.score.raw", "presence": "included", "any": [5, 6]}
    template = a_template(verb=VERB, rules=[rule])
    profile = as_text(a_profile(template, concepts=(a_concept(VERB), a_concept(SHIP, "ActivityType"))))
    shipped = [path.read_text("utf-8") for path in SHIPPED]
    wrong = (_TESTS / "rules/documents/messages.txt").read_text("utf-8").split("\n\n")
    pieces = [piece for text in shipped for piece in _pieces(text)]
    return tuple(dict.fromkeys([_ALL + profile, *shipped, *pieces, *(row.split("\n--> ")[0] for row in wrong)]))


def _pieces(text: str) -> list[str]:
    """A document's sections, each as a document of its own."""
    return re.split(r"\n(?=[a-z_]+:)", text)[1:]


def parts_of(data: bytes) -> dict[str, str]:
    """The named texts that some bytes are; names that are no names of documents belong to the text before."""
    text = data.decode("utf-8", "surrogateescape")
    pieces = _PART.split(text)
    named = zip(pieces[1::2], pieces[2::2], strict=True)
    return {FIRST: pieces[0], **{name: body for name, body in named if name in NAMES}}
