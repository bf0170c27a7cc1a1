"""One statement in the sandbox: its bytes as they are sent, and what filters and voiding need to know of it.

Where it stands: made by `SandboxLrs.load` and by writes, kept by `StatementStore`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from lrs_bridge_connectors.times import format_time, parse_time

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
AUTHORITY = {"objectType": "Agent", "account": {"homePage": "https://sandbox.example.org", "name": "sandbox"}}
IFIS = ("mbox", "mbox_sha1sum", "openid", "account")

Statement = Mapping[str, Any]


class BadStatement(ValueError):
    """A statement that the LRS must reject; the text says which property is wrong."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` orders entries: microseconds of `stored`, then the order of arrival."""

    id: str
    stored: datetime
    key: tuple[int, int]
    body: bytes
    verb: str
    agents: tuple[str, ...]
    activity: str
    registration: str
    refers_to: str

    @property
    def voids(self) -> str:
        """The id of the statement that this one voids, else "" (xAPI 1.0.3 Data 2.3.2)."""
        return self.refers_to if self.verb == VOIDED else ""


def microseconds(when: datetime) -> int:
    """Whole microseconds since 1970, so that times can be compared and bisected as numbers."""
    return int(when.timestamp()) * 1_000_000 + when.microsecond


def entry_of(statement: Statement, *, statement_id: str, stored: datetime, arrival: int, body: bytes | None) -> Entry:
    """The entry for a checked statement. `body`, if given, is sent as it is; otherwise what an LRS adds is added."""
    target, actor = statement["object"], statement["actor"]
    kind = target.get("objectType", "Activity")
    context = statement.get("context") or {}
    return Entry(
        id=statement_id,
        stored=stored,
        key=(microseconds(stored), arrival),
        body=body if body is not None else completed(statement, statement_id, stored),
        verb=statement["verb"]["id"],
        agents=tuple(filter(None, (ifi_key(actor), ifi_key(target) if kind in ("Agent", "Group") else ""))),
        activity=target.get("id", "") if kind == "Activity" else "",
        registration=str(context.get("registration", "")).lower(),
        refers_to=str(target.get("id", "")).lower() if kind == "StatementRef" else "",
    )


def completed(statement: Statement, statement_id: str, stored: datetime) -> bytes:
    """The statement with what an LRS has to set (xAPI 1.0.3 Data 2.4): id, stored, authority, timestamp, version."""
    defaults = {"timestamp": format_time(stored), "version": "1.0.3", "authority": AUTHORITY}
    return msgspec.json.encode({**defaults, **statement, "id": statement_id, "stored": format_time(stored)})


def ifi_key(agent: Mapping[str, Any]) -> str:
    """One text per inverse functional identifier, for comparing; "" for an anonymous agent."""
    for name in IFIS:
        if name in agent:
            value = agent[name]
            return f"{name}:" + (
                msgspec.json.encode(value, order="sorted").decode() if name == "account" else str(value)
            )
    return ""


def checked(statement: object) -> Statement:
    """The statement, if it has the shape that everything here relies on. Raises `BadStatement`."""
    if not isinstance(statement, Mapping):
        raise BadStatement("a statement must be a JSON object")
    for name in ("actor", "verb", "object"):
        if not isinstance(statement.get(name), Mapping):
            raise BadStatement(f"{name} must be a JSON object")
    if not isinstance(statement["verb"].get("id"), str):
        raise BadStatement("verb.id must be text")
    if not isinstance(statement.get("context", {}), Mapping):
        raise BadStatement("context must be a JSON object")
    if "timestamp" in statement and parse_time(statement["timestamp"]) is None:
        raise BadStatement("timestamp must be an ISO 8601 time")
    if "id" in statement:
        checked_uuid(statement["id"], "id")
    return statement


def checked_uuid(text: object, what: str) -> str:
    """A UUID in lower case. Raises `BadStatement`."""
    try:
        return str(UUID(str(text)))
    except ValueError:
        raise BadStatement(f"{what} must be a UUID") from None


def meaning(statement: Statement) -> dict[str, Any]:
    """What must be equal for two statements to be the same (xAPI 1.0.3 Data 2.3.1 lists what may differ)."""
    kept = {name: value for name, value in statement.items() if name not in ("id", "stored", "authority", "version")}
    kept["verb"] = statement["verb"]["id"]
    kept["object"] = {name: value for name, value in statement["object"].items() if name != "definition"}
    kept["timestamp"] = parse_time(statement.get("timestamp"))
    return kept


def same(old: Statement, new: Statement) -> bool:
    """Whether a statement that arrives again says the same; one sent without timestamp was given one by us."""
    first, second = meaning(old), meaning(new)
    if "timestamp" not in new:
        first["timestamp"] = second["timestamp"] = None
    return first == second
