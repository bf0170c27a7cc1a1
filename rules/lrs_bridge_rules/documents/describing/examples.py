"""Examples of conditions for the reference; a test reads each of them, so that none is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

OPERATOR_EXAMPLES: Final[Mapping[str, str]] = {
    "is": "outcome: passed",
    "in": "activity.type: {in: [course, webinar]}",
    "not_in": "learner.unit: {not_in: [Finance, Human resources]}",
    "glob": 'activity.id: {glob: "https://lms.example.org/*/view.php?id=*"}',
    "prefix": 'activity.id: {prefix: "https://lms.example.org/mod/quiz/"}',
    "contains": "activity.name: {contains: [excel, spreadsheet]}",
    "gt": "duration: {gt: 45min}",
    "gte": "score.percent: {gte: 70}",
    "lt": "duration: {lt: PT1H30M}",
    "lte": "score.percent: {lte: 49.5}",
    "between": "at: {between: [2026-01-01, 2026-03-31]}",
    "before": "at: {before: 2026-07-01}",
    "after": 'at: {after: "2026-03-31T17:00:00+02:00"}',
    "on": "at: {on: [2026-05-04, 2026-05-05]}",
    "present": "score.percent: {present: false}",
}
CONDITIONS: Final[Mapping[str, str]] = {
    "all": "all: [{activity.name: {contains: first}}, {activity.name: {contains: aid}}]",
    "any": "any: [{activity.type: webinar}, {duration: {gte: 2h}}]",
    "not": "not: {platform: Sandbox}",
    "list": "activity.id: {list: cyber}",
    "path": 'path: {"$.context.contextActivities.parent[*].id": {prefix: "https://lms.example.org/"}}',
    "template": 'template: "https://profiles.example.org/templates/passed"',
    "key": 'extension: {"https://lms.example.org/attempts": {lte: 3}}',
}
LISTS: Final = """\
lists:
  cyber: ["https://lms.example.org/course/view.php?id=42", "https://lms.example.org/course/view.php?id=43"]
  safety: {file: safety-courses.csv, column: id}   # beside the document; UTF-8; comma, semicolon or tab
"""
