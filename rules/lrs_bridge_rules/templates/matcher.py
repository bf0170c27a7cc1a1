"""Whether a statement follows a template: success, invalid or unmatched, and what kept it from following.

The algorithm is that of the xAPI Profiles specification 1.0 (Communication, 2.1): the determining properties decide
whether a template is about a statement at all; then the references and every rule must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.templates.rule import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrs_bridge_rules.statements.statement import Statement, StatementObject
    from lrs_bridge_rules.templates.template import Template

#: Finds the statement with an id (in lower case) among those that are known here.
Known = Callable[[str], "Statement | None"]

#: So many statements that refer to each other are looked through; what lies beyond counts as not known.
MAX_CHAIN: Final = 20


class TemplateOutcome(StrEnum):
    """How a statement stands to a template."""

    SUCCESS = "success"
    INVALID = "invalid"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class TemplateVerdict:
    """How one statement stands to one template; `failure` says why it is not a success.

    `unchecked` says what could not be looked at, and was not held against the statement.
    """

    template: str
    outcome: TemplateOutcome
    failure: Failure | None = None
    unchecked: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The verdict in words."""
        reasons = (self.failure.text,) if self.failure is not None else self.unchecked
        return ": ".join((self.outcome.value, "; ".join(reasons))) if reasons else self.outcome.value


def nothing_known(_: str) -> None:
    """No other statement is at hand."""


def match(
    template: Template,
    statement: Statement,
    *,
    known: Known = nothing_known,
    among: Mapping[str, Template] | None = None,
) -> TemplateVerdict:
    """Return how a statement stands to a template.

    :param known: finds the statements that this one may refer to; the rules of one that it doesn't find are taken to
        hold, and the verdict says so.
    :param among: the templates that may be asked of those, by id.
    """
    if not template.object_ref and not template.context_ref:  # nearly all: nothing to look for elsewhere
        return _alone(template, statement)
    return _Chain(known, among or {}).verdict(template, statement, 0)


class _Chain:
    """One statement and those that it refers to, each looked at once for each template."""

    def __init__(self, known: Known, among: Mapping[str, Template]) -> None:
        self._known = known
        self._among = among
        self._followed: dict[tuple[str, str], bool] = {}

    def verdict(self, template: Template, statement: Statement, depth: int) -> TemplateVerdict:
        unchecked: list[str] = []
        if _undetermined(template, statement) is None:
            failure = self._broken_reference(template, statement, depth, unchecked)
            if failure is not None:
                return TemplateVerdict(template.id, TemplateOutcome.INVALID, failure)
        return _alone(template, statement, tuple(unchecked))

    def _broken_reference(
        self, template: Template, statement: Statement, depth: int, unchecked: list[str]
    ) -> Failure | None:
        for word, location, wanted, target in _references(template, statement):
            if target is None or target.object_type != "StatementRef":
                return Failure(word, location, wanted, ())
            if self._refuted(wanted, target.id.strip().lower(), location, depth, unchecked):
                return Failure(word, location, wanted, (target.id,))
        return None

    def _refuted(
        self, wanted: tuple[str, ...], statement_id: str, location: str, depth: int, unchecked: list[str]
    ) -> bool:
        """Return whether a target is known to follow none of the templates; what cannot be known is noted."""
        target = self._known(statement_id) if depth < MAX_CHAIN else None
        if target is None:
            unchecked.append(f"the statement that {location} refers to is not known here, and was not checked")
            return False
        if any(self._follows(self._among[each], target, statement_id, depth) for each in wanted if each in self._among):
            return False
        missing = [each for each in wanted if each not in self._among]
        unchecked += [f"no profile here describes the template {each}" for each in missing]
        return not missing

    def _follows(self, template: Template, statement: Statement, statement_id: str, depth: int) -> bool:
        key = (template.id, statement_id)
        if key not in self._followed:
            self._followed[key] = False  # one that comes back to itself shows nothing
            verdict = self.verdict(template, statement, depth + 1)
            self._followed[key] = verdict.outcome is TemplateOutcome.SUCCESS
        return self._followed[key]


def _references(
    template: Template, statement: Statement
) -> Iterable[tuple[str, str, tuple[str, ...], StatementObject | None]]:
    if template.object_ref:
        yield "objectStatementRefTemplate", "$.object", template.object_ref, statement.object
    if template.context_ref:
        target = statement.context.statement if statement.context is not None else None
        yield "contextStatementRefTemplate", "$.context.statement", template.context_ref, target


def _alone(template: Template, statement: Statement, unchecked: tuple[str, ...] = ()) -> TemplateVerdict:
    """Return the verdict on all but the references."""
    failure = _undetermined(template, statement)
    if failure is not None:
        return TemplateVerdict(template.id, TemplateOutcome.UNMATCHED, failure)
    failure = _broken_rule(template, statement)
    if failure is not None:
        return TemplateVerdict(template.id, TemplateOutcome.INVALID, failure)
    return TemplateVerdict(template.id, TemplateOutcome.SUCCESS, unchecked=unchecked)


def _undetermined(template: Template, statement: Statement) -> Failure | None:
    """Return the first determining property that a statement does not have."""
    for each in template.determinants:
        said = tuple(each.property.said(statement))
        if not all(value in said for value in each.values):
            return Failure(each.property.word, each.property.location, each.values, said)
    return None


def _broken_rule(template: Template, statement: Statement) -> Failure | None:
    if not template.rules:
        return None
    sent = statement.sent
    return next((failure for rule in template.rules if (failure := rule.failure(sent)) is not None), None)
