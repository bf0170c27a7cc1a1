"""How a set of documents is changed: in its data, its lines, its words, or its bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

from lrs_bridge_rules.documents.changing.amending import data_of
from lrs_bridge_rules.documents.printing import Style, to_yaml
from lrs_bridge_rules.errors import DocumentError
from trials.documents import seeds

_WORD = re.compile(r"[\w./:-]+")
_TOKENS = (
    "&a ", "*a", "!!x ", "!x ", "<<: ", "? ", "| ", "|+\n", ">-\n", "[", "]", "{", "}", ", ", ": ", "- ", "#", " #",
    "'", '"', "\\", "\\x00", "\\ud800", "\t", "\n", "\r\n", "\n\n", "---\n", "...\n", "%YAML 1.2\n", "\ufeff", "\u2028",
    "\x85", "\x00", "~", "null", "true", "no", "0x1F", "012", "1e999", "9" * 40, ".inf", "-", "2027-13-01",
    "9999-12-31", "0001-01-01", "[" * 40, "{a: " * 40, "x" * 3000, "=== more.yaml\n", "=== q.json\n", "99999d",
    "P9999999Y", "$..*", "$[", "*" * 50, "{list: ours}", "{activity!r}", "any: [", "not: {", "/" * 20, "\U0001f393",
    "ß", "İ", "\ud800",
)  # fmt: skip  # a list to look at, not to read
_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**17, "", "x", "no", [], {}, [[]], {"a": {}}, {"list": "ours"}, ["x"] * 50, "1e400", "*",
    "45min", "2026-03-01", {"present": True}, {"any": [{"verb": "passed"}]}, "urn:x:y", "passed", "course",
    {"when": {"verb": "passed"}, "reason": "r"},
)  # fmt: skip


def mutated(data: bytes, chance: Random) -> bytes:
    """Change it in one to four ways."""
    text = data.decode("utf-8", "surrogateescape")
    for _ in range(chance.choice((1, 1, 1, 3))):
        text = chance.choice(_CHANGES)(text, chance)
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _of_data(text: str, chance: Random) -> str:
    """Another value somewhere in what the first document says, printed in some style."""
    first, mark, rest = text.partition("\n=== ")
    try:
        said = data_of(first)
    except DocumentError:
        return _of_lines(text, chance)
    places = list(_places(said))
    if places:
        holder, key = chance.choice(places)
        holder[key] = chance.choice(_VALUES) if chance.random() < 0.6 else chance.choice(places)[0]
    try:
        return (
            to_yaml(said, Style(chance.choice((1, 2, 4)), chance.choice((0, 2)), chance.choice((20, 120))))
            + mark
            + rest
        )
    except (ValueError, RecursionError):  # one part in itself
        return text


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in data, as holder and key; a part that holds itself is looked into once."""
    found: list[tuple[Any, Any]] = []
    waiting, seen = [value], set[int]()
    while waiting:
        holder = waiting.pop()
        if id(holder) in seen or not isinstance(holder, dict | list):
            continue
        seen.add(id(holder))
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        found += [(holder, key) for key in keys]
        waiting += [holder[key] for key in keys]
    return found


def _of_lines(text: str, chance: Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines[at:at] = lines[at : at + chance.randrange(1, 6)]
        case 2:
            lines[at] = " " * chance.randrange(6) + lines[at].lstrip()
        case 3:
            lines[at], lines[-1 - at] = lines[-1 - at], lines[at]
        case 4:
            other = chance.choice(seeds.corpus()).split("\n")
            start = chance.randrange(len(other))
            lines[at:at] = other[start : start + chance.randrange(1, 12)]
        case _:
            lines[at] = f"# {lines[at]}"
    return "\n".join(lines)


def _of_words(text: str, chance: Random) -> str:
    """A word in the place of another one, of this text or of any."""
    words = [*_WORD.finditer(text)]
    if not words:
        return _of_tokens(text, chance)
    from_seed = _WORD.findall(chance.choice(seeds.corpus())) or ["x"]
    other = chance.choice((chance.choice(words)[0], chance.choice(from_seed), chance.choice(_TOKENS)))
    gone = chance.choice(words)
    return text[: gone.start()] + other + text[gone.end() :]


def _of_tokens(text: str, chance: Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_TOKENS) + text[at + chance.choice((0, 0, 1, 4)) :]


def _of_pieces(text: str, chance: Random) -> str:
    """Some of it lost or repeated."""
    at = chance.randrange(len(text) + 1)
    piece = text[at : at + chance.choice((1, 10, 300))]
    return text[:at] + piece * chance.choice((0, 2, 2, 30)) + text[at + len(piece) :]


_CHANGES: tuple[Callable[[str, Random], str], ...] = (
    _of_data, _of_data, _of_data, _of_lines, _of_lines, _of_words, _of_words, _of_tokens, _of_tokens, _of_pieces,
)  # fmt: skip
