"""Conditions on all that was sent: `path` (a JSONPath) and `template` (an xAPI Profile Statement Template).

At statement level they ask the statement, at completion level any of the completion's statements. A body is read in
full only here, once per statement, and only if a rule that may apply has such a condition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.condition import Clause
from lrs_bridge_rules.conditions.fields import Field, Kind
from lrs_bridge_rules.conditions.operators import AnyOf
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.templates.jsonpath import parse_path
from lrs_bridge_rules.templates.matcher import TemplateOutcome, match
from lrs_bridge_rules.templates.template import PROPERTIES
from lrs_bridge_rules.templates.values import shown_value
from lrs_bridge_rules.verdict import ClauseTrace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lrs_bridge_rules.completions.subject import Subject
    from lrs_bridge_rules.conditions.fields import Facts, Told
    from lrs_bridge_rules.statements.statement import Statement
    from lrs_bridge_rules.templates.library import Library
    from lrs_bridge_rules.templates.matcher import TemplateVerdict
    from lrs_bridge_rules.templates.template import Property, Template

T = TypeVar("T")

PATH: Final = "path"
TEMPLATE: Final = "template"
#: What the two entries are, for rule authors.
ABOUT: Final[Mapping[str, str]] = {
    PATH: "What stands at a JSONPath in the statement as it was sent, such as $.context.extensions['https://…'].",
    TEMPLATE: "Whether the statement follows an xAPI Profile Statement Template, named by its IRI or PROFILE/NAME.",
}
_SELECTIVITY: Final = 70
_RANK: Final = (TemplateOutcome.UNMATCHED, TemplateOutcome.INVALID, TemplateOutcome.SUCCESS)


@dataclass(frozen=True, slots=True)
class Level(Generic[T]):
    """Where statements are found; `fields` gives those that tell the determining properties of all of them."""

    statements: Callable[[T], Sequence[Statement]]
    fields: Mapping[str, Field[T]]


def _level(statements: Callable[[T], Sequence[Statement]], own: Mapping[str, Field[T]]) -> Level[T]:
    # Whoever asks for attachments reads the body, so they do not decide which conditions are worth asking.
    asked = (each for word, each in PROPERTIES.items() if word != "attachmentUsageType")
    return Level(statements, {each.word: own.get(each.word) or _determining(each, statements) for each in asked})


def _determining(each: Property, statements: Callable[[T], Sequence[Statement]]) -> Field[T]:
    def said(subject: T) -> list[str]:
        return [value for statement in statements(subject) for value in each.said(statement)]

    return Field(f"{TEMPLATE} {each.word}", Kind.TEXT, ABOUT[TEMPLATE], said, _SELECTIVITY)


STATEMENT_LEVEL: Final[Level[Told]] = _level(
    lambda told: (told.statement,),
    {"verb": STATEMENT_FIELDS["verb"], "objectActivityType": STATEMENT_FIELDS["activity.type"]},
)
SUBJECT_LEVEL: Final[Level[Subject]] = _level(lambda subject: subject.statements, {"verb": SUBJECT_FIELDS["verb"]})


class _Whole(str):
    """A list or object that stands somewhere, for people: to be shown, and like no text that is looked for."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Follows(Generic[T]):
    """A statement follows a template. Nothing holds it that does not also hold `needs`, for the index."""

    name: str
    field: Field[T]
    needs: tuple[Clause[T], ...]

    def holds(self, facts: Facts[T]) -> bool:
        return any(verdict.outcome is TemplateOutcome.SUCCESS for verdict in facts.values(self.field))

    def trace(self, facts: Facts[T]) -> tuple[ClauseTrace, ...]:
        verdicts: tuple[TemplateVerdict, ...] = facts.values(self.field)
        nearest = max(verdicts, key=lambda verdict: _RANK.index(verdict.outcome), default=None)
        actual = nearest.text if nearest is not None else None
        return (ClauseTrace(TEMPLATE, "is", self.name, actual, self.holds(facts)),)


@dataclass(frozen=True, slots=True)
class Sent(Generic[T]):
    """What conditions of one level may ask about what was sent; the library has the templates that they may name."""

    level: Level[T]
    library: Library

    def field(self, text: str) -> Field[T]:
        """Return the field of what stands at a path. Raises ValueError for what is no path that may be used."""
        path, statements = parse_path(text), self.level.statements

        def found(subject: T, _: tuple[str, ...]) -> list[Any]:
            values = (value for statement in statements(subject) for value in path.find(statement.sent))
            return [_Whole(shown_value(value)) if isinstance(value, dict | list) else value for value in values]

        return Field(PATH, Kind.TEXT, ABOUT[PATH], lambda subject: found(subject, ()), _SELECTIVITY, keyed=found)

    def follows(self, name: str) -> Follows[T]:
        """Return the condition that a template is followed. Raises ValueError when no template has that name."""
        template, templates, level = self.library.template(name), self.library.templates, self.level

        def verdicts(subject: T) -> tuple[TemplateVerdict, ...]:
            statements = level.statements(subject)
            known = {each.id: each for each in statements if each.id is not None}
            return tuple(match(template, each, known=known.get, among=templates) for each in statements)

        field = Field(f"{TEMPLATE} {template.id}", Kind.TEXT, ABOUT[TEMPLATE], verdicts)
        return Follows(name, field, tuple(_needs(template, level)))


def _needs(template: Template, level: Level[T]) -> list[Clause[T]]:
    return [
        Clause(level.fields[each.property.word], "is", AnyOf(frozenset((value,))), value)
        for each in template.determinants
        if each.property.word in level.fields
        for value in each.values
    ]
