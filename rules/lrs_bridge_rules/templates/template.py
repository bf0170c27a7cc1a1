"""A Statement Template: which statements it is about, and what these must hold (xAPI Profiles 1.0, Structure 8.0).

Its determining properties say which statements it is about; whether one follows it is `matcher`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.documents.tree import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lrs_bridge_rules.statements.statement import Statement, StatementObject
    from lrs_bridge_rules.templates.rule import TemplateRule


@dataclass(frozen=True, slots=True)
class Property:
    """A determining property: its word in a profile, where statements say it, and whether it lists several values."""

    word: str
    location: str
    several: bool
    said: Callable[[Statement], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Determinant:
    """What a template asks of one determining property: all of `values` must be said."""

    property: Property
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A template, ready to be matched; `object_ref` and `context_ref` name the templates that a target must follow."""

    id: str
    name: str
    profile: str
    determinants: tuple[Determinant, ...] = ()
    object_ref: tuple[str, ...] = ()
    context_ref: tuple[str, ...] = ()
    rules: tuple[TemplateRule, ...] = ()
    deprecated: bool = False
    place: Place = field(default=Place(""), compare=False)

    def asks(self, word: str) -> tuple[str, ...]:
        """Return the values that it asks of a determining property; none when it doesn't speak of it."""
        return next((each.values for each in self.determinants if each.property.word == word), ())


def _verb(statement: Statement) -> Iterable[str]:
    return (statement.verb.id,)


def _object_type(statement: Statement) -> Iterable[str]:
    return _types((statement.object,))


def _around(group: str) -> Callable[[Statement], Iterable[str]]:
    def said(statement: Statement) -> Iterable[str]:
        context = statement.context
        if context is None or context.context_activities is None:
            return ()
        activities: tuple[StatementObject, ...] = getattr(context.context_activities, group)
        return _types(activities)

    return said


def _types(activities: Iterable[StatementObject]) -> list[str]:
    return [each.definition.type for each in activities if each.definition is not None and each.definition.type]


def _usage_types(statement: Statement) -> list[str]:
    """Attachments are not decoded with the rest: nearly nobody asks for them."""
    attachments = statement.sent.get("attachments")
    listed = attachments if isinstance(attachments, list) else []
    found = [each.get("usageType") for each in listed if isinstance(each, dict)]
    return [each for each in found if isinstance(each, str)]


def _table(properties: Iterable[Property]) -> dict[str, Property]:
    return {each.word: each for each in properties}


_ACTIVITIES: Final = "$.context.contextActivities"

PROPERTIES: Final[Mapping[str, Property]] = _table(
    [
        Property("verb", "$.verb.id", False, _verb),
        Property("objectActivityType", "$.object.definition.type", False, _object_type),
        *(
            Property(f"context{group.title()}ActivityType", f"{_ACTIVITIES}.{group}[*].definition.type", True, said)
            for group, said in ((group, _around(group)) for group in ("grouping", "parent", "other", "category"))
        ),
        Property("attachmentUsageType", "$.attachments[*].usageType", True, _usage_types),
    ]
)
