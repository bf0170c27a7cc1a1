"""Answers a request for a list: as a page, or as a CSV file of all its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Generic, TypeVar

from flask import Response, render_template, request, stream_with_context
from sqlalchemy import Connection

from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.listing import LARGEST_PAGE, Request, Slice
from lrs_bridge.web.current import the_bridge
from lrs_bridge.web.tables.address import PAGE_SIZES, Address, read_address
from lrs_bridge.web.tables.chips import Chip, chips_of
from lrs_bridge.web.tables.columns import Table
from lrs_bridge.web.tables.csv_file import lines

Item = TypeVar("Item")
Ask = Callable[[Connection, Request], Slice[Item]]


@dataclass(frozen=True)
class Shown(Generic[Item]):
    """A table with what it shows now; what the template works with."""

    table: Table[Item]
    slice: Slice[Item]
    address: Address
    chips: tuple[Chip, ...] = ()
    sizes: tuple[int, ...] = PAGE_SIZES

    @property
    def narrowed(self) -> bool:
        """Whether a search or filter hides rows: an empty list then means something else."""
        return bool(self.address.request.search or self.address.request.filters)


def show(table: Table[Item], ask: Ask[Item], template: str, **more: object) -> Response | str:
    """The page of a list, or with `?format=csv` the file of it.

    :param ask: the read model.
    :param more: what else the template needs.
    :raises RequestError: the address asks for a sort or filter that the list doesn't know.
    """
    asked = read_address(request.args, table.filters)
    if request.args.get("format") == "csv":
        return _file(table, ask, asked)
    return render_template(template, shown=shown(table, ask, asked), **more)


def shown(table: Table[Item], ask: Ask[Item], asked: Request) -> Shown[Item]:
    """The table as it stands at this address."""
    address = Address(request.endpoint or "", dict(request.view_args or {}), asked)
    with read(the_bridge().engine) as connection:
        return Shown(table, ask(connection, asked), address, chips_of(connection, table.hidden, address))


def _file(table: Table[Item], ask: Ask[Item], asked: Request) -> Response:
    header = [heading for column in table.columns for heading in column.headings()]
    with read(the_bridge().engine) as connection:  # asked once before the answer begins, so that an error is a page
        ask(connection, replace(asked, page=1, size=1))
    rows = ([value for column in table.columns for value in column.values(row)] for row in _all(ask, asked))
    answer = Response(stream_with_context(lines(header, rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    return answer


def _all(ask: Ask[Item], asked: Request) -> Iterator[Item]:
    """Every row of the list, page by page inside one transaction, so that no row is missed or doubled."""
    with read(the_bridge().engine) as connection:
        for page in count(1):
            found = ask(connection, replace(asked, page=page, size=LARGEST_PAGE))
            yield from found.rows
            if len(found.rows) < LARGEST_PAGE:
                return
