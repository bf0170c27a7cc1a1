"""When two ways of writing a part of a document mean the same: the form in which `difference` compares them.

A lone value is a list of one, the order of keys and of alternatives says nothing, a default may be written or left
out, `is` and `in` are one operator. Forms are only compared with each other; people are shown what was written.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from lrs_bridge_rules.documents.document import DefinitionModel, DocumentModel, FollowUpModel, RuleModel

#: The sections of a document whose entries have an id, with what checks them.
ENTRIES: Final[Mapping[str, type[BaseModel]]] = {
    "completions": DefinitionModel,
    "rules": RuleModel,
    "follow_ups": FollowUpModel,
}
#: Under these keys the order of a list is seen by people, or counts; everywhere else it says nothing.
_ORDERED: Final = frozenset(("questions", "statements", "between"))
_ALTERNATIVES: Final = frozenset(("is", "in", "not_in", "glob", "prefix", "contains"))
_NOTHING: Final[tuple[Hashable, ...]] = (None, (), frozenset())


def forms_of_entry(section: str, entry: object) -> Mapping[str, Hashable]:
    """Return the form of each key of a rule, definition or follow-up; keys that say nothing are left out."""
    return _forms(_filled_in(ENTRIES[section], entry))


def forms_as_written(entry: object) -> Mapping[str, Hashable]:
    """Return the same without what the entry leaves out: for entries that this version cannot read."""
    return _forms(entry)


def form_of_setting(key: str, value: object) -> Hashable:
    """Return the form of what stands under a key of the document itself, with what is left out filled in."""
    return _forms(_filled_in(DocumentModel, {key: value})).get(key)


def is_understood(section: str, entry: object) -> bool:
    """Return whether this version can read an entry, and so fills in what it leaves out."""
    return _filled_in(ENTRIES[section], entry) is not entry


def form_of(value: object, key: str = "") -> Hashable:
    """Return the form of any value as it stands; `key` is what it stands under."""
    return _form(key, value)


def form_of_condition(condition: object) -> Hashable:
    """Return the form of a `when`: a set of clauses and groups that must all hold."""
    if not isinstance(condition, dict):
        return _form("", condition)
    return frozenset(part for key, below in condition.items() for part in _clauses(str(key), below))


def _filled_in(model: type[BaseModel], value: object) -> object:
    """The value as its model reads it; as it stands where this version cannot read it."""
    try:
        return model.model_validate(value).model_dump(by_alias=True)
    except ValidationError:
        return value


def _forms(value: object) -> Mapping[str, Hashable]:
    if not isinstance(value, dict):
        return {"": _form("", value)}
    forms = {str(key): _form(str(key), below) for key, below in value.items()}
    return {key: form for key, form in forms.items() if form not in _NOTHING}


def _form(key: str, value: Any) -> Hashable:  # noqa: ANN401  # whatever a document can hold
    if key == "when":
        return form_of_condition(value)
    match value:
        case dict():
            return frozenset(_forms(value).items())
        case list() | tuple():
            items = tuple(_form("", item) for item in value)
            return items[0] if len(items) == 1 else items if key in _ORDERED else frozenset(items)
        case bool():
            return ("truth", value)  # Python would take true for 1
        case _:
            return value if isinstance(value, Hashable) else repr(value)


def _clauses(key: str, below: object) -> list[Hashable]:
    if key == "all" and isinstance(below, list):
        return [part for item in below for part in _parts(form_of_condition(item))]
    if key == "any" and isinstance(below, list):
        branches = frozenset(form_of_condition(item) for item in below)
        return list(_parts(next(iter(branches)))) if len(branches) == 1 else [("any", branches)]
    if key == "not":
        return [("not", form_of_condition(below))]
    if isinstance(below, dict) and "list" not in below:
        return [_clause(key, str(word), operand) for word, operand in below.items()]
    return [_clause(key, "is", below)]


def _clause(field: str, word: str, operand: object) -> Hashable:
    several = operand if isinstance(operand, list) or word not in _ALTERNATIVES else [operand]
    return (field, "is" if word == "in" else word, _form(word, several))


def _parts(form: Hashable) -> frozenset[Hashable]:
    return form if isinstance(form, frozenset) else frozenset((form,))
