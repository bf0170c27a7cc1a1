"""What a learning platform sends: a statement on its way into one of the demo's two record stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from lrs_bridge.demo.people import Person

#: The two stores: behind Moodle, and behind the course player (cmi5 and SCORM).
MOODLE_STORE = "moodle"
PLAYER_STORE = "player"


@dataclass(frozen=True, slots=True)
class Sent:
    """One statement as its store will hold it, and when it arrived there."""

    store: str
    stored: datetime
    statement: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.statement["id"])


class Pen:
    """Writes statements of one person's learning: ids and delays from one random source, so that they repeat."""

    def __init__(self, random: Random, store: str, delay: timedelta) -> None:
        self.random = random
        self.store = store
        self.delay = delay

    def uuid(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def write(self, at: datetime, actor: Mapping[str, Any], verb: Mapping[str, Any], **parts: object) -> Sent:
        """A statement about a moment, stored after the platform's delay (a cron run, a queue)."""
        statement = {
            "id": self.uuid(),
            "timestamp": stamp(at),
            "actor": actor,
            "verb": verb,
            **parts,
            "version": "1.0.3",
        }
        return Sent(self.store, at + self.delay * self.random.uniform(0.1, 1.0), statement)


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def verb(iri: str, display: str) -> dict[str, Any]:
    return {"id": iri, "display": {"en": display}}


def activity(own_id: str, kind: str = "", name: str = "") -> dict[str, Any]:
    definition = {**({"type": kind} if kind else {}), **({"name": {"en": name}} if name else {})}
    return {"objectType": "Activity", "id": own_id, **({"definition": definition} if definition else {})}


def by_mail(person: Person, address: str = "") -> dict[str, Any]:
    return {"objectType": "Agent", "mbox": f"mailto:{address or person.learner.email}"}


def by_hash(person: Person) -> dict[str, Any]:
    return {"objectType": "Agent", "mbox_sha1sum": person.mbox_sha1}
