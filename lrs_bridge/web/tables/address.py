"""The state of a table lives in the address, so that it can be kept, sent and gone back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from lrs_bridge.store.read_models.listing import Request, RequestError

PAGE_SIZES = (25, 50, 100)
_LONGEST = 500
#: Who looks at a list wants to know whether it is long; counting a million rows takes longer than showing them.
_COUNT_TO = 1_000


def read_address(query: Mapping[str, str], filters: tuple[str, ...]) -> Request:
    """The request that an address stands for.

    :raises RequestError: a number that is none, a page size that is not offered, or a text that is too long.
    """
    texts = {name: value.strip() for name, value in query.items()}
    if any(len(value) > _LONGEST or "\x00" in value for value in texts.values()):
        raise RequestError(f"A filter or search holds at most {_LONGEST} characters.")
    sort = texts.get("sort", "")
    size = _whole(texts.get("size"), PAGE_SIZES[0])
    if size not in PAGE_SIZES:
        raise RequestError(f"Pages hold {', '.join(map(str, PAGE_SIZES))} rows.")
    return Request(
        search=texts.get("q", ""),
        filters={name: texts[name] for name in filters if texts.get(name)},
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        page=_whole(texts.get("page"), 1),
        size=size,
        count_to=_COUNT_TO,
    )


def _whole(text: str | None, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise RequestError("Pages and page sizes are whole numbers.")
    return int(text)


@dataclass(frozen=True, slots=True)
class Address:
    """Makes the addresses of a table's other states: the next page, another order, one filter less."""

    endpoint: str
    arguments: Mapping[str, str]
    request: Request

    @property
    def base(self) -> str:
        """The list with nothing asked of it."""
        return url_for(self.endpoint, **self.arguments)  # type: ignore[arg-type]  # arguments are no options of url_for

    def to(self, **changes: object) -> str:
        """The address with these parameters changed; None takes one away. Another order or filter starts at page 1."""
        now: dict[str, object] = {"q": self.request.search, **self.request.filters, "sort": self._sort}
        now["size"] = self.request.size if self.request.size != PAGE_SIZES[0] else ""
        now.update(changes)
        kept = {name: value for name, value in now.items() if value not in ("", None)}
        return url_for(self.endpoint, **self.arguments, **kept)  # type: ignore[arg-type]  # filters are no options of url_for

    @property
    def _sort(self) -> str:
        return f"-{self.request.sort}" if self.request.descending else self.request.sort

    def sorted_by(self, name: str, order: tuple[str, bool]) -> str:
        """The address that sorts by a column: largest first, and the other way round when it already is."""
        return self.to(sort=name if self.direction(name, order) == "descending" else f"-{name}")

    def direction(self, name: str, order: tuple[str, bool]) -> str:
        """How the table is sorted by a column now, as aria-sort says it; "none" if it isn't."""
        current, descending = (self.request.sort, self.request.descending) if self.request.sort else order
        if not name or name != current:
            return "none"
        return "descending" if descending else "ascending"
