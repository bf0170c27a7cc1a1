"""What statements say that only some rules ask for: instructors, language, revision, answers and extensions.

Both tables of fields take it from here: that of statements from one, that of completions from all of an attempt's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrs_bridge_rules.conditions.fields import one
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.identifier import ifi_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lrs_bridge_rules.statements.statement import Actor, Statement


def _instructors(statement: Statement) -> tuple[Actor, ...]:
    """The instructor, and the members where it is a group."""
    instructor = statement.context.instructor if statement.context is not None else None
    return () if instructor is None else (instructor, *(instructor.member or ()))


def instructor_ids(statement: Statement) -> tuple[str, ...]:
    """The canonical identifiers of the instructors; one that cannot be read is passed over."""
    return tuple(ifi for each in _instructors(statement) for ifi in _identifier(each))


def _identifier(actor: Actor) -> tuple[str, ...]:
    try:
        return one(ifi_of(actor))
    except StatementError:
        return ()


def instructor_names(statement: Statement) -> tuple[str, ...]:
    return tuple(each.name for each in _instructors(statement) if each.name)


def language(statement: Statement) -> tuple[str, ...]:
    return one(statement.context.language) if statement.context is not None else ()


def revision(statement: Statement) -> tuple[str, ...]:
    sent = statement.context.revision if statement.context is not None else None
    return one(sent) if isinstance(sent, str) else ()


def response(statement: Statement) -> tuple[str, ...]:
    return one(statement.result.response) if statement.result is not None else ()


def context_extensions(statement: Statement) -> Mapping[str, Any]:
    return (statement.context.extensions if statement.context is not None else None) or {}


def result_extensions(statement: Statement) -> Mapping[str, Any]:
    return (statement.result.extensions if statement.result is not None else None) or {}


def activity_extensions(statement: Statement, ids: Iterable[str] = ()) -> Mapping[str, Any]:
    """The extensions of the object; with `ids` those of the activity, object or around it, that has one of these."""
    definition = statement.object.definition
    if ids and statement.object.id not in ids:
        definition = next((each.definition for each in _around(statement) if each.id in ids), None)
    return (definition.extensions if definition is not None else None) or {}


def _around(statement: Statement) -> Iterable[Any]:
    around = statement.context.context_activities if statement.context is not None else None
    return () if around is None else (*around.parent, *around.grouping, *around.category, *around.other)


def under(extensions: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[Any, ...]:
    """The values under an extension's key (then under a key inside it): each item of a list; for a mapping true."""
    found: Any = extensions
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    items = found if isinstance(found, list) else [found]
    return tuple(True if isinstance(item, dict | list) else item for item in items if item is not None)


def as_texts(extensions: Mapping[str, Any]) -> list[str]:
    """Extensions as `KEY` and, for plain values, `KEY=VALUE`; one level of nesting is opened."""
    found: list[str] = []
    for key, value in extensions.items():
        found += _described(key, value)
        for inner, below in value.items() if isinstance(value, dict) else ():
            found += _described(inner, below)
    return found


def _described(key: str, value: object) -> list[str]:
    return [key] if isinstance(value, dict | list) else [key, f"{key}={value}"]
