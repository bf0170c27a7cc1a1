"""One way to ask for a page of any list: search, filters, sort, page.

Every list of the pages and of the command line uses it.

A `Listing` says once which sorts and filters a list knows, as SQL; a `Request` comes from an address or an option and
is refused when it names anything else. Sorting is always made total by a last, unique column, so that no row appears
on two pages. The rows of a page are found by their keys first, so that only they are joined with what is shown of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    false,
    func,
    literal_column,
    or_,
    select,
)

if TYPE_CHECKING:
    AnySelect: TypeAlias = Select[*tuple[Any, ...]]
    AnyRow: TypeAlias = Row[*tuple[Any, ...]]

Item = TypeVar("Item")
Other = TypeVar("Other")

LARGEST_PAGE = 20_000
_DEEPEST_PAGE = 1_000_000
#: Pages up to this size are found by their keys; larger ones are files of everything.
_FOUND_BY_KEY = 100
#: Times at the ends of the calendar cannot be told in another zone.
_YEARS = range(1900, 3000)


class RequestError(ValueError):
    """A list was asked for in a way that it doesn't know. The message says which ways it knows."""


@dataclass(frozen=True, slots=True)
class Request:
    """What part of a list, in which order. An empty `sort` means the list's own order.

    `count_to`: how far the rows are counted, for whom "more than 1,000" is enough (None: to the end).
    """

    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = 25
    count_to: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.page <= _DEEPEST_PAGE or not 1 <= self.size <= LARGEST_PAGE:
            raise RequestError(f"Pages count from 1, and hold 1 to {LARGEST_PAGE} rows.")


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """One page of a list, and how many rows there are in all; `more`: at least one more than `total`."""

    rows: tuple[Item, ...]
    total: int
    page: int = 1
    size: int = 25
    more: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        """Whether there is a page after this one, as far as is known."""
        return self.page < self.pages or (self.more and len(self.rows) == self.size)

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1; 0 where there is none."""
        return (self.page - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0

    def map(self, make: Callable[[Item], Other]) -> Slice[Other]:
        """The same page with each row made into something else."""
        return Slice(tuple(make(row) for row in self.rows), self.total, self.page, self.size, self.more)


Filter = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True)
class Listing:
    """What a list can be sorted, filtered and searched by. `order` is its own order, `tie` makes any order total.

    `key` names a row, for lists that join others; lists of groups have none.
    """

    sorts: Mapping[str, SQLColumnExpression[Any]]
    order: tuple[str, bool]
    tie: SQLColumnExpression[Any]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    search: tuple[SQLColumnExpression[Any], ...] = ()
    key: tuple[SQLColumnExpression[Any], ...] = ()

    def take(self, connection: Connection, statement: AnySelect, request: Request) -> Slice[AnyRow]:
        """The page that is asked for, and how many rows there are."""
        narrowed = statement.where(*self.conditions(request))
        order = self._order(request)
        page = narrowed.order_by(*order).limit(request.size).offset((request.page - 1) * request.size)
        if not self.key:
            return self._take_groups(connection, narrowed, page, request)
        if request.size <= _FOUND_BY_KEY:
            page = self._found(connection, statement, page, order)
        rows = tuple(connection.execute(page))
        total, more = self._total(connection, narrowed, request, rows)
        return Slice(rows, total, request.page, request.size, more)

    def _take_groups(
        self, connection: Connection, narrowed: AnySelect, page: AnySelect, request: Request
    ) -> Slice[AnyRow]:
        """Groups are counted by the query that finds them: to count them apart is to make all of them twice."""
        width = len(page.selected_columns)
        found = connection.execute(page.add_columns(func.count().over())).freeze()
        rows = tuple(found().columns(*range(width)))
        counted = found().columns(width).scalars().first()
        total = counted if counted is not None else self._total(connection, narrowed, request, rows)[0]
        return Slice(rows, total, request.page, request.size)

    def _found(
        self, connection: Connection, statement: AnySelect, page: AnySelect, order: Sequence[ColumnElement[Any]]
    ) -> AnySelect:
        """The rows with the keys of a page. Joining first would join every row that could stand on it."""
        keys = connection.execute(page.with_only_columns(*self.key, maintain_column_froms=True)).all()
        # One comparison a row: SQLite looks none of `(a, b) IN (…)` up in an index.
        found = [and_(*(column == value for column, value in zip(self.key, key, strict=True))) for key in keys]
        return statement.where(or_(false(), *found)).order_by(*order)

    def _total(
        self, connection: Connection, narrowed: AnySelect, request: Request, rows: Sequence[AnyRow]
    ) -> tuple[int, bool]:
        """How many rows there are, and whether there are more than that. A page that is not full knows it."""
        before = (request.page - 1) * request.size
        if len(rows) < request.size and (rows or request.page == 1):
            return before + len(rows), False
        every: AnySelect = narrowed.with_only_columns(literal_column("1"), maintain_column_froms=True)
        if request.count_to is not None:
            every = every.limit(request.count_to + 1)
        total = connection.execute(select(func.count()).select_from(every.subquery())).scalar_one()
        more = request.count_to is not None and total > request.count_to
        return total - more, more

    def conditions(self, request: Request) -> list[ColumnElement[bool]]:
        """The filters and the search as SQL."""
        filtered = [self._filter(name)(value) for name, value in request.filters.items() if value]
        return filtered + [self._contains(word) for word in request.search.split()]

    def _filter(self, name: str) -> Filter:
        if name not in self.filters:
            raise RequestError(f"This list cannot be filtered by “{name}”. {_known(self.filters)}")
        return self.filters[name]

    def _contains(self, word: str) -> ColumnElement[bool]:
        first, *others = (column.icontains(word, autoescape=True) for column in self.search)
        for each in others:
            first = first | each
        return first

    def _order(self, request: Request) -> list[ColumnElement[Any]]:
        name, descending = (request.sort, request.descending) if request.sort else self.order
        if name not in self.sorts:
            raise RequestError(f"This list cannot be sorted by “{name}”. {_known(self.sorts)}")
        column = self.sorts[name]
        if descending:  # the tie in the same direction, so that one index can be walked for both
            return [column.desc().nulls_last(), self.tie.desc()]
        return [column.asc().nulls_last(), self.tie.asc()]


def _known(names: Mapping[str, object]) -> str:
    return f"It knows: {', '.join(sorted(names))}." if names else "It knows none."


def equals(column: SQLColumnExpression[Any]) -> Filter:
    """A filter by exactly this text."""
    return lambda value: column == value


def one_of(column: SQLColumnExpression[Any], kinds: type[StrEnum]) -> Filter:
    """A filter by one of the words of an enumeration; another word is refused."""

    def condition(value: str) -> ColumnElement[bool]:
        if value not in {kind.value for kind in kinds}:
            raise RequestError(f"“{value}” is none of: {', '.join(kind.value for kind in kinds)}.")
        return column == value

    return condition


def named(conditions: Mapping[str, ColumnElement[bool]]) -> Filter:
    """A filter by one of some named conditions."""

    def condition(value: str) -> ColumnElement[bool]:
        if value not in conditions:
            raise RequestError(f"“{value}” is none of: {', '.join(conditions)}.")
        return conditions[value]

    return condition


def since(column: SQLColumnExpression[Any]) -> Filter:
    """A filter by an ISO time: at it or after it."""
    return lambda value: column >= _moment(value)


def before(column: SQLColumnExpression[Any]) -> Filter:
    """A filter by an ISO time: before it."""
    return lambda value: column < _moment(value)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RequestError(f"“{text}” is no time such as 2026-11-21T00:00:00+00:00.") from None
    if moment.tzinfo is None:
        raise RequestError(f"“{text}” lacks its distance from UTC, such as +00:00.")
    if moment.year not in _YEARS:
        raise RequestError(f"“{text}” lies outside the years {_YEARS[0]} to {_YEARS[-1]}.")
    return moment
