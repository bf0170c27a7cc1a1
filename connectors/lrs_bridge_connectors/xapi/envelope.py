"""One page as it came over the wire: the statements as raw bytes, and `more`.

Where it stands: between `HttpClient` and `XapiSource`. The body is decoded once, to an envelope (StatementResult, xAPI
1.0.3 Data 2.5) whose statements stay bytes. One broken statement among good ones is cut out and passed on as it is;
`salvage.py` helps where it was cut off, so that its brackets do not match.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from lrs_bridge_connectors.http import Answer
from lrs_bridge_connectors.record import UNDECODABLE
from lrs_bridge_connectors.split import ArraySplitter
from lrs_bridge_connectors.xapi.salvage import Tries, end_of, salvage

BOM = b"\xef\xbb\xbf"
BOUNDARY = re.compile(r'boundary="?([^";,]+)', re.IGNORECASE)
# How a StatementResult begins, up to and including the bracket of its statements; `more` may stand before them.
RESULT_START = re.compile(rb'\s*\{\s*(?:"more"\s*:\s*(?:null|"(?:[^"\\]|\\.)*")\s*,\s*)?"statements"\s*:\s*\[')
ARRAY_START = re.compile(rb"\s*\[")


@dataclass(frozen=True, slots=True)
class Envelope:
    """The statements of one page, each its JSON text as received, and the link to the next page as sent."""

    statements: tuple[bytes, ...]
    more: str | None


class _Result(msgspec.Struct):
    statements: list[msgspec.Raw]
    more: str | None = None


_decode_result = msgspec.json.Decoder(_Result).decode
_decode_piece = msgspec.json.Decoder(msgspec.Raw).decode
_decode_array = msgspec.json.Decoder(list[msgspec.Raw]).decode


def open_envelope(answer: Answer) -> Envelope:
    """Raises ValueError with what came instead of a page; its text quotes nothing of the body."""
    body = json_part(answer).removeprefix(BOM)
    if body.lstrip()[:1] == b"<":
        raise ValueError("a web page (HTML) instead of statements")
    try:
        if ARRAY_START.match(body):  # not what the specification says, but what some servers answer
            return Envelope(tuple(map(bytes, _decode_array(body))), None)
        result = _decode_result(body)
    except msgspec.ValidationError:
        raise ValueError("JSON that is not a list of statements") from None
    except UNDECODABLE:
        return _cut_out(body)
    return Envelope(tuple(map(bytes, result.statements)), result.more)


def json_part(answer: Answer) -> bytes:
    """The JSON of an answer: its body, or the first part of multipart/mixed (xAPI 1.0.3 Communication 1.5.2)."""
    content_type = answer.headers.get("Content-Type", "")
    if not content_type.lower().startswith("multipart/mixed"):
        return answer.body
    boundary = BOUNDARY.search(content_type)
    if not boundary:
        raise ValueError("multipart/mixed without a boundary")
    parts = answer.body.split(b"--" + boundary.group(1).strip().encode("latin-1", "replace"), 2)
    if len(parts) < 3:
        raise ValueError("multipart/mixed that ends in the middle of its first part")
    _headers, separator, content = parts[1].partition(b"\r\n\r\n")
    if not separator:
        raise ValueError("multipart/mixed whose first part has no end of its headers")
    return content.removesuffix(b"\r\n")


def _cut_out(body: bytes) -> Envelope:
    """A page with a statement in it that is not JSON: all of them, the broken one too, if the page itself is whole."""
    start = RESULT_START.match(body) or ARRAY_START.match(body)
    if not start:
        raise ValueError("something that is not JSON")
    splitter = ArraySplitter(start.end(), cap=len(body))
    pieces = tuple(splitter.feed(body[start.end() :]))
    more = _more_of(body[: start.end()] + b"]" + body[splitter.position :]) if splitter.closed else None
    if more is None:
        return _salvaged(body, start.end(), closed=splitter.closed)
    tries = Tries()
    return Envelope(tuple(each for piece in pieces for each in _sound(piece, tries)), more.link)


def _sound(piece: bytes, tries: Tries) -> Iterable[bytes]:
    """The piece itself, or what it falls into: two statements that were cut off can look like one."""
    try:
        _decode_piece(piece)
    except UNDECODABLE:
        return salvage(piece, tries)
    return (piece,)


@dataclass(frozen=True, slots=True)
class _More:
    link: str | None


def _more_of(frame: bytes) -> _More | None:
    """The link of a page without its statements; None if that is not JSON."""
    if frame.lstrip()[:1] == b"[":
        return _More(None)
    try:
        return _More(_decode_result(frame).more)
    except UNDECODABLE:
        return None


def _salvaged(body: bytes, start: int, *, closed: bool) -> Envelope:
    """A page with a statement in it that was cut off, so that brackets do not match."""
    end = end_of(body)
    more = _more_of(body[:start] + body[end:]) if end is not None and end >= start else None
    if end is None or more is None:
        what = "JSON that is broken outside its statements" if closed else "JSON that ends in the middle of a page"
        raise ValueError(what)
    return Envelope(tuple(salvage(body[start:end], Tries())), more.link)
