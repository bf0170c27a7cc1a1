"""From a document's `when` to a condition: names, types and words are checked here, each error at its place.

Reads the tree with places that the loader made, so that it can point; makes what `conditions` evaluates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause, Condition, Not
from lrs_bridge_rules.conditions.keyed import MARK, under_key
from lrs_bridge_rules.conditions.operands import READERS, Setting, day, literal, truth, unsuitable
from lrs_bridge_rules.conditions.operators import OPERATORS, Row, Shape
from lrs_bridge_rules.conditions.sent import ABOUT, PATH
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.documents.tree import Node
from lrs_bridge_rules.nearest import nearest, nearest_or_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrs_bridge_rules.conditions.fields import Field
    from lrs_bridge_rules.conditions.operands import OperandReader
    from lrs_bridge_rules.conditions.sent import Sent
    from lrs_bridge_rules.documents.tree import Problems

T = TypeVar("T")
Lists = dict[str, "list[Node]"]

#: Operators whose operand is not one of the field's values, and how it is read.
_OWN_READERS: Final[Mapping[str, OperandReader]] = {
    "glob": literal,
    "prefix": literal,
    "contains": literal,
    "on": day,
    "present": truth,
}
_GROUPS: Final = frozenset(("any", "all", "not"))


class ConditionReader(Generic[T]):
    """Reads the conditions of one document; collects problems as it goes.

    It knows one table of fields, the named lists of the whole ruleset, and where to ask about what was sent.
    """

    def __init__(
        self,
        fields: Mapping[str, Field[T]],
        lists: Lists,
        problems: Problems,
        setting: Setting = Setting(),  # noqa: B008 -- frozen
        sent: Sent[T] | None = None,
    ) -> None:
        self._fields = fields
        self._lists = lists
        self._problems = problems
        self._setting = setting
        self._sent = sent

    def read(self, node: Node) -> Condition[T] | None:
        """Return the condition, or None when it is wrong (the problems are then recorded)."""
        if not isinstance(node.value, dict):
            self._problems.add(node.place, "a condition is a mapping from fields to what they must be")
            return None
        if not node.value:
            self._problems.add(node.place, "an empty condition would fit everything; name at least one field")
            return None
        return self._all_of([self._entry(key, node, below) for key, below in node.value.items()])

    def _entry(self, key: str, node: Node, below: Node) -> Condition[T] | None:
        if key in _GROUPS:
            return self._group(key, below)
        if key in ABOUT and self._sent is not None:
            return self._paths(self._sent, below) if key == PATH else self._templates(self._sent, below)
        field = self._fields.get(key)
        if field is None:
            self._problems.add(node.keys[key], self._unknown(key))
            return None
        if not isinstance(below.value, dict) or "list" in below.value:
            return self._clause(field, "is", below)
        if field.keyed is not None:
            return self._keyed(field, (), below, below.value)
        return self._operators(field, (), below, below.value)

    def _unknown(self, key: str) -> str:
        hint = nearest(key, (*self._fields, *_GROUPS, *ABOUT))
        if key in SUBJECT_FIELDS:
            return f"{key!r} is a field of completions, for rules; this looks at one statement{hint}"
        if key in STATEMENT_FIELDS:
            return f"{key!r} is a field of statements, for completion definitions; this looks at a completion{hint}"
        return f"unknown field {key!r}{hint}"

    def _keyed(
        self, field: Field[T], keys: tuple[str, ...], node: Node, entries: dict[str, Node]
    ) -> Condition[T] | None:
        """Read what must stand under each key of a field whose values have keys; operators may stand beside them."""
        inner = {key: below for key, below in entries.items() if MARK in key}
        others = {word: below for word, below in entries.items() if MARK not in word}
        parts = [self._under(field, (*keys, key), below) for key, below in inner.items()]
        if others or not inner:
            parts.append(self._operators(field, keys, _without(node, others), others))
        return self._all_of(parts)

    def _under(self, field: Field[T], keys: tuple[str, ...], below: Node) -> Condition[T] | None:
        if not isinstance(below.value, dict) or "list" in below.value:
            return self._clause(field, "is", below, keys)
        return self._keyed(field, keys, below, below.value)

    def _paths(self, sent: Sent[T], node: Node) -> Condition[T] | None:
        """Read what must stand at each of some paths."""
        if not isinstance(node.value, dict) or not node.value:
            self._problems.add(node.place, f"`{PATH}` takes a mapping from JSONPaths to what must stand there")
            return None
        return self._all_of([self._path(sent, text, node, below) for text, below in node.value.items()])

    def _path(self, sent: Sent[T], text: str, node: Node, below: Node) -> Condition[T] | None:
        try:
            field = sent.field(text)
        except ValueError as error:
            self._problems.add(node.keys[text], str(error))
            return None
        if not isinstance(below.value, dict) or "list" in below.value:
            return self._clause(field, "is", below, (text,))
        return self._operators(field, (text,), below, below.value)

    def _templates(self, sent: Sent[T], node: Node) -> Condition[T] | None:
        """Read the names of templates, of which a statement must follow one."""
        items = self._items(node, several=True)
        if items is None:
            return None
        parts: list[Condition[T]] = []
        for item in items:
            try:
                parts.append(sent.follows(_template_name(item.value)))
            except ValueError as error:
                self._problems.add(item.place, str(error))
        if len(parts) < len(items):
            return None
        return parts[0] if len(parts) == 1 else AnyOne(tuple(parts))

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

    def _operators(
        self, field: Field[T], keys: tuple[str, ...], node: Node, entries: dict[str, Node]
    ) -> Condition[T] | None:
        if not entries:
            self._problems.add(node.place, f"{field.name} needs a value or an operator")
            return None
        return self._all_of([self._operator(field, keys, word, node, below) for word, below in entries.items()])

    def _all_of(self, parts: Sequence[Condition[T] | None]) -> Condition[T] | None:
        """All of the parts, if none of them is wrong."""
        whole = tuple(part for part in parts if part is not None)
        if len(whole) < len(parts):
            return None
        return whole[0] if len(whole) == 1 else AllOf(whole)

    def _operator(
        self, field: Field[T], keys: tuple[str, ...], word: str, node: Node, below: Node
    ) -> Condition[T] | None:
        if word not in OPERATORS:
            keys_are = "; a key is an IRI, such as https://example.org/mode" if field.keyed is not None else ""
            hint = nearest(word, OPERATORS) or keys_are
            self._problems.add(node.keys[word], f"unknown operator {word!r}{hint}")
            return None
        return self._clause(field, word, below, keys)

    def _clause(self, field: Field[T], word: str, node: Node, keys: tuple[str, ...] = ()) -> Condition[T] | None:
        row = OPERATORS[word]
        items = self._items(node, several=row.shape in (Shape.SEVERAL, Shape.PAIR))
        if keys:
            field = under_key(field, keys, word, [item.value for item in items or ()])
        if field.kind not in row.kinds:
            fitting = ", ".join(name for name, other in OPERATORS.items() if field.kind in other.kinds)
            message = f"{field.name} is {field.kind.value}; {word!r} does not suit it (use {fitting})"
            self._problems.add(node.place, message)
            return None
        operands = self._operands(field, word, row, node, items) if items is not None else None
        return None if operands is None else Clause(field, word, row.build(operands), node.plain())

    def _operands(
        self, field: Field[T], word: str, row: Row, node: Node, items: Sequence[Node]
    ) -> tuple[Any, ...] | None:
        pair = row.shape == Shape.PAIR
        if pair and len(items) != 2:
            self._problems.add(node.place, f"{word!r} takes two values, the lower first")
            return None
        read = _OWN_READERS.get(word) or READERS[field.kind]
        operands: list[Any] = []
        wrong = False
        for item in items:
            try:
                operands += read(item.value, field, self._setting)
            except ValueError as error:
                self._problems.add(item.place, f"{field.name}: {error}")
                wrong = True
        if pair and not wrong and operands[0] > operands[1]:
            self._problems.add(node.place, f"{word!r} takes the lower value first; as it is, nothing can fit")
            wrong = True
        return None if wrong else tuple(operands)

    def _items(self, node: Node, *, several: bool) -> list[Node] | None:
        if not several and (isinstance(node.value, list) or node.child("list") is not None):
            self._problems.add(node.place, "one value is expected here, not a list")
            return None
        if isinstance(node.value, dict):
            return self._named(node)
        if isinstance(node.value, list):
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
            hint = nearest_or_all(name.value, self._lists) if self._lists else ", there are no lists"
            self._problems.add(name.place, f"unknown list {name.value!r}{hint}")
            return None
        return self._lists[name.value]


def _template_name(value: object) -> str:
    if not isinstance(value, str):
        raise unsuitable("the IRI of a Statement Template, or PROFILE/NAME", value)
    return value


def _without(node: Node, entries: Mapping[str, Node]) -> Node:
    """The same mapping with only these of its entries."""
    return Node(dict(entries), node.place, {key: node.keys[key] for key in entries})
