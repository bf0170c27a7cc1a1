"""What is wrong with a text that is no YAML, in words for people who write rules and no parsers.

PyYAML names what its scanner missed; the tables here say what the author most probably did, where, and what to do.
libyaml and the parser in Python word the same mistake differently: each row holds a piece of both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Mark(Protocol):
    """A position as PyYAML gives it, counted from 0; its two parsers have a class each."""

    line: int
    column: int


class SyntaxMistake(Protocol):
    """What PyYAML tells about a mistake."""

    @property
    def context(self) -> str | None: ...

    @property
    def context_mark(self) -> Mark | None: ...

    @property
    def problem(self) -> str | None: ...

    @property
    def problem_mark(self) -> Mark | None: ...


@dataclass(frozen=True, slots=True)
class Explained:
    """A mistake in plain words, at a place counted from 1."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class _Scene:
    """The text around a mistake."""

    lines: list[str]
    at: Mark
    opened: Mark | None

    @property
    def line(self) -> str:
        return self.lines[self.at.line] if self.at.line < len(self.lines) else ""

    @property
    def character(self) -> str:
        return self.line[self.at.column : self.at.column + 1]

    @property
    def ended(self) -> bool:
        """Whether nothing but white space follows."""
        return not any(line.strip() for line in (self.line[self.at.column :], *self.lines[self.at.line + 1 :]))

    @property
    def last(self) -> Mark:
        """Where the last character stands that is no white space."""
        number = max((number for number, line in enumerate(self.lines) if line.strip()), default=0)
        return _Position(number, len(self.lines[number].rstrip()) - 1)


@dataclass(slots=True)
class _Position:
    line: int
    column: int


#: Characters that YAML does not know, and surrogates, which no encoding knows.
_FORBIDDEN: Final = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK: Final = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


def forbidden_character(text: str) -> Explained | None:
    """Return where a text holds a character that YAML does not allow, None when it holds none."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    before = _BREAK.split(text[: found.start()])
    name = f"U+{ord(found[0]):04X}"
    return Explained(len(before), len(before[-1]) + 1, f"the character {name} is not allowed in YAML; remove it")


def explained(error: SyntaxMistake, text: str) -> Explained:
    """Return what is wrong, and where an author should look."""
    at = error.problem_mark or error.context_mark
    if at is None:
        return Explained(1, 1, f"not YAML: {error.problem or error.context}")
    scene = _Scene(_BREAK.split(text), at, error.context_mark)
    told = f"{error.problem} {error.context}"
    for pieces, say in _SAYINGS:
        if any(piece in told for piece in pieces):
            mark, message = say(scene)
            return Explained(mark.line + 1, mark.column + 1, message)
    return Explained(at.line + 1, at.column + 1, f"not YAML: {error.problem or error.context}")


_Said = tuple[Mark, str]


def _quote(scene: _Scene) -> _Said:
    opened = scene.opened or scene.at
    line = scene.lines[opened.line] if opened.line < len(scene.lines) else ""
    mark = line[opened.column : opened.column + 1] or '"'
    return opened, f"the text that begins here is never closed; end it with {mark}"


def _start(scene: _Scene) -> _Said:
    if scene.character == "\t":
        return _tab(scene)
    return scene.at, f"a text cannot begin with {scene.character!r}; put it in quotes"


def _tab(scene: _Scene) -> _Said:
    return scene.at, "a tab cannot indent; use spaces"


def _colon(scene: _Scene) -> _Said:
    before = scene.line[: scene.at.column]
    if ": " in before or before.lstrip("- ").startswith(("'", '"')):
        return scene.at, "a second colon in one entry; put the text that holds it in quotes"
    return scene.at, "a key is not expected here; is the colon missing above, or is this line indented too far?"


def _key(scene: _Scene) -> _Said:
    if scene.line[: scene.at.column].strip():
        return (
            scene.at,
            "nothing is expected here after a closed quote or bracket; is it closed too early, or one before too late?",
        )
    if scene.character == "-":
        return scene.at, "an item of a list is not expected here; indent it below the key that it belongs to"
    return scene.at, f"this line does not line up with the keys before it (column {_column(scene)})"


def _item(scene: _Scene) -> _Said:
    return scene.at, f"this line is neither an item of the list (- in column {_column(scene)}) nor a part of one"


def _column(scene: _Scene) -> int:
    return (scene.opened or scene.at).column + 1


def _open(what: str, closing: str) -> Callable[[_Scene], _Said]:
    def say(scene: _Scene) -> _Said:
        if scene.ended and scene.opened is not None:
            return scene.opened, f"the {what} that begins here is never closed; end it with {closing}"
        began = f"line {scene.opened.line + 1}" if scene.opened is not None else "this line"
        return scene.at, f"a comma or {closing} is missing before this, in the {what} that begins in {began}"

    return say


def _content(scene: _Scene) -> _Said:
    if scene.ended:
        return scene.last, "the text ends in the middle of a list or mapping; close it with ] or }"
    return scene.at, f"a value is expected here, not {scene.character!r}"


def _fixed(message: str) -> Callable[[_Scene], _Said]:
    return lambda scene: (scene.at, message)


#: Pieces of what PyYAML says → what to tell; the first row that fits.
_SAYINGS: Final[tuple[tuple[tuple[str, ...], Callable[[_Scene], _Said]], ...]] = (
    (("found unexpected end of stream",), _quote),
    (("found unexpected document",), _quote),
    (("tab character that violates indentation", "tab character where"), _tab),
    (("cannot start any token",), _start),
    (("mapping values are not allowed",), _colon),
    (
        ("could not find expected ':'",),
        _fixed("a key is begun here and its colon is missing; keys stand in one line, with a colon and a space"),
    ),
    (("keys are not allowed",), _fixed("a question mark with a space begins a key; put the text in quotes")),
    (
        ("sequence entries are not allowed",),
        _fixed("a list begins in a line of its own; move - to the next line, or put the text in quotes"),
    ),
    (
        ("unknown escape character",),
        _fixed(r"a backslash in double quotes begins an escape; write \\ or use single quotes"),
    ),
    (
        ("hexdecimal number", "hexadecimal numbers", "Unicode character escape code"),
        _fixed(r"an escape such as \u00e9 names a character with four digits of 0-9 and a-f"),
    ),
    (
        ("scanning an alias", "scanning an anchor"),
        _fixed("a text cannot begin with * or &, which name anchors; put it in quotes"),
    ),
    (("flow sequence",), _open("list", "]")),
    (("flow mapping",), _open("mapping", "}")),
    (("scanning a block scalar",), _fixed("after | or > the text begins in the next line, indented")),
    (("expected key", "parsing a block mapping"), _key),
    (("block collection", "'-' indicator"), _item),
    (("node content",), _content),
    (("<document start>",), _fixed("the document is over here; one text holds one document")),
    (("YAML document", "directive"), _fixed("a line that begins with % is not needed here; remove it")),
    ((" tag", "tag "), _fixed("tags (a word after !) are not allowed here")),
)
