"""Traces in words: why a rule or a definition fits, or what kept it from fitting.

`Ruleset.explain` and `explain_reading` give the traces; pages, tests and the command line show these lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS, short_name
from lrs_bridge_rules.tracing import missing
from lrs_bridge_rules.verdict import ClauseTrace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrs_bridge_rules.verdict import DefinitionTrace, ExceptionTrace, RuleTrace, Trace

_PHRASES: Final[Mapping[str, str]] = {
    "is": "is",
    "in": "is one of",
    "not_in": "is none of",
    "glob": "looks like",
    "prefix": "begins with",
    "contains": "contains",
    "gt": "is above",
    "gte": "is at least",
    "lt": "is below",
    "lte": "is at most",
    "between": "is between",
    "before": "is before",
    "after": "is after",
    "on": "is on",
    "present": "is present:",
}
_ANY_OF: Final = frozenset(("glob", "prefix", "contains", "on"))
_GROUPS: Final[Mapping[str, str]] = {"all": "all of these", "any": "at least one of these", "not": "not so that"}
#: Of a list so many values are shown, and of a text so many characters: 500 ids say no more than three.
_ITEMS: Final = 3
_LONGEST: Final = 200
#: A field or path with one of these steps says who somebody is, or may: whether it fits is shown, not what it is.
_PEOPLE: Final = re.compile(
    r"\b(?:actor|authority|instructor|member|team|mbox|mbox_sha1sum|openid)\b"
    r"|(?:\$|\b(?:context|object)(?:['\"]\])?)(?:\.\*|\[\*\])[.\[]"
    r"|\bobject(?:\.|['\"]\]\[['\"])(?:name|account)\b"
)
#: And so does whatever holds an address; answers and extensions may.
_ADDRESS: Final = re.compile(r"[^\s@/:?=&]{1,64}@[^\s@/]{1,64}\.[^\s@/]")
_VOCABULARIES: Final = (("verb", VERBS), (".type", ACTIVITY_TYPES))


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line of a trace: a clause or the head of a group, `depth` groups down."""

    depth: int
    met: bool
    text: str


def lines_of(trace: RuleTrace) -> tuple[str, ...]:
    """Return a headline and one line per clause that counts."""
    return (
        f"{trace.rule} ({trace.status}): {verdict_of(trace)}",
        *(f"  {line_of(clause)}" for clause in trace.clauses),
    )


def line_of(clause: ClauseTrace) -> str:
    """Return one clause in words, with what was found."""
    return f"{'met' if clause.met else 'missed'}: {clause_text(clause)}"


def clause_text(clause: ClauseTrace) -> str:
    """Return what a clause asks for and what there was, without saying whether it is met."""
    negated = clause.operator.startswith("not ")
    word = clause.operator.removeprefix("not ")
    phrase = _of_several(word) if isinstance(clause.expected, list) else _PHRASES.get(word, word)
    expected = f"{'it is not so that it ' if negated else ''}{phrase} {shown(clause.expected)}"
    return f"{clause.field} {expected} (found {found_text(clause)})"


def _of_several(word: str) -> str:
    """The phrase before a list: one of its values is enough, but for operators that say otherwise."""
    return (
        _PHRASES["in"] if word == "is" else f"{_PHRASES[word]} any of" if word in _ANY_OF else _PHRASES.get(word, word)
    )


def found_text(clause: ClauseTrace) -> str:
    """Return what was found; of people only that somebody was named."""
    if names_people(clause):
        return "somebody; who it is, is not shown"
    names = _vocabulary(clause)
    return shown(clause.actual) if names is None else shown(_in_short(clause.actual, names))


def names_people(clause: ClauseTrace) -> bool:
    """Say whether what was found may name somebody: by where it stood, where a template failed, or by an address."""
    where = f"{clause.field} {clause.actual}" if clause.field == "template" else clause.field
    return clause.actual is not None and (_PEOPLE.search(where) or _ADDRESS.search(str(clause.actual))) is not None


def _vocabulary(clause: ClauseTrace) -> Mapping[str, tuple[str, ...]] | None:
    """Return the short names to use: where a rule uses them itself, so that `http` is not taken for `https`."""
    expected = clause.expected if isinstance(clause.expected, list) else [clause.expected]
    if any(not isinstance(each, str) or ":" in each for each in expected):
        return None
    return next((names for field, names in _VOCABULARIES if clause.field.endswith(field)), None)


def _in_short(value: object, names: Mapping[str, tuple[str, ...]]) -> object:
    if isinstance(value, list):
        return [_in_short(item, names) for item in value]
    return short_name(value, names) if isinstance(value, str) else value


def tree_lines(trace: Trace, depth: int = 0) -> Iterator[TraceLine]:
    """Yield the lines of a condition; a group is a line of its own, and what stands in it one deeper."""
    if isinstance(trace, ClauseTrace):
        yield TraceLine(depth, trace.met, clause_text(trace))
        return
    outermost = depth == 0 and trace.kind == "all"  # a `when` is one of these: its clauses need no head
    if not outermost:
        yield TraceLine(depth, trace.met, f"{_GROUPS[trace.kind]}:")
    for part in trace.parts:
        yield from tree_lines(part, depth if outermost else depth + 1)


def verdict_of(trace: RuleTrace) -> str:
    """Return in a few words whether a rule fits, and what that means or what kept it from it."""
    if trace.matched:
        return _EFFECTS[trace.status] + (f"; it does not count: {trace.excludes}" if trace.excludes else "")
    if trace.exception:
        return f"excepted, {trace.exception}"
    missed, of = missing(trace.tree) if trace.tree is not None else 0, len(trace.clauses)
    return f"{missed} of {of} {'clause' if of == 1 else 'clauses'} missed"


_EFFECTS: Final[Mapping[str, str]] = {
    "active": "fits",
    "shadow": "fits, and is only counted (shadow)",
    "draft": "would fit, and has no effect yet (draft)",
    "retired": "would fit, and has no effect any more (retired)",
}


def exception_text(trace: ExceptionTrace) -> str:
    """Return what an `unless` comes to here: that it keeps the rule off and until when, or why it does not."""
    by = f" ({trace.author})" if trace.author else ""
    until = f" until {trace.last or trace.until.isoformat()}" if trace.until is not None else ""
    if trace.keeps_off:
        return f"held off{until}: {trace.reason}{by}"
    if trace.holds:
        return f"ended, it held off{until}: {trace.reason}{by}"
    return f"does not apply here{', and has ended' if trace.ended else ''}: {trace.reason}{by}"


def definition_text(trace: DefinitionTrace) -> str:
    """Return what a definition makes of a statement, in a few words."""
    said = "that it is noise" if trace.outcome is None else trace.outcome
    if trace.wins:
        return f"fits, and says {said}"
    if trace.fits:
        return f"would fit too and say {said}, but an earlier one does"
    missed = [clause for clause in trace.clauses if not clause.met]
    if not missed:
        return trace.obstacle
    more = f", and {len(missed) - 1} more" if len(missed) > 1 else ""
    return f"missed: {clause_text(missed[0])}{more}"


def shown(value: object) -> str:
    """Return a value as people read it; long lists and texts are cut, with how much was left out."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case list() | tuple():
            more = f" and {len(value) - _ITEMS} more" if len(value) > _ITEMS else ""
            return ", ".join(shown(item) for item in value[:_ITEMS]) + more
        case dict():
            return ", ".join(f"{key} {shown(item)}" for key, item in value.items())
        case _:
            text = str(value)
            return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
