"""One typed decode of a statement, tolerant of what real servers send: the start of the way.

Unknown properties are passed over (so version 2.0's `contextAgents` is no obstacle); what the product reads must have
its type, or the body is refused with the path of the property (xAPI 1.0.3 Data 2).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import force_setattr

from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.identifier import ifi_of
from lrs_bridge_rules.statements.sent import whole_of
from lrs_bridge_rules.statements.times import parse_timestamp
from lrs_bridge_rules.statements.unreadable import NESTED_TOO_DEEPLY, NUL, misshapen, no_json, path_to_nul

_Anything = object  # a statement has a property of that name
VOIDED: Final = "http://adlnet.gov/expapi/verbs/voided"
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
OBJECT_TYPES: Final = ("Activity", "StatementRef", "Agent", "Group", "SubStatement")


# `gc=False`: what was decoded from JSON and is frozen can hold no cycle, so the collector need not walk through the
# many statements that are in memory at once.
class Account(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An account on a system: both parts identify."""

    home_page: str
    name: str


class Actor(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An agent or a group (then perhaps with members)."""

    object_type: str | None = None
    name: str | None = None
    mbox: str | None = None
    mbox_sha1sum: str | None = msgspec.field(default=None, name="mbox_sha1sum")
    openid: str | None = None
    account: Account | None = None
    member: tuple[Actor, ...] | None = None


class Verb(msgspec.Struct, frozen=True, gc=False):
    """The verb by its IRI."""

    id: str
    display: dict[str, str] | None = None


class Definition(msgspec.Struct, frozen=True, gc=False):
    """What an activity says about itself; `type` is an IRI."""

    name: dict[str, str] | None = None
    description: dict[str, str] | None = None
    type: str | None = None
    extensions: dict[str, Any] | None = None


class StatementObject(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An activity, or another kind of object; agents, groups and sub-statements have no id here ("")."""

    id: str = ""
    object_type: str = "Activity"
    definition: Definition | None = None


class Score(msgspec.Struct, frozen=True, gc=False):
    """A score; `scaled` runs from -1 to 1 and means what the source says it means."""

    scaled: float | None = None
    raw: float | None = None
    min: float | None = None
    max: float | None = None


class Result(msgspec.Struct, frozen=True, gc=False):
    """What came of it; `duration` is ISO 8601 text."""

    score: Score | None = None
    success: bool | None = None
    completion: bool | None = None
    response: str | None = None
    duration: str | None = None
    extensions: dict[str, Any] | None = None


if TYPE_CHECKING:  # what is held, and what may be sent: `__post_init__` turns the second into the first
    from datetime import datetime

    Activities = tuple[StatementObject, ...]
    Instant = datetime | None
    Kept = bytes | dict[str, Any] | None
else:
    Activities = tuple[StatementObject, ...] | StatementObject | None
    Instant = str | None
    Kept = Any


class ContextActivities(msgspec.Struct, frozen=True, gc=False):
    """The activities around it; always tuples once decoded, even where the source sent a single object."""

    parent: Activities = ()
    grouping: Activities = ()
    category: Activities = ()
    other: Activities = ()

    def __post_init__(self) -> None:
        # Written out: a loop over the names would be a tenth of the time of decoding.
        if type(self.parent) is not tuple:
            force_setattr(self, "parent", _listed(self.parent))
        if type(self.grouping) is not tuple:
            force_setattr(self, "grouping", _listed(self.grouping))
        if type(self.category) is not tuple:
            force_setattr(self, "category", _listed(self.category))
        if type(self.other) is not tuple:
            force_setattr(self, "other", _listed(self.other))


def _listed(sent: Any) -> tuple[StatementObject, ...]:  # noqa: ANN401 -- a single object, or null
    return () if sent is None else (sent,)


class Context(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """The circumstances; `registration` is as sent, and on some platforms means nothing.

    `revision` should be a text, but nothing hangs on it that were worth refusing a statement for.
    """

    registration: str | None = None
    platform: str | None = None
    language: str | None = None
    instructor: Actor | None = None
    context_activities: ContextActivities | None = None
    extensions: dict[str, Any] | None = None
    statement: StatementObject | None = None
    revision: Any = None


class Statement(msgspec.Struct, frozen=True, gc=False):
    """One statement; `id` is in lower case, None if none was sent; `timestamp` and `stored` are in UTC.

    `kept` is the body that it came from, and from the first look at `sent` on what that holds. It is no part of what is
    said: two statements are equal whatever their bytes.
    """

    actor: Actor
    verb: Verb
    object: StatementObject
    id: str | None = None
    result: Result | None = None
    context: Context | None = None
    timestamp: Instant = None
    stored: Instant = None
    version: str | None = None
    # Set behind the decoder, whatever a body might hold under this name.
    kept: Kept = msgspec.field(default=None, name="urn:lrs-bridge:kept")

    def __eq__(self, other: _Anything) -> bool:
        if not isinstance(other, Statement):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _SAID)

    __hash__ = None  # type: ignore[assignment]  # as ever: what holds objects (names, extensions) has no hash

    def __post_init__(self) -> None:
        if self.id is not None and _UUID.fullmatch(self.id) is None:  # not as nearly every server writes it
            force_setattr(self, "id", _uuid("id", self.id))
        if self.timestamp is not None:
            force_setattr(self, "timestamp", _instant("timestamp", self.timestamp))
        if self.stored is not None:
            force_setattr(self, "stored", _instant("stored", self.stored))
        _check(self)

    @property
    def ifi(self) -> str | None:
        """The actor's canonical identifier, None when anonymous."""
        return ifi_of(self.actor)

    @property
    def member_ifis(self) -> tuple[str, ...]:
        """The canonical identifiers of a group's identified members."""
        found = (ifi_of(member) for member in self.actor.member or ())
        return tuple(dict.fromkeys(ifi for ifi in found if ifi is not None))

    @property
    def voids(self) -> str | None:
        """The id of the statement that this one voids, None when it voids nothing (xAPI 1.0.3 Data 2.3.2)."""
        if self.verb.id == VOIDED and self.object.object_type == "StatementRef":
            return self.object.id.strip().lower()
        return None

    @property
    def sent(self) -> dict[str, Any]:
        """All that was sent, as decoded JSON, with contextActivities as lists; empty when it is not known in full.

        Read from the body at the first look, and kept: most statements are never looked at like this.
        """
        if isinstance(self.kept, bytes) and (whole := whole_of(self.kept)):
            force_setattr(self, "kept", whole)
        return self.kept if isinstance(self.kept, dict) else {}

    @property
    def body(self) -> bytes:
        """The body that it came from; encoded anew once it was looked at in full."""
        return self.kept if isinstance(self.kept, bytes) else msgspec.json.encode(self.kept or {})

    @property
    def at(self) -> datetime:
        """When it happened: `timestamp`, else `stored`."""
        moment = self.timestamp or self.stored
        if moment is None:
            raise StatementError("neither timestamp nor stored is given")
        return moment


_SAID: Final = tuple(name for name in Statement.__struct_fields__ if name != "kept")
_DECODER: Final = msgspec.json.Decoder(Statement)
_ANYTHING: Final = msgspec.json.Decoder()


def decode_statement(body: bytes) -> Statement:
    """Return the statement that `body` holds as JSON.

    Raises StatementError, and nothing else, for whatever cannot be understood or stored: the reason names the property.
    """
    try:
        if not body.isascii():
            body.decode()  # the decoder does not look into what it passes over, and that is stored too
        statement = _DECODER.decode(body)
        if b"\\u0000" in body:
            _refuse_nul(_ANYTHING.decode(body))
        force_setattr(statement, "kept", body)
        return statement
    except msgspec.ValidationError as error:
        raise StatementError(misshapen(error)) from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise StatementError(no_json(error, body)) from None
    except RecursionError:
        raise StatementError(NESTED_TOO_DEEPLY) from None


def _check(statement: Statement) -> None:
    if not statement.verb.id.strip():
        raise StatementError("verb.id is empty")
    _check_object(statement.object)
    ifi_of(statement.actor)
    if statement.actor.member:
        _ = statement.member_ifis
    _ = statement.at


def _check_object(target: StatementObject) -> None:
    if target.object_type not in OBJECT_TYPES:
        raise StatementError("object.objectType is not a type of object that xAPI knows")
    if target.object_type == "StatementRef":
        _uuid("object.id", target.id)
    if target.object_type == "Activity" and not target.id.strip():
        raise StatementError("object.id is missing: an activity is named by it")


def _uuid(where: str, text: str) -> str:
    lowered = text.strip().lower()
    if _UUID.fullmatch(lowered) is None:
        raise StatementError(f"{where} is not a UUID")
    return lowered


def _instant(where: str, sent: Any) -> datetime:  # noqa: ANN401 -- text; a time where one of ours is copied
    try:
        return parse_timestamp(sent) if type(sent) is str else sent
    except ValueError as error:
        raise StatementError(f"{where}: {error}") from None


def _refuse_nul(content: object) -> None:
    """Refuse NUL characters: databases cannot hold them in text, so they would fail later, far from the cause."""
    place = path_to_nul(content)
    if place is not None:
        raise StatementError(NUL.format(place))
