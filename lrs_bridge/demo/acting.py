"""What people do in the invented year, through the same acts as from the pages: each after their own habit.

An intention is made when its occasion is seen (a task that is open, a goal that was applied), and carried out when its
moment has come. What cannot be done any more by then (the task is gone, say) is left, as a person would leave it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine

from lrs_bridge.acts import attestations, follow_ups, goals, supports
from lrs_bridge.acts.actor import AccountRole, Actor
from lrs_bridge.acts.errors import ActError
from lrs_bridge.demo.agreements import Agreement
from lrs_bridge.demo.attending import ATTESTED
from lrs_bridge.demo.organisation import Invention
from lrs_bridge.demo.people import Person
from lrs_bridge.demo.times import Month, Year
from lrs_bridge.domain.contract import Goal
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.store.read_models.follow_ups import ListedFollowUp

_DONE = (
    "Tried it in this week’s work; it holds.",
    "Used it twice, and noted what was different.",
    "Done with a colleague; we will keep it.",
    "It took longer than before, but nothing had to be redone.",
)
_DECLINED = ("The work it was meant for has moved to another team.", "No occasion this year.", "Too much else at once.")
_MISSING = "Please add what came of it."


@dataclass(frozen=True, slots=True)
class Intention:
    """An act that somebody is going to do. `key` makes the order certain where two moments are the same."""

    at: datetime
    key: str
    do: Callable[[Engine], object]


class Acting:
    """Everybody's intentions, and how they are carried out month by month."""

    def __init__(self, invention: Invention) -> None:
        self._invention = invention
        self._people = {person.id: person for person in invention.people}
        self._seen: set[str] = set()
        self._pending: list[Intention] = [
            intention for each in invention.agreements for intention in _from_agreement(each, invention)
        ]

    def carry_out(self, engine: Engine, month: Month) -> tuple[int, int]:
        """Do what has come due by the end of a month; how many acts were done, and how many could not be."""
        due = sorted((each for each in self._pending if each.at < month.end), key=lambda each: (each.at, each.key))
        self._pending = [each for each in self._pending if each.at >= month.end]
        refused = sum(not _tried(each, engine) for each in due)
        return len(due) - refused, refused

    def notice_tasks(self, tasks: Iterable[ListedFollowUp]) -> None:
        """People see their tasks, and make up their minds once."""
        for task in tasks:
            if task.state is FollowUpState.OPEN and task.id not in self._seen:
                self._seen.add(task.id)
                self._pending += _about_task(task, self._people[task.learner_id], self._invention)

    def notice_applied(self, goal_ids: Iterable[str]) -> None:
        """What was applied is measured, or judged by the manager."""
        goal_by_id = {
            goal.id: (goal, each.person)
            for each in self._invention.agreements
            for contract in each.contracts
            for goal in contract.latest.goals
        }
        for goal_id in sorted(set(goal_ids) - self._seen):
            self._seen.add(goal_id)
            self._pending += _about_goal(*goal_by_id[goal_id], self._invention)


def _tried(intention: Intention, engine: Engine) -> bool:
    try:
        intention.do(engine)
    except ActError:
        return False
    return True


def as_learner(person: Person) -> Actor:
    return Actor(person.id, AccountRole.LEARNER, person.id)


def as_manager(person: Person) -> Actor:
    """The manager of this person."""
    manager = person.learner.manager_id or person.id
    return Actor(manager, AccountRole.MANAGER, manager)


def _about_task(task: ListedFollowUp, person: Person, invention: Invention) -> Iterator[Intention]:
    # Not by the task's id: those that follow an attestation have another one in every run.
    random = invention.random("task", task.learner_id, task.template, task.title)
    draw = random.random()
    at = _moment(task.opened_at + (task.due_at - task.opened_at) * random.uniform(0.2, 1.4), invention.year)
    about: dict[str, Any] = {"by": as_learner(person), "follow_up_id": task.id, "learner_id": person.id, "now": at}
    if draw < person.habit.submits:
        yield Intention(at, task.id, partial(follow_ups.submit, text=random.choice(_DONE), **about))
        if task.confirm and random.random() < 0.85:
            seen = at + timedelta(days=random.randrange(1, 18))
            yield from _confirmation(task.id, person, seen, returned=random.random() < 0.1)
    elif draw < person.habit.submits + person.habit.declines:
        yield Intention(at, task.id, partial(follow_ups.decline, text=random.choice(_DECLINED), **about))


def _confirmation(key: str, person: Person, at: datetime, *, returned: bool) -> Iterator[Intention]:
    """Mostly confirmed; now and then given back first, and handed in again."""
    learner, manager = as_learner(person), as_manager(person)
    about: dict[str, Any] = {"follow_up_id": key, "learner_id": person.id}
    if returned:
        again = at + timedelta(days=5)
        yield Intention(at, key, partial(follow_ups.return_, by=manager, text=_MISSING, now=at, **about))
        yield Intention(again, key, partial(follow_ups.submit, by=learner, text=_DONE[1], now=again, **about))
        at = again + timedelta(days=4)
    yield Intention(at, key, partial(follow_ups.confirm, by=manager, now=at, **about))


def _about_goal(goal: Goal, person: Person, invention: Invention) -> Iterator[Intention]:
    random = invention.random("goal", goal.id)
    at = _moment(invention.year.now - timedelta(days=random.randrange(1, 120)), invention.year)
    if goal.measure is not None:
        share = random.choice((0.3, 0.6, 0.8, 1.0, 1.0, 1.2))
        value = round(goal.measure.baseline + share * (goal.measure.target - goal.measure.baseline), 1)
        about: dict[str, Any] = {"by": as_learner(person), "goal_id": goal.id, "now": at}
        yield Intention(at, goal.id, partial(goals.measure, value=value, **about))
    elif random.random() < 0.4:
        about = {"by": as_manager(person), "goal_id": goal.id, "now": at}
        yield Intention(at, goal.id, partial(goals.achieve, reason="It is how the work is done now.", **about))


def _from_agreement(agreement: Agreement, invention: Invention) -> Iterator[Intention]:
    """What contracts alone lead to: supports that become ready, what is attested, and goals given up."""
    manager = as_manager(agreement.person)
    for support_id, ready in agreement.ready_at.items():
        yield Intention(ready, support_id, partial(supports.mark_ready, by=manager, support_id=support_id, now=ready))
    for contract in agreement.contracts:
        if contract.latest.signed_at is not None:
            for goal in contract.latest.goals:
                yield from _goal_by_itself(goal, manager, contract.latest.signed_at, invention)


def _goal_by_itself(goal: Goal, manager: Actor, signed: datetime, invention: Invention) -> Iterator[Intention]:
    random = invention.random("goal by itself", goal.id)
    ended = _moment(signed + timedelta(days=random.randrange(60, 220)), invention.year)
    said = ended + timedelta(minutes=random.randrange(5, 25))
    about: dict[str, Any] = {"by": manager, "goal_id": goal.id, "now": said}
    if goal.method in ATTESTED and random.random() < 0.7:
        about |= {"started_at": ended - timedelta(days=30), "ended_at": ended, "hours": float(random.randrange(6, 24))}
        title = f"{goal.method.value.replace('-', ' ').capitalize()}: {goal.title}"
        yield Intention(said, goal.id, partial(attestations.attest, title=title, **about))
    elif random.random() < 0.04:
        yield Intention(said, goal.id, partial(goals.drop, reason="The work has changed.", **about))


def _moment(at: datetime, year: Year) -> datetime:
    """Nothing is done in the future; what would be is left for after the demo, just behind its end."""
    return at.replace(microsecond=0) if at < year.now - timedelta(hours=1) else year.now + timedelta(days=400)
