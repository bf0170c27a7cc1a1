"""Why a body cannot be read, as a sentence for the administrator who finds it in quarantine.

Where it stands: behind `decode_statement`. The decoder's own words are for programmers; these name the property by its
path, what it should be and what kind of thing it is, and never a value out of the body.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

NESTED_TOO_DEEPLY: Final = "it is nested too deeply to be read"
NOT_UTF8: Final = "it is not JSON: byte {} is not UTF-8"
NUL: Final = "{} contains a NUL character, which no database can keep as text"

_KINDS: Final[Mapping[str, str]] = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
# The decoder's texts (msgspec), the first that fits; what they quote is a path, a type or a position.
_WRONG_TYPE: Final = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")
_MISSING: Final = re.compile(r"Object missing required field `([^`]*)`")
_PLACE: Final = re.compile(r" - at `\$\.?([^`]*)`$")
_MALFORMED: Final = re.compile(r"JSON is malformed: (.*?)(?: \(byte (\d+)\))?$")
_MALFORMATIONS: Final[Mapping[str, str]] = {
    "trailing characters": "something follows after its end",
    "object keys must be strings": "the name of a property must be a text in quotes",
    "trailing comma in object": "a comma has nothing after it",
    "trailing comma in array": "a comma has nothing after it",
    "expected ':'": "a colon is missing",
    "expected ',' or '}'": "a comma or a closing bracket is missing",
    "expected ',' or ']'": "a comma or a closing bracket is missing",
    "invalid number": "a number is not written as JSON wants it",
    "invalid escaped character": "a backslash stands before a character that needs none",
    "invalid utf-8 encoding": "bytes are not UTF-8",
}
_PAIR: Final = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_SURROGATE: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
#: Names that statements give to properties; any other could be somebody's own, and is not shown.
_KNOWN: Final = (
    "account actor authority attachments category completion context contextActivities contextAgents contextGroups"
    " contentType correctResponsesPattern definition description display duration extensions fileUrl grouping homePage"
    " id instructor interactionType language length max mbox mbox_sha1sum member min moreInfo name object objectType"
    " openid other parent platform raw registration response result revision scaled score sha2 statement stored success"
    " team timestamp type usageType verb version"
)
_NAMES: Final = frozenset(_KNOWN.split())
_MAPS: Final = frozenset({"extensions", "name", "display", "description"})


def misshapen(error: msgspec.ValidationError) -> str:
    """JSON, but not of the shape of a statement: which property, what it should be, what it is."""
    text = str(error)
    place = _PLACE.search(text)
    path = place[1] if place else ""
    if found := _MISSING.match(text):
        return f"{path}.{found[1]} is missing".removeprefix(".")
    if found := _WRONG_TYPE.match(text):
        what = f"{path} must be" if path else "a statement must be"
        return f"{what} {_expected(found[1])}, and is {_KINDS.get(found[2], 'something else')}"
    if text.startswith("Number out of range"):
        return f"{path} is a number that is too large"
    return f"{path or 'the statement'} cannot be read"


def no_json(error: msgspec.DecodeError | UnicodeError, body: bytes) -> str:
    """Not even JSON: what is wrong, and at which byte (counted from 0)."""
    if isinstance(error, UnicodeDecodeError):
        return NOT_UTF8.format(error.start)
    text = str(error)
    if _SURROGATE.search(_PAIR.sub(b"", body)):
        return "it is not JSON: a text contains half of a surrogate pair (\\uD800 to \\uDFFF must come in twos)"
    if found := _MALFORMED.match(text):
        what = _MALFORMATIONS.get(found[1], "a character does not belong there")
        return f"it is not JSON: {what}" + (f" (byte {found[2]})" if found[2] else "")
    if "truncated" in text:
        return "it is not JSON: it breaks off before its end"
    return "it is not JSON: it holds a number that is too large" if "range" in text else "it is not JSON"


def path_to_nul(value: object, path: str = "") -> str | None:
    """Where in decoded JSON the first NUL character is, as `result.response`; None if there is none.

    Keys of extensions and of language maps are shown as `[…]`: they could say anything.
    """
    match value:
        case str():
            return (path or "the statement") if "\0" in value else None
        case dict():
            in_map = path.rpartition(".")[2] in _MAPS
            steps = ((_step(path, key, in_map=in_map), key, item) for key, item in value.items())
            return next(
                (at for step, key, item in steps if (at := step if "\0" in key else path_to_nul(item, step))), None
            )
        case list():
            items = (path_to_nul(item, f"{path}[{number}]") for number, item in enumerate(value))
            return next((at for at in items if at), None)
        case _:
            return None


def _step(path: str, key: str, *, in_map: bool) -> str:
    if in_map or key not in _NAMES:
        return f"{path}[…]"
    return f"{path}.{key}" if path else key


def _expected(types: str) -> str:
    return " or ".join(_KINDS.get(kind, kind) for kind in types.split(" | ") if kind != "null")
