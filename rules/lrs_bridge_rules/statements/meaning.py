"""Whether two bodies mean the same statement, and which identity a statement has (for deduplication, before storing).

Servers rewrite what passes through them: keys change order, numbers and timestamps their format, displays their
language. The digest leaves out what xAPI 1.0.3 lets differ (Data 2.3.1 and 2.4) and what does not change what is said.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any, Final

import msgspec

from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.identifier import ifi_of
from lrs_bridge_rules.statements.statement import Actor, decode_statement
from lrs_bridge_rules.statements.times import parse_duration, parse_timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrs_bridge_rules.statements.statement import Statement

Json = dict[str, Any]

_NAMESPACE: Final = uuid.UUID("0f6f0c5e-8f3e-5d0b-9a43-5d7c1f0a2b61")
_GENERIC: Final = msgspec.json.Decoder()
_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_IDENTIFIERS: Final = ("mbox", "mbox_sha1sum", "openid", "account")
_SET_BY_SERVERS: Final = frozenset(("id", "stored", "authority", "version"))


def meaning_digest(body: bytes) -> str:
    """Return a hex digest, equal for two bodies exactly if they say the same.

    Raises StatementError for what `decode_statement` refuses. A property that it passes over may still be unreadable (a
    number out of range, say): such a body is equal to itself alone.
    """
    decode_statement(body)
    return digest_of_decoded(body)


def digest_of_decoded(body: bytes) -> str:
    """Return the `meaning_digest` of a body that `decode_statement` has just taken, without doing that again."""
    try:
        said = _ENCODER.encode(_statement(_GENERIC.decode(body)))
    except (msgspec.DecodeError, RecursionError):
        said = body
    return hashlib.sha256(said).hexdigest()


def same_meaning(one: bytes, other: bytes) -> bool:
    """Return whether two bodies, both taken by `decode_statement`, say the same; equal bytes are not looked into."""
    return one == other or digest_of_decoded(one) == digest_of_decoded(other)


def identity_of(statement: Statement, body: bytes) -> str:
    """Return the id of the statement that `body` was decoded into.

    When none was sent, it is one that a repetition of the same statement gets again.
    """
    if statement.id is not None:
        return statement.id
    actor = statement.ifi
    if actor is None or not statement.object.id:
        return str(uuid.uuid5(_NAMESPACE, digest_of_decoded(body)))
    parts = (actor, statement.verb.id, statement.object.id, statement.at.isoformat())
    return str(uuid.uuid5(_NAMESPACE, "\n".join(parts)))


def _statement(sent: Json) -> Json:
    return _mapped({key: value for key, value in sent.items() if key not in _SET_BY_SERVERS}, _STATEMENT)


def _mapped(sent: Json, rules: Mapping[str, Callable[[Any], Any]]) -> Json:
    """Bring each property to its one form, and leave out what is null or says nothing."""
    found: Json = {}
    for key, value in sent.items():
        form = rules.get(key, _plain)
        formed = value if value is None or (form is _plain and type(value) is str) else _formed(value, form)
        if formed is not None:
            found[key] = formed
    return found


def _formed(value: Any, form: Callable[[Any], Any]) -> Any:  # noqa: ANN401 -- any JSON
    """What the decoder does not type (a team, a sub-statement) may hold anything: then it counts as it stands."""
    try:
        return form(value)
    except (ValueError, TypeError, AttributeError, KeyError, StatementError, msgspec.ValidationError):
        return _plain(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Numbers are numbers, however written: 1, 1.0 and 1e0; one too large for that is its digits."""
    match value:
        case bool() | str() | None:
            return value
        case int() | float():
            try:
                return float(value) + 0.0  # the sum makes -0.0 and 0.0 one
            except OverflowError:
                return str(value)
        case list():
            return [_plain(item) for item in value]
        case _:
            return {key: _plain(item) for key, item in value.items()}


def _actor(sent: Json) -> Json:
    """An identified agent is its identifier: names change and mean nothing."""
    kind = sent.get("objectType") or "Agent"
    members = sorted((_actor(member) for member in sent.get("member") or ()), key=_ENCODER.encode)
    ifi = ifi_of(msgspec.convert({key: sent[key] for key in _IDENTIFIERS if key in sent}, Actor))
    who = {"ifi": ifi} if ifi is not None else {"name": sent.get("name")}
    return {"objectType": kind, **who, **({"member": members} if members else {})}


def _verb(sent: Json) -> str:
    return str(sent["id"])


def _object(sent: Json) -> Json:
    kind = sent.get("objectType") or "Activity"
    if kind in {"Agent", "Group"}:
        return _actor(sent)
    if kind == "SubStatement":
        return {"objectType": kind, **_mapped({key: sent[key] for key in sent if key != "objectType"}, _STATEMENT)}
    identifier = str(sent.get("id", ""))
    return {"objectType": kind, "id": identifier.lower() if kind == "StatementRef" else identifier}


def _activities(sent: Any) -> Any:  # noqa: ANN401 -- an object or a list of them
    return [_object(activity) for activity in (sent if isinstance(sent, list) else [sent])] or None


def _context_activities(sent: Json) -> Json | None:
    return _mapped(sent, dict.fromkeys(sent, _activities)) or None


def _instant(sent: Any) -> str:  # noqa: ANN401 -- what was sent
    """Milliseconds are what servers promise to keep."""
    return parse_timestamp(str(sent)).isoformat(timespec="milliseconds")


def _duration(sent: Any) -> Any:  # noqa: ANN401 -- what was sent
    """Two durations are one if they agree to the hundredth of a second (Data 4.6)."""
    try:
        return round(parse_duration(str(sent)).total_seconds(), 2)
    except ValueError:
        return sent


def _lower(sent: Any) -> str:  # noqa: ANN401 -- what was sent
    return str(sent).lower()


def _attachments(sent: Any) -> Any:  # noqa: ANN401 -- what was sent
    if not isinstance(sent, list):
        return _plain(sent)
    return sorted((_plain(item) for item in sent), key=_ENCODER.encode) or None


_CONTEXT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "registration": _lower,
    "instructor": _actor,
    "team": _actor,
    "contextActivities": _context_activities,
    "statement": _object,
}
_RESULT: Final[Mapping[str, Callable[[Any], Any]]] = {"duration": _duration}
_STATEMENT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "actor": _actor,
    "verb": _verb,
    "object": _object,
    "timestamp": _instant,
    "result": lambda sent: _mapped(sent, _RESULT) or None,
    "context": lambda sent: _mapped(sent, _CONTEXT) or None,
    "attachments": _attachments,
}
