"""Changes to input, led by a chance: some know JSON and xAPI, some only bytes. One row of a table per change.

The chance is handed in: libFuzzer's seed during a hunt, a draw of hypothesis in the tests.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any, TypeVar

from support.bridges import voiding
from trials.fuzz import payloads, seeds

#: A place in a tree: the dict or list that holds it, and its key or index there.
Place = tuple[Any, Any]
_DEEPEST = 400
Row = TypeVar("Row")


def mutated(data: bytes, chance: Random) -> bytes:
    """Some changes at once; mostly to what the statements say, sometimes to the bytes that say it."""
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        data = _row(_BYTES, chance)(data, chance) if chance.random() < 0.15 else _in_lines(data, chance)
    return data


def _row(table: Sequence[Row], chance: Random) -> Row:
    return table[chance.randrange(len(table))]


def _in_lines(data: bytes, chance: Random) -> bytes:
    lines = data.split(b"\n")
    place = chance.randrange(len(lines))
    if chance.random() < 0.1:
        lines = _row(_LINES, chance)(lines, place, chance)
        return b"\n".join(lines)
    try:
        tree = [json.loads(lines[place])]
    except (ValueError, RecursionError):
        return _row(_BYTES, chance)(data, chance)
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = list(_places(tree)) or [(tree := [{}], 0)]
        _row(_TREES, chance)(tree, places[chance.randrange(len(places))], chance)
    lines[place] = _written(tree[0] if tree else {}, chance)
    return b"\n".join(lines)


def _places(tree: Any, depth: int = 0) -> Iterator[Place]:
    pairs = enumerate(tree) if isinstance(tree, list) else tree.items() if isinstance(tree, dict) else ()
    for key, value in pairs:
        yield tree, key
        if depth < _DEEPEST:
            yield from _places(value, depth + 1)


def _written(tree: Any, chance: Random) -> bytes:
    """As some server may write it; half a surrogate pair becomes bytes that are no UTF-8, or an escape."""
    try:
        plain = chance.random() < 0.5
        text = json.dumps(tree, ensure_ascii=plain, separators=(",", ":"))
    except RecursionError:
        return b"{}"
    return _row(_STYLES, chance)(text, chance).encode("utf-8", "surrogatepass")


def _twice(text: str, chance: Random) -> str:
    """A key that is given twice, with the same value or another one."""
    key = chance.choice(payloads.PROPERTIES)
    value = json.dumps(chance.choice(payloads.TEXTS))
    return text.replace(f'"{key}":', f'"{key}":{value},"{key}":', 1)


def _with_escapes(text: str, chance: Random) -> str:
    """Letters as escapes, as some servers send them."""
    letter = chance.choice("aeinot/:")
    return text.replace(letter, f"\\u{ord(letter):04X}") if letter != "u" else text


_STYLES: tuple[Callable[[str, Random], str], ...] = (
    lambda text, _: text,
    lambda text, _: text,
    lambda text, _: text,
    _twice,
    _with_escapes,
    lambda text, _: text.replace(",", " ,\t\r"),
)


def _replace(_tree: Any, place: Place, chance: Random) -> None:
    place[0][place[1]] = payloads.value(chance)


def _hostile_text(_tree: Any, place: Place, chance: Random) -> None:
    """A text around or instead of one that was there: what is accepted then is shown."""
    value, text = place[0][place[1]], chance.choice(payloads.TEXTS)
    if isinstance(value, str):
        place[0][place[1]] = _row((text, value + text, text + value), chance)
    else:
        _hostile_names(_tree, place, chance)


def _hostile_names(tree: Any, _place: Place, chance: Random) -> None:
    """Every name in the statement, so that one accepted statement fills the pages."""
    for holder, key in list(_places(tree)):
        if isinstance(holder[key], str) and key not in {"id", "timestamp", "stored", "objectType", "mbox", "type"}:
            holder[key] = chance.choice(payloads.TEXTS)


def _hostile_address(tree: Any, _place: Place, chance: Random) -> None:
    """An activity whose id is not what an id should be."""
    for holder, key in list(_places(tree)):
        if key == "object" and isinstance(holder[key], dict):
            holder[key]["id"] = chance.choice((*payloads.IRIS, *payloads.TEXTS))


def _delete(_tree: Any, place: Place, _chance: Random) -> None:
    del place[0][place[1]]


def _add(_tree: Any, place: Place, chance: Random) -> None:
    target = place[0][place[1]]
    if isinstance(target, dict):
        target[chance.choice(payloads.PROPERTIES)] = payloads.value(chance)
    elif isinstance(target, list):
        target.append(payloads.value(chance))


def _borrow(_tree: Any, place: Place, chance: Random) -> None:
    """A part of another statement: the same property of it, or any."""
    other = [chance.choice(seeds.statements())]
    places = list(_places(other))
    same = [each for each in places if each[1] == place[1]] or places
    holder, key = same[chance.randrange(len(same))]
    place[0][place[1]] = deepcopy(holder[key])


def _rename(_tree: Any, place: Place, chance: Random) -> None:
    holder, key = place
    if isinstance(holder, dict):
        holder[chance.choice((*payloads.PROPERTIES, *payloads.TEXTS))] = holder.pop(key)


def _mend(tree: Any, _place: Place, chance: Random) -> None:
    """Make it acceptable again where it is broken most often, so that what else is odd gets further."""
    if tree and isinstance(tree[0], dict):
        tree[0].update(deepcopy(_row(_MENDED, chance)))


_MENDED: tuple[dict[str, Any], ...] = (
    {"actor": {"mbox": "mailto:ada@example.org"}},
    {"timestamp": "2026-03-01T10:00:00Z"},
    {"verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}, "actor": {"mbox": "mailto:ada@example.org"}},
    {"object": {"id": "https://lms.example.org/course/view.php?id=42", "definition": {"name": {"en": "Excel"}}}},
    {"id": seeds.identifier(1)},
    {"id": seeds.identifier(2)},
    {"actor": {"mbox": "mailto:ada@example.org"}, "result": {"score": {"raw": 5, "max": 10}, "success": True}},
)
#: Changes to what a statement says.
_TREES: tuple[Callable[[Any, Place, Random], None], ...] = (
    _replace,
    _replace,
    _hostile_text,
    _hostile_text,
    _hostile_names,
    _hostile_address,
    _delete,
    _add,
    _add,
    _borrow,
    _borrow,
    _rename,
    _mend,
    _mend,
    _mend,
)

Lines = list[bytes]
#: Changes to which statements come together.
_LINES: tuple[Callable[[Lines, int, Random], Lines], ...] = (
    lambda lines, place, _: [*lines, lines[place]],
    lambda lines, place, _: lines[:place] + lines[place + 1 :] or [b""],
    lambda lines, _, chance: [*lines, seeds.line(chance.choice(seeds.statements()))],
    lambda lines, place, chance: [*lines, seeds.line(_voider(lines[place], chance))],
    lambda lines, _, chance: chance.sample(lines, len(lines)),
    lambda lines, _, __: [b"[" + b",".join(lines) + b"]"],
    lambda lines, _, __: [b'{"statements":[' + b",".join(lines) + b'],"more":""}'],
)


def _voider(target: bytes, chance: Random) -> Any:
    try:
        own = json.loads(target).get("id")
    except (ValueError, AttributeError, RecursionError):
        own = None
    return voiding(own or seeds.identifier(1), id=seeds.identifier(chance.randrange(10)))


def _cut(data: bytes, chance: Random) -> tuple[bytes, bytes, bytes]:
    """Before, a piece of some bytes, and after."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 1, 2, 4, 16, 200)))
    return data[:start], data[start:end], data[end:]


def _overwrite(data: bytes, chance: Random) -> bytes:
    before, piece, after = _cut(data, chance)
    return before + bytes(chance.randrange(256) for _ in piece) + after


def _insert(data: bytes, chance: Random) -> bytes:
    before, piece, after = _cut(data, chance)
    return before + _row(_PIECES, chance) + piece + after


def _lose(data: bytes, chance: Random) -> bytes:
    before, _, after = _cut(data, chance)
    return before + after


def _repeat(data: bytes, chance: Random) -> bytes:
    before, piece, after = _cut(data, chance)
    return before + piece * chance.choice((2, 3, 50)) + after


_PIECES = (
    b"\x00", b"\\u0000", b"\\ud800", b"\\udc00\\ud800", b"\xed\xa0\x80", b"\xff", b"\xef\xbb\xbf", b"\xc0\x80", b"\n",
    b"\r", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"9" * 400, b"1e999", b"-", b"NaN", b"/**/",
    b"\xf4\x90\x80\x80", b"\\u0022", b"\x1f\x8b", b"[" * 2000, b'{"a":' * 2000, payloads.MARK.encode(),
)  # fmt: skip  # a list to look at, not to read
#: Changes to the bytes.
_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _overwrite,
    _insert,
    _insert,
    _lose,
    _repeat,
    lambda data, _: gzip.compress(data, mtime=0),
)
