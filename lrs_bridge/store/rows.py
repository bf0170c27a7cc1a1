"""Between rows and domain objects: columns that bear the names of a dataclass's fields, and lists cut into chunks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Select

from lrs_bridge.store.tables.base import Base

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from sqlalchemy.orm import InstrumentedAttribute

_T = TypeVar("_T")

#: How many values go into one IN list; both databases take many more, but plans grow slow.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to. Nothing new and nothing changed means that nothing was written."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Saved) -> Saved:
        return Saved(self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged)


def columns_of(row: type[Base], kind: type[DataclassInstance]) -> list[InstrumentedAttribute[Any]]:
    """The columns that hold a dataclass, in the order of its fields, so that `kind(*values)` builds it again."""
    return [getattr(row, name) for name in _names_of(kind)]


def values_of(item: DataclassInstance) -> dict[str, Any]:
    """A dataclass's fields as column values; one level deep."""
    return {name: getattr(item, name) for name in _names_of(type(item))}


@cache  # for each of a few types, and asked for with every row
def _names_of(kind: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.init)


def chunks(items: Iterable[_T], size: int = CHUNK) -> Iterator[Sequence[_T]]:
    """The items in lists of at most `size`."""
    everything = list(items)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def by_learner(
    connection: Connection, query: Select[Any], kind: Callable[..., _T], learner_ids: Iterable[str]
) -> dict[str, tuple[_T, ...]]:
    """What a query finds of these learners, in its order; those of whom it finds nothing are left out.

    Its first column is the learner's id; the others make one `kind`.
    """
    found: defaultdict[str, list[_T]] = defaultdict(list)
    owner = query.selected_columns[0]
    for ids in chunks(learner_ids):
        for learner_id, *values in connection.execute(query.where(owner.in_(ids))):
            found[learner_id].append(kind(*values))
    return {learner_id: tuple(items) for learner_id, items in found.items()}
