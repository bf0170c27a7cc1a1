"""Drafts of the rules in `builders`: everything that an author may do to them, a little of each."""

from __future__ import annotations

from functools import reduce

from hypothesis import strategies as st

from lrs_bridge_rules.ruleset import Ruleset
from support.builders import PAINTING, RULES, UNKNOWN, a_ruleset

PAINTING_RULE = f"""
  - id: painting
    status: STATUS
    when: {{activity.id: "{PAINTING}"}}
    evidence: {{competency: art}}
    follow_up: [reflect]
"""

#: What is changed → the text before and after.
EDITS = {
    "a rule is added": (
        "follow_ups:\n  - id: apply",
        PAINTING_RULE.replace("STATUS", "active") + "follow_ups:\n  - id: apply",
    ),
    "a shadow rule is added": (
        "follow_ups:\n  - id: apply",
        PAINTING_RULE.replace("STATUS", "shadow").replace("id: painting", "id: glimpse") + "follow_ups:\n  - id: apply",
    ),
    "a rule is retired": ("status: active\n    when: {activity.name", "status: retired\n    when: {activity.name"),
    "a rule only watches": ("status: active\n    when: {activity.name", "status: shadow\n    when: {activity.name"),
    "a rule asks for more": ("{contains: excel}}", "{contains: excel}, score.percent: {gte: 70}}"),
    "a rule fits more": ("{contains: excel}}", "{contains: [excel, painting, new]}}"),
    "a rule excludes": ("evidence: {competency: spreadsheets}\n    follow_up: [apply, share]", "exclude: a taster"),
    "an exclusion goes": ("status: active\n    when: {activity.id", "status: draft\n    when: {activity.id"),
    "evidence is of less weight": ("{competency: spreadsheets}", "{competency: spreadsheets, weight: 0.4}"),
    "another competency": ("{competency: spreadsheets}", "{competency: art}"),
    "other follow-ups": ("follow_up: [apply, share]", "follow_up: [reflect]"),
    "an exemption": (
        "    evidence: {competency: spreadsheets}",
        "    unless: [{when: {outcome: failed}, reason: not yet}]\n    evidence: {competency: spreadsheets}",
    ),
    "tasks expire sooner": ("expire: 30d", "expire: 2d"),
    "another default": ("follow_ups_default: [reflect]", "follow_ups_default: [share]"),
    "a lower mastery": ("mastery: 85", "mastery: 50"),
    "failures are noise": ("outcome: failed,", "outcome: ignore,"),
    "a start says nothing": ("  - {id: started, when: {verb: initialized}", "  - {id: started, when: {verb: launched}"),
    "a pass is a completion": ("outcome: passed,", "outcome: completed,"),
    "attempts are not told apart": (
        "outcome: completed, attempt: registration",
        "outcome: completed, attempt: activity",
    ),
    "one activity comes first": (
        "completions:",
        f'completions:\n  - {{id: first, when: {{verb: passed, object.id: "{UNKNOWN}"}}, outcome: failed}}',
    ),
    "a kind of source comes first": (
        "completions:",
        "completions:\n  - {id: xapi-failures, when: {verb: passed, source.kind: xapi}, outcome: failed}",
    ),
    "only the writing changes": ("title: Excel courses evidence spreadsheets", "title: Spreadsheets"),
}


def edited(*names: str) -> Ruleset:
    """The rules after these edits; one for which there is no place any more is left out."""
    return a_ruleset(reduce(lambda text, name: text.replace(*EDITS[name]), names, RULES))


drafts = st.lists(st.sampled_from(sorted(EDITS)), max_size=3, unique=True).map(lambda names: edited(*names))
