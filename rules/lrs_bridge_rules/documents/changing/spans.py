"""Where each value of a YAML text begins and ends, to the character: what `amending` cuts and inserts by.

`reading` has read the text before, so that it is YAML and not too deep. An alias is a value of its own here: what it
stands for is written elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from lrs_bridge_rules.documents.reading import Loader

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar or an alias."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value; `after` is where the colon ends."""

    key: Leaf
    name: str
    value: Span
    after: int


@dataclass(frozen=True, slots=True)
class MappingSpan:
    """A mapping, in braces (flow) or in lines; ends where its last value does."""

    start: int
    end: int
    flow: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class SequenceSpan:
    """A list, in brackets (flow) or in lines; `dashes` are where the items of one in lines begin."""

    start: int
    end: int
    flow: bool
    items: tuple[Span, ...]
    dashes: tuple[int, ...]


Span = Leaf | MappingSpan | SequenceSpan


def spans_of(text: str) -> Span | None:
    """Return the spans of the only document of a text without byte order mark; None when it says nothing."""
    return _Measurer(text).measure()


def _begin(of: yaml.Event | yaml.Token) -> int:
    return of.start_mark.index if of.start_mark is not None else 0


def _finish(of: yaml.Event) -> int:
    return of.end_mark.index if of.end_mark is not None else 0


class _Measurer:
    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._dashes: list[int] = []
        self._colons: list[int] = []
        for token in yaml.scan(text, Loader=Loader):
            if isinstance(token, yaml.BlockEntryToken):
                self._dashes.append(_begin(token))
            elif isinstance(token, yaml.ValueToken):
                self._colons.append(_begin(token))
        self._events = iter(yaml.parse(text, Loader=Loader))

    def measure(self) -> Span | None:
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                return self._span(event)
        return None

    def _span(self, event: yaml.Event) -> Span:
        start = _begin(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(start, flow=bool(event.flow_style))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(start, flow=bool(event.flow_style))
        return Leaf(start, _finish(event))

    def _mapping(self, start: int, *, flow: bool) -> MappingSpan:
        entries: list[Entry] = []
        closing = start
        for event in self._events:
            closing = _finish(event)
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = Leaf(_begin(event), _finish(event))
            value = self._span(next(self._events))
            entries.append(Entry(key, str(getattr(event, "value", "")), value, self._after(key, value)))
        return MappingSpan(start, closing if flow else entries[-1].value.end, flow, tuple(entries))

    def _after(self, key: Leaf, value: Span) -> int:
        """Return where the colon between a key and its value ends; where the key does when there is none."""
        number = bisect_left(self._colons, key.end)
        found = self._colons[number] if number < len(self._colons) else self._length
        return found + 1 if found < max(value.start, key.end + 1) else key.end

    def _sequence(self, start: int, *, flow: bool) -> SequenceSpan:
        items: list[Span] = []
        closing = start
        for event in self._events:
            closing = _finish(event)
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._span(event))
        dashes = () if flow else tuple(self._dashes[bisect_left(self._dashes, each.start) - 1] for each in items)
        return SequenceSpan(start, closing if flow else items[-1].end, flow, tuple(items), dashes)


def leaves(span: Span | None) -> Iterator[Leaf]:
    """Iterate over everything that is written in a document and no structure: keys, scalars and aliases."""
    match span:
        case Leaf():
            yield span
        case MappingSpan():
            for each in span.entries:
                yield each.key
                yield from leaves(each.value)
        case SequenceSpan():
            for item in span.items:
                yield from leaves(item)
        case None:
            return
