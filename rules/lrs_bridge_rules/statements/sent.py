"""A body in full, for those who ask for what the typed `Statement` passes over: paths and Statement Templates.

contextActivities become lists, as xAPI 1.0.3 (Data 2.4.6.2) has servers do and as xAPI Profiles 1.0 (Structure 8.1)
takes for granted; nothing else is touched.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

Json = dict[str, Any]

_ANYTHING: Final = msgspec.json.Decoder()


def whole_of(body: bytes) -> Json:
    """Return what a statement's body holds; nothing if something in it, outside of what is typed, cannot be decoded."""
    try:
        content = _ANYTHING.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    _list_activities(content)
    inner = content.get("object")
    if isinstance(inner, dict) and inner.get("objectType") == "SubStatement":
        _list_activities(inner)
    return content


def _list_activities(statement: Json) -> None:
    context = statement.get("context")
    groups = context.get("contextActivities") if isinstance(context, dict) else None
    if isinstance(groups, dict):
        for name, several in groups.items():
            if isinstance(several, dict):
                groups[name] = [several]
