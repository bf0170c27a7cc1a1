"""Who is named anywhere in a statement's body, and the same body without somebody: for people who were erased.

An agent may stand in many places (actor, member, instructor, authority, object, a sub-statement's actor, 2.0's context
agents), so the whole body is walked, and not only what `statement` types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec

from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.identifier import ifi_from_text, ifi_of
from lrs_bridge_rules.statements.statement import Actor

if TYPE_CHECKING:
    from collections.abc import Collection

Json = dict[str, Any]

#: Stands where a statement cannot do without an agent, and that agent was erased: the same for everybody.
NOBODY: Final[Json] = {"objectType": "Agent", "account": {"homePage": "urn:lrs-bridge:erased", "name": "nobody"}}

_ANYTHING: Final = msgspec.json.Decoder()
_IDENTIFIERS: Final = ("mbox", "mbox_sha1sum", "openid", "account")
#: What a statement can do without.
_OPTIONAL: Final = frozenset(("instructor", "authority", "team"))
_AGENTS: Final = frozenset((*_OPTIONAL, "actor", "member", "agent", "group"))
_KINDS: Final = frozenset(("Agent", "Group"))

_MAIL: Final = re.compile(r"mailto:[^\s\"'<>\\,;]+", re.IGNORECASE)
_SHA1: Final = re.compile(r"\b[0-9a-f]{40}\b", re.IGNORECASE)
_ACCOUNT: Final = re.compile(r'"account"\s*:\s*\{([^{}]*)')
_PART: Final = re.compile(r'"(homePage|name)"\s*:\s*"((?:[^"\\]|\\.)*)"')


def identifiers_in(body: bytes) -> frozenset[str]:
    """The canonical identifiers of everybody whom a body names, wherever that is.

    A body that is no JSON is searched for what looks like one: a half statement names a whole person.
    """
    try:
        content = _ANYTHING.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return frozenset(_found_in_text(body.decode("utf-8", "replace")))
    return frozenset(_identifiers(content))


def without(body: bytes, erased: Collection[str], *, keep_statement: bool = False) -> bytes | None:
    """The body without the agents who have these canonical identifiers; None if nobody is left whose statement it is.

    Members are taken out of their group. Where an agent cannot be left out, `NOBODY` stands instead; with
    `keep_statement` also as the actor. Doing it again, or for one person after the other, gives the same meaning.
    """
    content: Json = _ANYTHING.decode(body)
    actor = content.get("actor")
    if _is_gone(actor, erased) and not keep_statement:
        return None
    return msgspec.json.encode(_without(content, erased))


def renamed(body: bytes, rename: Callable[[str], Json]) -> bytes:
    """The body with another identifier for each agent, and without their names."""
    return msgspec.json.encode(_renamed(_ANYTHING.decode(body), rename, ""))


def _identifiers(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _of_agent(value)
        for item in value.values():
            yield from _identifiers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _identifiers(item)
    elif isinstance(value, str) and value[:7].lower() == "mailto:":
        yield from _canonical(value)


def _of_agent(found: Json) -> Iterator[str]:
    """All identifiers that an object carries; a proper agent has one."""
    for name in _IDENTIFIERS:
        if name in found:
            try:
                ifi = ifi_of(msgspec.convert({name: found[name]}, Actor))
            except (StatementError, msgspec.ValidationError):
                continue
            if ifi is not None:
                yield ifi


def _canonical(text: str) -> Iterator[str]:
    try:
        yield ifi_from_text(text)
    except ValueError:
        return


def _found_in_text(text: str) -> Iterator[str]:
    for address in _MAIL.findall(text):
        yield from _canonical(address)
    for digits in _SHA1.findall(text):
        yield from _canonical(f"sha1:{digits}")
    for inside in _ACCOUNT.findall(text):
        parts = dict(_PART.findall(inside))
        yield from _canonical(f"account:{parts.get('homePage', '')}|{parts.get('name', '')}")


def _is_gone(actor: object, erased: Collection[str]) -> bool:
    """Whether an actor is erased, or a group of nobody but erased people."""
    if not isinstance(actor, dict):
        return False
    own = set(_of_agent(actor))
    if own:
        return not own.isdisjoint(erased)
    members = actor.get("member")
    return isinstance(members, list) and bool(members) and all(_is_gone(each, erased) for each in members)


def _without(value: object, erased: Collection[str]) -> object:
    if isinstance(value, list):
        return [_without(item, erased) for item in value if not _is_gone(item, erased)]
    if not isinstance(value, dict):
        return value
    kept: Json = {}
    for key, item in value.items():
        if not _is_gone(item, erased):
            kept[key] = _without(item, erased)
        elif key not in _OPTIONAL:
            kept[key] = NOBODY
    return kept


def _renamed(value: object, rename: Callable[[str], Json], key: str) -> object:
    if isinstance(value, list):
        return [_renamed(item, rename, key) for item in value]
    if not isinstance(value, dict):
        return value
    own = next(_of_agent(value), None)
    if own is None and key not in _AGENTS and value.get("objectType") not in _KINDS:
        return {name: _renamed(item, rename, name) for name, item in value.items()}
    kept = {name: item for name, item in value.items() if name not in {*_IDENTIFIERS, "name"}}
    said = {name: _renamed(item, rename, name) for name, item in kept.items()}
    return said if own is None else {**said, "account": rename(own)}
