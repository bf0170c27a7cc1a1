"""Faults of statements: broken ones, ones that change, ones that come in the wrong order or not at all.

Where it stands: rows of `FAULTS`. Each befalls the victims that were named, and leaves the rest of the page alone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec

from lrs_bridge_connectors.sandbox.faults.scene import (
    Answer,
    Asked,
    Behind,
    Fault,
    Reply,
    concerns,
    with_victims,
    without_victims,
)
from lrs_bridge_connectors.times import parse_time

LARGE = 5_000_000  # bytes
DEEP = 10_000  # levels
LONG = 400  # digits
_EXTENSION = b'"https://example.org/extension"'


def _adding(properties: bytes) -> Answer:
    """The victims with one more property, given as JSON text."""
    return with_victims(lambda statement: statement[:-1] + b"," + properties + b"}")


def _changing(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    """The victims decoded, changed and encoded again."""
    return with_victims(lambda statement: msgspec.json.encode(change(msgspec.json.decode(statement))))


def _large(statement: dict[str, Any]) -> dict[str, Any]:
    definition = {**statement["object"].get("definition", {}), "description": {"en": "x" * LARGE}}
    return {**statement, "object": {**statement["object"], "definition": definition}}


def _twice(statement: bytes) -> bytes:
    """Each of the keys that matter is there twice; of the two the last is right."""
    return b'{"verb":{"id":"http://adlnet.gov/expapi/verbs/failed"},"id":"not-a-uuid",' + statement[1:]


def _not_utf8(statement: bytes) -> bytes:
    return statement[:-1] + b',"result":{"response":"\xff\xfe"}}'


def _other_meaning(statement: dict[str, Any]) -> dict[str, Any]:
    return {**statement, "verb": {"id": "http://adlnet.gov/expapi/verbs/failed"}}


def _rewritten(statement: dict[str, Any]) -> dict[str, Any]:
    """Other bytes, the same meaning: what servers do to statements that pass through them."""
    at = parse_time(statement["timestamp"])
    display = {"verb": {"display": {"de-AT": "abgeschlossen"}, "id": statement["verb"]["id"]}}
    changed = {**_rounded(statement), **display, "timestamp": at.isoformat(timespec="microseconds") if at else None}
    return {name: changed[name] for name in sorted(changed, reverse=True)}


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Numbers as a reader has them that knows only floating point."""
    match value:
        case dict():
            return {name: _rounded(inner) for name, inner in value.items()}
        case list():
            return [_rounded(inner) for inner in value]
        case int() if not isinstance(value, bool):
            return int(float(value))
        case _:
            return value


def _loosely_written(statement: dict[str, Any]) -> dict[str, Any]:
    """The id in upper case; the time in one of the forms that are seen."""
    at = parse_time(statement["timestamp"])
    return {**statement, "id": statement["id"].upper(), "timestamp": _loosely(at) if at else None}


def _loosely(at: datetime) -> str:
    """The same instant: as a leap second at the full minute, else without a zone or with an odd one."""
    if at.second == 0:
        return f"{at - timedelta(minutes=1):%Y-%m-%dT%H:%M}:60Z"
    form = "%Y-%m-%d %H:%M:%S.%f000" if at.second < 30 else "%Y-%m-%dT%H:%M:%S.%f-00:00"
    return at.strftime(form)


def _in_https(statement: dict[str, Any]) -> dict[str, Any]:
    return {**statement, "verb": {"id": statement["verb"]["id"].replace("http://", "https://")}}


def _honouring_the_second_voider(asked: Asked, behind: Behind) -> Reply:
    """The victims, voiders that were voided themselves, are gone, and what they had voided is back."""
    reply = without_victims(asked, behind)
    if not asked.pages or reply.status != 200 or asked.continues:
        return reply
    statements, more = reply.page()
    voiders = [behind.store.one(each, voided=False) for each in sorted(behind.victims)]
    back = [behind.store.one(voider.voids, voided=True) for voider in voiders if voider]
    return reply.with_page([*(each.body for each in back if each), *statements], more)


def _voider_first(asked: Asked, behind: Behind) -> Reply:
    """The victims are missing when pages are read for the first time, and there again later, though voided."""
    reply = without_victims(asked, behind)
    if not asked.pages or reply.status != 200 or asked.continues or asked.turn == 1:
        return reply
    statements, more = reply.page()
    late = [behind.store.one(each, voided=True) for each in sorted(behind.victims)]
    return reply.with_page([*(each.body for each in late if each), *statements], more)


def _never_the_same(asked: Asked, behind: Behind) -> Reply:
    """At every reading some statements of a page are missing, and the others stand in another order."""
    reply = behind.honest(asked)
    if not asked.pages or reply.status != 200:
        return reply
    statements, more = reply.page()
    chance = Random(asked.turn)  # noqa: S311 - repeatable, not secret
    kept = [each for each in statements if chance.random() < 0.5 or not concerns(behind, each)]
    chance.shuffle(kept)
    return reply.with_page(kept, more)


_NESTED = b'"result":{"extensions":{' + _EXTENSION + b":" + b"[" * DEEP + b"]" * DEEP + b"}}"
_DIGITS = b"9" * LONG

STATEMENTS = (
    Fault("large-statement", "It sends a statement of 5 MB.", _changing(_large)),
    Fault("deep-nesting", "It sends a statement that is nested 10,000 deep.", _adding(_NESTED)),
    Fault("nul-character", "It sends a NUL character in a text.", _adding(rb'"result":{"response":"a\u0000b"}')),
    Fault(
        "lone-surrogate", "It sends half of a surrogate pair in a text.", _adding(rb'"result":{"response":"\ud83d"}')
    ),
    Fault("duplicate-keys", "It sends keys twice, of which the last are right.", with_victims(_twice)),
    Fault(
        "long-score",
        "It sends a score of 400 digits.",
        _adding(b'"result":{"score":{"raw":' + _DIGITS + b"}}"),
    ),
    Fault(
        "long-number",
        "It sends a number of 400 digits in an extension.",
        _adding(b'"result":{"extensions":{' + _EXTENSION + b":" + _DIGITS + b"}}"),
    ),
    Fault(
        "undecodable-statement",
        "It sends one statement that cannot be decoded among good ones.",
        with_victims(_not_utf8),
    ),
    Fault(
        "cut-statement",
        "It sends a statement that its own database has cut off, among good ones.",
        with_victims(lambda statement: statement[: len(statement) * 2 // 3]),
    ),
    Fault("other-meaning", "It sends another statement under an id that it used before.", _changing(_other_meaning)),
    Fault(
        "rewritten-statements",
        "It rewrites statements: keys in another order, times in UTC microseconds, large numbers rounded, "
        "verbs in another language.",
        _changing(_rewritten),
    ),
    Fault(
        "loosely-written",
        "It writes ids in upper case, and times without a zone, with a space for T and nine digits, with -00:00, "
        "or as a leap second.",
        _changing(_loosely_written),
    ),
    Fault("https-verbs", "It sends verbs as https where they are http.", _changing(_in_https)),
    Fault("voider-first", "It shows a voiding statement before the one that it voids.", _voider_first),
    Fault(
        "voided-voider",
        "It lets a voiding statement be voided, and shows again what that one had voided.",
        _honouring_the_second_voider,
    ),
    Fault("narrowed", "Its credentials show less than they should, with 200.", without_victims),
    Fault("changing-pages", "A page is not the same when it is read again.", _never_the_same),
)
