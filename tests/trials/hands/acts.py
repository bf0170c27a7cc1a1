"""What people do in a round: chosen from what the pages would show them, done by the product's own acts, written down.

What was done is repeated, act for act, by the one who works alone: so it does not matter who of two was faster, only
that the result is what those acts lead to.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import Connection, select

from lrs_bridge.acts import attestations, decisions, follow_ups, goals, people, quarantine, rules, supports
from lrs_bridge.acts.actor import AccountRole, Actor
from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.facts import DecisionKind
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import CompletionRow, DecisionRow, FollowUpRow, QuarantineRow, QuarantineState
from trials.hands.world import NEVER_MAPPED, RULES, UNKNOWN, World, manager_of

_DRAWING = (attestations, decisions, follow_ups)
ADMIN = Actor("admin", AccountRole.ADMINISTRATOR)
OTHER = Actor("other", AccountRole.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Act:
    """One act: what, by whom, to what, and what else it needs. Done again elsewhere it means the same."""

    kind: str
    by: Actor
    subject: str
    extra: str = ""
    learner: str | None = None


#: Acts that are done at the same moment by different people; most steps are one.
Step = tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was done, and the id that was drawn at random for it ("": none was)."""

    act: Act
    drawn: str = ""


def do(bridge: Bridge, act: Act, now: datetime) -> Done | None:
    """Do it; None if it was so already. Raises ActError."""
    news = _KINDS[act.kind](bridge, act, now)
    return None if news is False else Done(act, str(getattr(news, "id", ""))[-36:])


def do_again(bridge: Bridge, done: Done, now: datetime) -> None:
    """The same act, drawing the same id: so that rows can be compared with all their ids."""
    with ExitStack() as stack:
        for module in _DRAWING if done.drawn else ():
            stack.enter_context(patch.object(module, "uuid4", lambda: UUID(done.drawn)))
        assert do(bridge, done.act, now) == done, f"alone, this act comes to something else: {done.act}"


def learner_actor(learner: str) -> Actor:
    return Actor(f"{learner}@example.org", AccountRole.LEARNER, learner)


def manager_actor(learner: str) -> Actor:
    manager = manager_of(learner)
    return Actor(f"{manager}@example.org", AccountRole.MANAGER, manager)


def choose(bridge: Bridge, world: World, number: int) -> list[Step]:
    """What is done in a round: nothing in the first, when there is nothing yet."""
    if number == 0:
        return []
    chance = random.Random(f"{world.seed} acts {number}")
    with read(bridge.engine) as connection:
        steps = [
            *_on_tasks(connection, chance, world.taking_back(number)),
            *_decisions(connection, chance),
            *_quarantine(connection),
            *_agreed(world, number, chance),
            *_for_everybody(number),
        ]
    chance.shuffle(steps)
    return steps


def _on_tasks(connection: Connection, chance: random.Random, but: AbstractSet[str]) -> list[Step]:
    steps: list[Step] = []
    for task in _some(connection, _tasks(FollowUpState.OPEN, but), chance, 12):
        kind = chance.choice(("submit", "submit", "submit", "decline"))
        steps.append((Act(kind, learner_actor(task[1]), task[0], "It is in use", task[1]),))
    for task in _some(connection, _tasks(FollowUpState.SUBMITTED, but), chance, 8):
        mine = manager_actor(task[1])
        answer = Act(chance.choice(("confirm", "return")), mine, task[0], "As seen", task[1])
        rival = Act(chance.choice(("confirm", "return")), ADMIN, task[0], "As seen", task[1])
        steps.append((answer, rival) if chance.random() < 0.5 else (answer,))
    declined = _some(connection, _tasks(FollowUpState.DECLINED, but), chance, 2)
    return steps + [(Act("reopen", manager_actor(learner), task, "", learner),) for task, learner in declined]


def _decisions(connection: Connection, chance: random.Random) -> list[Step]:
    unmatched = select(CompletionRow.id, CompletionRow.learner_id).where(
        CompletionRow.standing == Standing.UNMATCHED, CompletionRow.activity_id.in_(NEVER_MAPPED)
    )
    standing = select(DecisionRow.subject, DecisionRow.learner_id).where(
        DecisionRow.undone_at.is_(None), DecisionRow.learner_id.is_not(None)
    )
    taken = {(row[0], row[1]) for row in connection.execute(standing)}
    steps: list[Step] = []
    for own_id, learner in _some(connection, unmatched, chance, 6):
        if (own_id, learner) in taken:
            continue
        one = Act("exclude", ADMIN, own_id, "A taster", learner)
        other = Act("link", OTHER, own_id, f"{learner}-sheets", learner)
        steps.append(chance.choice(((one, other), (one,), (other,))))
    for subject, learner in _some(connection, standing, chance, 2):
        undo = Act("undo", ADMIN, subject, "", learner)
        steps.append((undo, Act("undo", OTHER, subject, "", learner)))
    return steps


def _quarantine(connection: Connection) -> list[Step]:
    waiting = select(QuarantineRow.id).where(QuarantineRow.state == QuarantineState.WAITING)
    held = connection.execute(waiting.order_by(QuarantineRow.id).limit(2)).scalars()
    return [(Act("dismiss", ADMIN, each), Act("dismiss", OTHER, each)) for each in held]


def _agreed(world: World, number: int, chance: random.Random) -> list[Step]:
    """About goals and supports, and whose identifiers are; each goal is attested or measured once a round."""
    chosen = chance.sample(world.people, 5)
    steps: list[Step] = [
        (Act("ready", manager_actor(chosen[0]), f"{chosen[0]}-seat"),),
        (Act("measure", learner_actor(chosen[1]), f"{chosen[1]}-sheets", str(10 - number / 2)),),
        (Act("measure", learner_actor(chosen[2]), f"{chosen[2]}-sheets", "4"),),
        (Act("achieve", manager_actor(chosen[3]), f"{chosen[3]}-paint", "Seen on the wall"),),
        (Act("attest", manager_actor(chosen[4]), f"{chosen[4]}-paint", "Afternoons with a painter"),),
    ]
    if number % 4 == 3:  # in no round in which something changes for everybody
        steps += [(Act("drop", manager_actor(each), f"{each}-sheets", "Not needed"),) for each in world.quiet(number)]
    for newcomer in world.newcomers[number - 1 : number]:
        ifi = f"mbox:{newcomer}@example.org"
        steps.append((Act("identify", ADMIN, ifi, newcomer), Act("identify", OTHER, ifi, world.neighbour)))
    return steps


def _for_everybody(number: int) -> list[Step]:
    """What changes for all at once only adds to what was there: what was taken away could have been mailed."""
    planned: dict[int, Step] = {
        1: (Act("map", ADMIN, UNKNOWN[0], "spreadsheets"), Act("map", OTHER, UNKNOWN[0], "spreadsheets")),
        2: (Act("publish", ADMIN, "1", "1"), Act("publish", OTHER, "1", "1")),
        4: (Act("map", ADMIN, UNKNOWN[1], "painting"),),
        5: (Act("publish", ADMIN, "2", "2"), Act("publish", OTHER, "2", "2")),
        6: (Act("roll-back", ADMIN, "2"), Act("roll-back", OTHER, "2")),
    }
    return [planned[number]] if number in planned else []


def _tasks(state: FollowUpState, but: AbstractSet[str]) -> Any:  # a query of two columns
    others = FollowUpRow.learner_id.not_in(but)
    return select(FollowUpRow.id, FollowUpRow.learner_id).where(FollowUpRow.state == state, others)


def _some(connection: Connection, query: Any, chance: random.Random, most: int) -> list[tuple[str, str]]:
    found = sorted({(row[0], row[1]) for row in connection.execute(query)})
    return chance.sample(found, min(most, len(found)))


def _decide(kind: DecisionKind) -> Callable[[Bridge, Act, datetime], object]:
    def decide(bridge: Bridge, act: Act, now: datetime) -> object:
        reason, to = (act.extra, "") if kind is DecisionKind.EXCLUDE else ("It is about that", act.extra)
        return decisions.decide(
            bridge.engine, act.by, kind, act.subject, reason, now, object=to, learner_id=act.learner
        )

    return decide


def _undo(bridge: Bridge, act: Act, now: datetime) -> None:
    """The one that stood on this subject when it was looked at."""
    query = select(DecisionRow.id).where(DecisionRow.subject == act.subject, DecisionRow.learner_id == act.learner)
    with read(bridge.engine) as connection:
        latest = connection.execute(query.order_by(DecisionRow.at.desc(), DecisionRow.id)).scalars().first()
    decisions.undo(bridge.engine, act.by, latest or "", now)


def _publish(bridge: Bridge, act: Act, now: datetime) -> None:
    texts = {"organisation.yaml": RULES[int(act.subject)]}
    rules.publish(bridge.engine, texts, "trial", act.by, now, drawn_from=int(act.extra))


_KINDS: Mapping[str, Callable[[Bridge, Act, datetime], object]] = {
    "submit": lambda b, act, now: follow_ups.submit(
        b.engine, act.by, act.subject, act.extra, now, learner_id=act.learner
    ),
    "confirm": lambda b, act, now: follow_ups.confirm(b.engine, act.by, act.subject, now, learner_id=act.learner),
    "return": lambda b, act, now: follow_ups.return_(
        b.engine, act.by, act.subject, act.extra, now, learner_id=act.learner
    ),
    "decline": lambda b, act, now: follow_ups.decline(
        b.engine, act.by, act.subject, act.extra, now, learner_id=act.learner
    ),
    "reopen": lambda b, act, now: follow_ups.reopen(b.engine, act.by, act.subject, now, learner_id=act.learner),
    "exclude": _decide(DecisionKind.EXCLUDE),
    "link": _decide(DecisionKind.LINK_TO_GOAL),
    "map": _decide(DecisionKind.MAP_ACTIVITY),
    "undo": _undo,
    "dismiss": lambda b, act, now: quarantine.dismiss(b, act.by, act.subject, now),
    "ready": lambda b, act, now: supports.mark_ready(b.engine, act.by, act.subject, now),
    "measure": lambda b, act, now: goals.measure(b.engine, act.by, act.subject, float(act.extra), now),
    "achieve": lambda b, act, now: goals.achieve(b.engine, act.by, act.subject, act.extra, now),
    "drop": lambda b, act, now: goals.drop(b.engine, act.by, act.subject, act.extra, now),
    "attest": lambda b, act, now: attestations.attest(b.engine, act.by, act.subject, act.extra, now, now, hours=4),
    "identify": lambda b, act, now: people.link(b.engine, act.by, act.subject, act.extra, now),
    "publish": _publish,
    "roll-back": lambda b, act, now: rules.roll_back(b.engine, int(act.subject), "trial", act.by, now),
}
