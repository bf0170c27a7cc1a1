"""What no database could keep, found before it is tried, so that one odd record does not stop its page.

PostgreSQL keeps no NUL character in a text, neither database keeps half a surrogate pair, and no index takes a key of
some thousand bytes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from lrs_bridge.store.ingest import Wanted

#: Bytes that fit into an index entry of PostgreSQL (a third of a page) together with its neighbours.
LONGEST = 1000

_LONG_STRING: Final = re.compile(rb'"[^"]{%d,}"' % (LONGEST + 1))
_ANYTHING: Final = msgspec.json.Decoder()


def unfit_because(wanted: Wanted) -> str | None:
    """Why a statement cannot be kept; None when it can. Quotes nothing of it."""
    named = {
        "id": wanted.id,
        "actor": wanted.ifi or "",
        "verb.id": wanted.verb,
        "object.id": wanted.object_id,
        "members": "".join(wanted.member_ifis),
        "voids": wanted.voids or "",
    }
    everything = "".join(named.values())
    if len(everything) < LONGEST // 4 and everything.isascii() and "\0" not in everything:
        return _long_id_in(wanted.body)
    for name, text in named.items():
        reason = _unfit_text(text, limit=None if name == "members" else LONGEST)
        if reason is not None:
            return f"{name} {reason}"
    if any(len(ifi.encode()) > LONGEST for ifi in wanted.member_ifis):
        return f"a member's identifier is longer than {LONGEST} bytes"
    return _long_id_in(wanted.body)


def tidy(text: str, limit: int = LONGEST) -> str:
    """A text that can be kept: for what is only shown or counted, where a replaced character does no harm."""
    kept = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8", "replace")
    return kept.encode()[:limit].decode("utf-8", "ignore")


def _unfit_text(text: str, limit: int | None) -> str | None:
    if "\0" in text:
        return "contains a NUL character"
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return "contains half of a surrogate pair"
    return f"is longer than {limit} bytes" if limit is not None and size > limit else None


def _long_id_in(body: bytes) -> str | None:
    """Completions are looked up by activity, and which id becomes theirs (the object's, that of a grouping) is decided
    by the rules; so all ids must be short. Almost no body holds a text that long: then nothing is decoded.
    """
    if _LONG_STRING.search(body) is None:
        return None
    try:
        content = _ANYTHING.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return "is not JSON"
    return f"an id in it is longer than {LONGEST} bytes" if _has_long_id(content) else None


def _has_long_id(value: object) -> bool:
    if isinstance(value, dict):
        own = value.get("id")
        return (isinstance(own, str) and len(own.encode()) > LONGEST) or any(map(_has_long_id, value.values()))
    return isinstance(value, list) and any(map(_has_long_id, value))
