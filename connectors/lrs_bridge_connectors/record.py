"""From the bytes of one statement to a `Record`: only id and times are looked at, the bytes stay as they came.

Where it stands: shared by the LRS and the file source. Whether the bytes are a good statement is not judged here; the
application decodes them and puts aside what it cannot read.
"""

from datetime import datetime

import msgspec

from lrs_bridge_connectors.source import Record
from lrs_bridge_connectors.times import parse_time


class Head(msgspec.Struct):
    """What paging needs to know of a statement. Any type is let in: one odd property must not stop a page."""

    id: object = None
    stored: object = None
    timestamp: object = None


NOTHING = Head()
# RecursionError is how the decoder refuses absurd nesting; UnicodeDecodeError, bytes that are not UTF-8.
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_decode = msgspec.json.Decoder(Head).decode


def head_of(body: bytes) -> Head | None:
    """Id and times of a statement; None if the bytes cannot be decoded."""
    try:
        return _decode(body)
    except UNDECODABLE:
        return None


def record_of(body: bytes, head: Head | None) -> Record:
    """The record for a statement's bytes and the head that was read from them."""
    head = head or NOTHING
    return Record(head.id.lower() if isinstance(head.id, str) else None, parse_time(head.stored), body)


def when(record: Record, head: Head | None) -> datetime | None:
    """`stored`, or `timestamp` where there is none: files are often written before any LRS has stamped them."""
    return record.stored or parse_time(head.timestamp if head else None)
