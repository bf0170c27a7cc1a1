"""Builders for what suggestions are made from."""

from __future__ import annotations

from typing import Any

from lrs_bridge.domain.agenda import Competency
from lrs_bridge.domain.suggesting.material import KnownActivity, Material, Near, Suggestion, UnmatchedActivity
from lrs_bridge.domain.suggesting.proving import DOCUMENT, document
from lrs_bridge.domain.suggesting.ranking import suggest
from lrs_bridge_rules.completions.attempt import Conclusion
from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.completions.reading import Activity
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.fields import Facts
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.rule import Rule
from support.builders import NOON

LMS = "https://lms.example.org/course/view.php?id="

PUMPS = Competency("pump-maintenance", "Maintaining pumps")
SPANISH = Competency("spanish", "Spanish")
SAFETY = Competency("electrical-safety", "Electrical safety")


def an_activity(number: int | str, *names: str, **more: Any) -> UnmatchedActivity:
    """An unmatched activity; a number stands for a course of the LMS, a text is the id itself."""
    own_id = f"{LMS}{number}" if isinstance(number, int) else number
    return UnmatchedActivity(own_id, names, **more)


def a_known(number: int, name: str, *competencies: str, entry: bool = True) -> KnownActivity:
    own_id = f"{LMS}{number}"
    return KnownActivity((own_id,), (name,), frozenset(competencies), own_id if entry else "")


def material(*unmatched: UnmatchedActivity, **more: Any) -> Material:
    """What is compared: these activities, and three competencies unless others are given."""
    return Material(unmatched, **{"competencies": (PUMPS, SPANISH, SAFETY), **more})


def only(found: tuple[Suggestion, ...]) -> Suggestion:
    [one] = found
    return one


def suggestions(*unmatched: UnmatchedActivity, **more: Any) -> tuple[Suggestion, ...]:
    return suggest(material(*unmatched, **more), 10)


def compiled(suggestion: Suggestion) -> Rule:
    """The draft as the rules read it."""
    [rule] = load_texts({DOCUMENT: document(suggestion.rule)}).rules
    return rule


def takes(rule: Rule, activity: UnmatchedActivity) -> bool:
    """Whether a rule fits a completion of an activity."""
    return rule.fits(Facts(a_subject(activity)), None)


def a_subject(activity: UnmatchedActivity) -> Subject:
    conclusion = Conclusion(Outcome.COMPLETED, NOON, NOON, None, None, None)
    return Subject(
        activity=Activity(activity.id, activity.name, activity.type),
        activity_ids=(activity.id,),
        outcome=conclusion.outcome,
        percent=None,
        success=None,
        duration=None,
        at=NOON,
        parents=tuple(_near(each) for each in activity.parents),
        groupings=tuple(_near(each) for each in activity.groupings),
        names=activity.names,
    )


def _near(near: Near) -> Activity:
    return Activity(near.id, near.name, near.type)
