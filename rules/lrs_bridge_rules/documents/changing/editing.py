"""What can be changed in a rule document without opening it: text in, text out, everything else as its author wrote it.

Each function changes the data and has `amending` bring the text after. So editing and reading a document is the same as
reading it and editing the data; comments, order, quotes and layout of all that was not meant survive.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.documents.changing.amending import amended, data_of
from lrs_bridge_rules.documents.document import RuleModel
from lrs_bridge_rules.documents.reading import parse
from lrs_bridge_rules.documents.shape import check_shape
from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.errors import EditError
from lrs_bridge_rules.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Data = dict[str, Any]

#: In which order the keys of a rule stand, for those that are added.
_ORDER: Final = tuple(RuleModel.model_fields)


def add_rule(text: str, rule: Mapping[str, object]) -> str:
    """Return the document with one more rule, the last. Raises EditError, DocumentError."""

    def change(data: Data) -> None:
        rules = _list_of(data, "rules")
        if rule.get("id") in [_id(each) for each in rules]:
            raise EditError(f"there is a rule {rule.get('id')!r} already; give the new one another id")
        rules.append(_plain(rule))

    return _edited(text, change)


def replace_rule(text: str, rule_id: str, rule: Mapping[str, object]) -> str:
    """Return the document with a rule changed into another; what both say alike stays as it is written."""

    def change(data: Data) -> None:
        rules = data.get("rules", [])
        rules[rules.index(_rule(data, rule_id))] = _plain(rule)

    return _edited(text, change)


def remove_rule(text: str, rule_id: str) -> str:
    """Return the document without a rule, and without the comments that stand right above it (the first one's stay)."""

    def change(data: Data) -> None:
        rule = _rule(data, rule_id)
        data["rules"] = [each for each in data["rules"] if each is not rule]

    return _edited(text, change)


def set_status(text: str, rule_id: str, status: str) -> str:
    """Return the document with another status of a rule."""
    return _edited(text, lambda data: _put(_rule(data, rule_id), "status", status))


def add_exception(text: str, rule_id: str, exception: Mapping[str, object]) -> str:
    """Return the document with one more exception (`when`, `reason`, `author`, `until`) of a rule."""
    return _edited(text, lambda data: _append(_rule(data, rule_id), "unless", exception))


def add_test(text: str, rule_id: str, test: Mapping[str, object]) -> str:
    """Return the document with one more test of a rule."""
    return _edited(text, lambda data: _append(_rule(data, rule_id), "tests", test))


def rule_ids(text: str) -> list[str]:
    """Return the ids of the rules of a document, in its order. Raises DocumentError when it cannot be read."""
    rules = data_of(text).get("rules")
    return [found for each in (rules if isinstance(rules, list) else []) if (found := _id(each))]


def _edited(text: str, change: Callable[[Data], None]) -> str:
    wanted = deepcopy(data_of(text))
    change(wanted)
    result = amended(text, wanted)
    _check_shape(text, result)
    return result


def _check_shape(before: str, after: str) -> None:
    """Refuse what makes a document wrong that was right. Raises DocumentError."""
    problems = Problems()
    node = parse("the changed document", after, problems)
    if node is not None:
        check_shape(node, problems)
    if problems and _is_right(before):
        problems.raise_if_any()


def _is_right(text: str) -> bool:
    node = parse("document", text, problems := Problems())
    return node is not None and check_shape(node, problems) is not None and not problems


def _list_of(data: Data, key: str) -> list[Any]:
    found = data.get(key)
    if found is None:
        found = data[key] = []
    if not isinstance(found, list):
        raise EditError(f"{key!r} is no list in this document; mend it first")
    return found


def _rule(data: Data, rule_id: str) -> Data:
    rules = _list_of(data, "rules") if "rules" in data else []
    found = next((each for each in rules if _id(each) == rule_id), None)
    if found is None:
        known: Sequence[str] = [_id(each) for each in rules]
        raise EditError(f"there is no rule {rule_id!r} in this document{nearest(rule_id, known)}")
    rule: Data = found
    return rule


def _id(rule: object) -> str:
    return str(rule.get("id", "")) if isinstance(rule, dict) else ""


def _append(rule: Data, key: str, value: Mapping[str, object]) -> None:
    there = rule.get(key)
    found = there if isinstance(there, list) else [] if there is None else [there]
    _put(rule, key, [*found, _plain(value)])


def _put(rule: Data, key: str, value: object) -> None:
    """Set a key; a new one goes where it stands in other rules."""
    if key not in rule:
        number = _ORDER.index(key)
        later = {name: rule.pop(name) for name in list(rule) if name in _ORDER and _ORDER.index(name) > number}
        rule |= {key: value, **later}
    rule[key] = value


def _plain(value: object) -> Any:  # noqa: ANN401 -- data of any shape
    """Return data as a document holds them, so that they compare equal with what is read."""
    match value:
        case dict():
            return {str(key): _plain(below) for key, below in value.items()}
        case list() | tuple():
            return [_plain(below) for below in value]
        case str():
            return str(value)
        case _:
            return value
