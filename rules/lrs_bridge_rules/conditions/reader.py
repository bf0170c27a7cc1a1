"""From a document's `when` to a condition: names, types and words are checked here, each error at its place.

Reads the tree with places that the loader made, so that it can point; makes what `conditions` evaluates.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause, Condition, Not
from lrs_bridge_rules.conditions.fields import Kind
from lrs_bridge_rules.conditions.operators import OPERATORS, Row, Shape
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS, iris_of
from lrs_bridge_rules.nearest import nearest
from lrs_bridge_rules.statements.times import parse_timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrs_bridge_rules.conditions.fields import Field
    from lrs_bridge_rules.documents.tree import Node, Problems, Scalar

T = TypeVar("T")
Lists = dict[str, "list[Node]"]

_NOT_YET: Final = {
    "path": "`path` (JSONPath on the raw statement) is not supported by this version",
    "template": "`template` (an xAPI Profile Statement Template) is not supported by this version",
}
_LITERAL_WORDS: Final = frozenset(("glob", "prefix", "contains"))
_GROUPS: Final = frozenset(("any", "all", "not"))


class ConditionReader(Generic[T]):
    """Reads conditions over one table of fields, with the named lists of the ruleset; collects problems as it goes."""

    def __init__(self, fields: Mapping[str, Field[T]], lists: Lists, problems: Problems) -> None:
        self._fields = fields
        self._lists = lists
        self._problems = problems

    def read(self, node: Node) -> Condition[T] | None:
        """Return the condition, or None when it is wrong (the problems are then recorded)."""
        if not isinstance(node.value, dict):
            self._problems.add(node.place, "a condition is a mapping from fields to what they must be")
            return None
        if not node.value:
            self._problems.add(node.place, "an empty condition would fit everything; name at least one field")
            return None
        parts = [self._entry(key, node, below) for key, below in node.value.items()]
        whole = [part for part in parts if part is not None]
        if len(whole) < len(parts):
            return None
        return whole[0] if len(whole) == 1 else AllOf(tuple(whole))

    def _entry(self, key: str, node: Node, below: Node) -> Condition[T] | None:
        if key in _GROUPS:
            return self._group(key, below)
        field = self._fields.get(key)
        if field is None:
            known = (*self._fields, *_GROUPS)
            message = _NOT_YET.get(key) or f"unknown field {key!r}{nearest(key, known)}"
            self._problems.add(node.keys[key], message)
            return None
        if isinstance(below.value, dict) and "list" not in below.value:
            return self._operators(field, below, below.value)
        return self._clause(field, "is", below)

    def _group(self, key: str, below: Node) -> Condition[T] | None:
        if key == "not":
            part = self.read(below)
            return None if part is None else Not(part)
        if not isinstance(below.value, list) or not below.value:
            self._problems.add(below.place, f"`{key}` takes a list of conditions")
            return None
        parts = [self.read(item) for item in below.value]
        whole = tuple(part for part in parts if part is not None)
        if len(whole) < len(parts):
            return None
        return AnyOne(whole) if key == "any" else AllOf(whole)

    def _operators(self, field: Field[T], node: Node, entries: dict[str, Node]) -> Condition[T] | None:
        if not entries:
            self._problems.add(node.place, f"{field.name} needs a value or an operator")
            return None
        parts = [self._operator(field, word, node, below) for word, below in entries.items()]
        whole = tuple(part for part in parts if part is not None)
        if len(whole) < len(parts):
            return None
        return whole[0] if len(whole) == 1 else AllOf(whole)

    def _operator(self, field: Field[T], word: str, node: Node, below: Node) -> Condition[T] | None:
        if word not in OPERATORS:
            self._problems.add(node.keys[word], f"unknown operator {word!r}{nearest(word, OPERATORS)}")
            return None
        return self._clause(field, word, below)

    def _clause(self, field: Field[T], word: str, node: Node) -> Condition[T] | None:
        row = OPERATORS[word]
        if field.kind not in row.kinds:
            fitting = ", ".join(name for name, other in OPERATORS.items() if field.kind in other.kinds)
            message = f"{field.name} is {field.kind.value}; {word!r} does not suit it (use {fitting})"
            self._problems.add(node.place, message)
            return None
        operands = self._operands(field, word, row, node)
        return None if operands is None else Clause(field, word, row.build(operands), node.plain())

    def _operands(self, field: Field[T], word: str, row: Row, node: Node) -> tuple[Any, ...] | None:
        items = self._items(node, several=row.shape in (Shape.SEVERAL, Shape.PAIR))
        if items is None:
            return None
        if row.shape == Shape.PAIR and len(items) != 2:
            self._problems.add(node.place, f"{word!r} takes two values, the lower first")
            return None
        read = _truth if row.shape == Shape.SWITCH else _literal if word in _LITERAL_WORDS else _READERS[field.kind]
        readers = (read, _UPPER.get(field.kind, read)) if row.shape == Shape.PAIR else repeat(read)
        operands: list[Any] = []
        wrong = False
        for item, reader in zip(items, readers, strict=False):
            try:
                operands += reader(item.value, field.kind)
            except ValueError as error:
                self._problems.add(item.place, f"{field.name}: {error}")
                wrong = True
        if row.shape == Shape.PAIR and not wrong and operands[0] > operands[1]:
            self._problems.add(node.place, f"{word!r} takes the lower value first; as it is, nothing can fit")
            wrong = True
        return None if wrong else tuple(operands)

    def _items(self, node: Node, *, several: bool) -> list[Node] | None:
        if isinstance(node.value, dict):
            return self._named(node)
        if isinstance(node.value, list):
            if not several:
                self._problems.add(node.place, "one value is expected here, not a list")
                return None
            if not node.value:
                self._problems.add(node.place, "an empty list can never fit")
                return None
            return node.value
        return [node]

    def _named(self, node: Node) -> list[Node] | None:
        name = node.child("list")
        if name is None or not isinstance(name.value, str) or node.keys.keys() != {"list"}:
            self._problems.add(node.place, "expected a value, a list of values, or {list: NAME}")
            return None
        if name.value not in self._lists:
            self._problems.add(name.place, f"unknown list {name.value!r}{nearest(name.value, self._lists)}")
            return None
        return self._lists[name.value]


def _text(value: Scalar | object, kind: Kind) -> list[str]:
    if not isinstance(value, str):
        raise _unsuitable(kind.value, value, "; put it in quotes" if isinstance(value, int | float) else "")
    return [value.casefold() if kind is Kind.NAME else value]


def _literal(value: object, kind: Kind) -> list[str]:
    """Read an operand that is a piece of text; an empty one would fit everything."""
    texts = _text(value, kind)
    if not texts[0].strip("*"):
        raise ValueError("an empty text would fit everything; use present: true")
    return texts


def _verb(value: object, kind: Kind) -> tuple[str, ...]:
    return iris_of(_text(value, kind)[0], VERBS)


def _type(value: object, kind: Kind) -> tuple[str, ...]:
    return iris_of(_text(value, kind)[0], ACTIVITY_TYPES)


def _outcome(value: object, kind: Kind) -> list[str]:
    word = _text(value, kind)[0]
    if word not in list(Outcome):
        hint = nearest(word, list(Outcome)) or f" (known: {', '.join(Outcome)})"
        raise ValueError(f"unknown outcome {word!r}{hint}")
    return [word]


def _number(value: object, kind: Kind) -> list[float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unsuitable(kind.value, value)
    return [value]


def _truth(value: object, kind: Kind) -> list[bool]:  # noqa: ARG001 -- one signature for the whole table
    if not isinstance(value, bool):
        raise _unsuitable("true or false", value)
    return [value]


def _moment(value: object, kind: Kind) -> list[datetime]:
    return [moment_of(_text(value, kind)[0])]


def _last_moment(value: object, kind: Kind) -> list[datetime]:
    """Read the upper of two limits, both included: a date includes its whole day."""
    text = _text(value, kind)[0]
    first, end = moment_of(text), moment_of(text, end_of_day=True)
    return [first if first == end else end - timedelta(microseconds=1)]


def moment_of(text: str, *, end_of_day: bool = False) -> datetime:
    """Return the instant of a date (its first moment, or the first after it) or timestamp. Raises ValueError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return parse_timestamp(text)
    first = day.toordinal() + (1 if end_of_day else 0)
    return datetime.combine(date.fromordinal(first), time(), tzinfo=UTC)


def _unsuitable(expected: str, value: object, hint: str = "") -> ValueError:
    return ValueError(f"expected {expected}, not {_described(value)}{hint}")


def _described(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value!r}"
        case list():
            return "a list"
        case _:
            return "a mapping"


_READERS: Final[Mapping[Kind, Callable[[Any, Kind], Any]]] = {
    Kind.TEXT: _text,
    Kind.NAME: _text,
    Kind.VERB: _verb,
    Kind.TYPE: _type,
    Kind.OUTCOME: _outcome,
    Kind.NUMBER: _number,
    Kind.TRUTH: _truth,
    Kind.MOMENT: _moment,
}
#: How the upper of two limits is read where that makes a difference.
_UPPER: Final[Mapping[Kind, Callable[[Any, Kind], Any]]] = {Kind.MOMENT: _last_moment}
