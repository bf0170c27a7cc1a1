"""A text is changed where its data change, and nowhere else: comments, order, quotes and layout stay as they were.

`editing` says what a document shall say; here the smallest cuts and insertions are found that make it say so. The
result is read again and compared with what was wanted, value by value: what would change more is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.documents.changing.spans import Entry, Leaf, MappingSpan, SequenceSpan, Span, spans_of
from lrs_bridge_rules.documents.printing import HOUSE, Style, block, entry, indented, inline, item
from lrs_bridge_rules.documents.reading import parse
from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Sequence

Data = dict[str, Any]

_MARK: Final = "\ufeff"
_BREAK: Final = re.compile(r"\r\n|\n|\r")
_BLANK_LINE: Final = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)")


def amended(text: str, wanted: Data) -> str:
    """Return the text changed so that it says what is wanted, and otherwise as it was.

    Raises DocumentError if the text is no document, EditError if it cannot be changed without changing more.
    """
    before = data_of(text)
    if same(before, wanted):
        return text
    mark, body = (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)
    result = mark + _Amender(body).amend(before, wanted)
    problems = Problems()
    node = parse("the result", result, problems)
    if problems or node is None or not same(node.plain(), wanted):
        raise EditError("this cannot be changed without changing more (an anchor, or an unusual layout); edit by hand")
    return result


def data_of(text: str) -> Data:
    """Return what a document says. Raises DocumentError when it cannot be read."""
    problems = Problems()
    node = parse("document", text, problems)
    problems.raise_if_any()
    plain = node.plain() if node is not None else {}
    return plain if isinstance(plain, dict) else {}


def same(one: object, other: object) -> bool:
    """Whether two values say the same; 1, 1.0 and true are three different things, the order of keys is nothing."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same(below, other[key]) for key, below in one.items())
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case _:
            return type(one) is type(other) and one == other


class _Amender:
    """Collects cuts for one text: (start, end, what stands there instead), applied together at the end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = spans_of(text)
        self._style = _style_of(text, self._root)
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._cuts: list[tuple[int, int, str]] = []

    def amend(self, before: Data, wanted: Data) -> str:
        if isinstance(self._root, MappingSpan) and self._root.entries:
            self._mapping(self._root, before, wanted)
        elif isinstance(self._root, MappingSpan):
            self._cut(self._root.start, self._root.end, self._joined(block(wanted, self._style, 0)))
        else:
            self._lines(len(self._text), block(wanted, self._style, 0))
        return self._applied()

    # What is to be done -----------------------------------------------------------------------------------------------

    def _value(self, slot: _Slot, before: object, wanted: object) -> None:
        span = slot.span
        match span, before, wanted:
            case _ if same(before, wanted):
                return
            case MappingSpan(entries=[_, *_]), dict(), dict() if before.keys() & wanted.keys():
                self._mapping(span, before, wanted)
            case SequenceSpan(items=[_, *_]), list(), list() if wanted:
                self._sequence(span, before, wanted)
            case ((Leaf() | MappingSpan()), _, [first, *rest]) if rest and same(before, first):
                self._wrap(span, rest)
            case _:
                self._replace(slot, wanted)

    def _mapping(self, span: MappingSpan, before: Data, wanted: Data) -> None:
        entries = {each.name: each for each in span.entries}
        kept = [each for each in span.entries if each.name in wanted]
        if span.flow and not kept:
            self._cut(span.start, span.end, inline(wanted))
            return
        column = self._column(span.entries[0].key.start)
        for name in [name for name in before if name not in wanted]:
            self._drop_entry(span, entries[name], behind=bool(kept) and entries[name].key.start > kept[0].key.start)
        last = kept[0] if kept else span.entries[0]
        for name, value in wanted.items():
            if name in entries:
                last = entries[name]
                self._value(_Slot(last.value, last.after, None if span.flow else column), before[name], value)
            elif span.flow:
                self._cut(last.value.end, last.value.end, f", {inline({name: value})[1:-1]}")
            else:
                lines = indented(entry(name, value, self._style, column), column)
                self._lines(last.value.end, [*self._apart_at_top(span), *lines])

    def _sequence(self, span: SequenceSpan, before: list[Any], wanted: list[Any]) -> None:
        start, end = _common(before, wanted)
        shared = min(len(before), len(wanted)) - end
        for number in range(start, shared):
            self._value(self._slot_of(span, number), before[number], wanted[number])
        for number in range(shared, len(before) - end):
            self._drop_item(span, number, behind=shared > 0)
        added = wanted[shared : len(wanted) - end]
        if added:
            self._add_items(span, shared, added)

    def _slot_of(self, span: SequenceSpan, number: int) -> _Slot:
        if span.flow:
            return _Slot(span.items[number], span.items[number].start - 1, None)
        return _Slot(span.items[number], span.dashes[number] + 1, self._column(span.dashes[number]), of_list=True)

    def _add_items(self, span: SequenceSpan, number: int, added: list[Any]) -> None:
        if span.flow:
            texts = ", ".join(map(inline, added))
            at, text = (span.items[number - 1].end, f", {texts}") if number else (span.items[0].start, f"{texts}, ")
            self._cut(at, at, text)
            return
        column = self._column(span.dashes[0])
        apart = [""] if self._apart(span) else []
        lines = [line for value in added for line in (*apart, *indented(item(value, self._style, column), column))]
        if number:
            self._lines(span.items[number - 1].end, lines)
        elif self._first_in_line(span.dashes[0]):
            start = self._line_start(span.dashes[0])
            self._cut(start, start, self._joined([*lines[len(apart) :], *apart]) + self._newline)
        else:
            raise self._refusal(span.start)

    def _wrap(self, span: Leaf | MappingSpan, rest: list[Any]) -> None:
        """Make a list of a lone value and more, without writing the lone value anew."""
        if isinstance(span, Leaf) or span.flow:
            self._cut(span.start, span.start, "[")
            self._cut(span.end, span.end, f", {', '.join(map(inline, rest))}]")
            return
        start, column = span.entries[0].key.start, self._column(span.entries[0].key.start)
        self._cut(start, start, "- ")
        for found in _BREAK.finditer(self._text, start, span.end):
            if found.end() < span.end:
                self._cut(found.end(), found.end(), "  ")
        lines = [line for value in rest for line in indented(item(value, self._style, column), column)]
        self._lines(span.end, lines)

    # How it is done ---------------------------------------------------------------------------------------------------

    def _replace(self, slot: _Slot, wanted: object) -> None:
        """Write another value in the place of one: in its line if it fits there, else in lines of its own."""
        span, end = slot.span, self._trimmed(slot.span)
        lines = [inline(wanted)] if slot.column is None else self._written(slot, slot.column, wanted)
        below = not isinstance(span, Leaf) and not span.flow and self._has_break(slot.after, span.start)
        if len(lines) == 1 and below:
            self._cut(slot.after, slot.after, f" {lines[0]}")
            self._drop_lines(span.start, span.end)
        elif len(lines) == 1:
            self._cut(span.start, end, f"{self._gap(slot)}{lines[0]}")
        elif slot.of_list:
            self._clear(slot.after, span.start)
            self._cut(slot.after, end, f" {self._joined(lines).lstrip()}")
        elif below:
            self._cut(self._line_start(span.start), end, self._joined(lines))
        else:
            self._clear(slot.after, span.start)
            self._cut(slot.after, end, "")
            self._lines(span.end, lines)

    def _written(self, slot: _Slot, column: int, wanted: object) -> list[str]:
        """Return a value in the lines that it takes behind a key or dash at a column; one alone is not indented."""
        if slot.of_list:
            lines = item(wanted, self._style, column)
            return (
                [lines[0].removeprefix("- ")]
                if len(lines) == 1
                else indented(["  " + lines[0][2:], *lines[1:]], column)
            )
        name = self._text[self._line_start(slot.after) + column : slot.after - 1]
        narrow = replace(self._style, width=self._style.width + len("key") - len(name))
        first, *rest = entry("key", wanted, narrow, column)
        return indented(rest, column) if rest else [first.removeprefix("key: ")]

    def _gap(self, slot: _Slot) -> str:
        if slot.span.start > slot.after:
            return ""
        return " " if self._text[slot.after - 1 : slot.after] in {":", "-"} else ": "

    def _drop_entry(self, span: MappingSpan, gone: Entry, *, behind: bool) -> None:
        number = span.entries.index(gone)
        if span.flow:
            self._drop_flow([(each.key.start, each.value.end) for each in span.entries], number, behind=behind)
        elif self._first_in_line(gone.key.start):
            self._drop_lines(gone.key.start, gone.value.end)
        else:
            following = span.entries[number + 1].key.start if number + 1 < len(span.entries) else gone.value.end
            self._clear(gone.value.end, following)
            self._cut(gone.key.start, following, "")

    def _drop_item(self, span: SequenceSpan, number: int, *, behind: bool) -> None:
        if span.flow:
            self._drop_flow([(each.start, each.end) for each in span.items], number, behind=behind)
            return
        dash = span.dashes[number]
        if not self._first_in_line(dash):
            raise self._refusal(dash)
        end = max(span.items[number].end, dash + 1)
        self._drop_lines(dash, end, comments=number > 0)

    def _drop_flow(self, places: Sequence[tuple[int, int]], number: int, *, behind: bool) -> None:
        """Take one out of brackets or braces: with the comma before it if it is behind one that stays, or the next."""
        start, end = places[number]
        if behind:
            self._clear(places[number - 1][1], start)
            self._cut(places[number - 1][1], end, "")
        else:
            self._clear(end, places[number + 1][0])
            self._cut(start, places[number + 1][0], "")

    def _drop_lines(self, start: int, end: int, *, comments: bool = False) -> None:
        """Take out whole lines; with `comments`, those too that stand right above, at the same column."""
        first = self._line_start(start)
        margin = self._text[first:start]
        while comments and first:
            above = self._line_start(first - 1)
            if not self._text[above:first].startswith(f"{margin}#"):
                break
            first = above
        self._cut(first, self._next_line(end), "")

    def _lines(self, end: int, lines: Sequence[str]) -> None:
        """Insert lines below the line in which something ends."""
        at = self._next_line(end)
        if at and not self._text[:at].endswith(("\n", "\r")):
            self._cut(at, at, self._newline + self._joined(lines))
        else:
            self._cut(at, at, self._joined(lines) + self._newline)

    def _cut(self, start: int, end: int, text: str) -> None:
        self._cuts.append((start, end, text))

    def _applied(self) -> str:
        pieces: list[str] = []
        position = 0
        for start, end, text in sorted(self._cuts, key=lambda cut: cut[:2]):
            if start < position:
                raise self._refusal(start)
            pieces += (self._text[position:start], text)
            position = end
        return "".join((*pieces, self._text[position:]))

    # Where things are -------------------------------------------------------------------------------------------------

    def _joined(self, lines: Sequence[str]) -> str:
        return self._newline.join(lines)

    def _line_start(self, position: int) -> int:
        return max(self._text.rfind("\n", 0, position), self._text.rfind("\r", 0, position)) + 1

    def _next_line(self, position: int) -> int:
        """Return where the line after a position begins; the position itself if it is the beginning of a line."""
        if position and self._text[position - 1] in "\r\n":
            return position
        found = _BREAK.search(self._text, position)
        return found.end() if found else len(self._text)

    def _column(self, position: int) -> int:
        return position - self._line_start(position)

    def _first_in_line(self, position: int) -> bool:
        return not self._text[self._line_start(position) : position].strip(" ")

    def _has_break(self, start: int, end: int) -> bool:
        return _BREAK.search(self._text, start, end) is not None

    def _trimmed(self, span: Span) -> int:
        """Return where a value ends, without the line break that ends a block of text."""
        end = span.end
        while end > span.start and self._text[end - 1] in "\r\n":
            end -= 1
        return end

    def _apart(self, span: SequenceSpan) -> bool:
        """Whether blank lines stand between the items of a list."""
        gaps = ((one.end, dash) for one, dash in zip(span.items, span.dashes[1:], strict=False))
        return any(self._blank_line(start, end) for start, end in gaps)

    def _apart_at_top(self, span: MappingSpan) -> list[str]:
        """Return the blank line before a new section, if the sections of the document have such lines between them."""
        gaps = pairwise(span.entries) if span is self._root else ()
        return [""] if any(self._blank_line(one.value.end, other.key.start) for one, other in gaps) else []

    def _blank_line(self, start: int, end: int) -> bool:
        return _BLANK_LINE.search(self._text, max(start - 1, 0), end) is not None

    def _clear(self, start: int, end: int) -> None:
        """Refuse to cut away a comment."""
        if "#" in self._text[start:end]:
            raise self._refusal(start)

    def _refusal(self, position: int) -> EditError:
        line = len(_BREAK.findall(self._text[:position])) + 1
        return EditError(f"line {line} cannot be changed without touching what stands beside it; edit it by hand")


@dataclass(frozen=True, slots=True)
class _Slot:
    """The place of a value: where its colon or dash ends, and the column of its key or dash (None: in brackets)."""

    span: Span
    after: int
    column: int | None
    of_list: bool = False


def _common(one: list[Any], other: list[Any]) -> tuple[int, int]:
    """Return how many items two lists share at the beginning and at the end."""
    most = min(len(one), len(other))
    start = next((number for number in range(most) if not same(one[number], other[number])), most)
    left = most - start
    end = next((number for number in range(left) if not same(one[-1 - number], other[-1 - number])), left)
    return start, end


def _style_of(text: str, root: Span | None) -> Style:
    """Return how far this document indents, from the first places that show it."""
    step, offset = HOUSE.step, HOUSE.offset
    waiting: list[tuple[int, Span]] = [(-1, root)] if root is not None else []
    steps: list[int] = []
    offsets: list[int] = []
    while waiting:
        column, span = waiting.pop()
        if isinstance(span, MappingSpan) and not span.flow:
            own = _column_in(text, span.entries[0].key.start)
            steps += [own - column] if column >= 0 else []
            waiting += [(own, each.value) for each in reversed(span.entries)]
        elif isinstance(span, SequenceSpan) and not span.flow:
            own = _column_in(text, span.dashes[0])
            offsets += [own - column] if column >= 0 else []
            waiting += [(-1, each) for each in reversed(span.items)]
    return Style(next(iter(steps), step), next(iter(offsets), offset))


def _column_in(text: str, position: int) -> int:
    return position - max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) - 1
