"""Faults of the line: servers that hang, drip, break off or never stop sending.

Where it stands: rows of `FAULTS`. A web server would not let an application do any of this, so the bytes are sent by
hand (`misbehaving.py`).
"""

from lrs_bridge_connectors.sandbox.faults.scene import Asked, Behind, Fault, Line, Reply

FLOOD = 200_000_000  # bytes
_CHUNK = b" " * 1_000_000


def _hang(line: Line, _head: bytes, _body: bytes) -> None:
    line.wait(None)


def _drip(line: Line, start: bytes, rest: bytes) -> None:
    line.write(start)
    for position in range(len(rest)):
        if line.wait(line.pace):
            return
        line.write(rest[position : position + 1])


def _drip_headers(line: Line, head: bytes, body: bytes) -> None:
    _drip(line, b"", head + body)


def _break_off(line: Line, head: bytes, body: bytes) -> None:
    line.write(head + body[: len(body) // 2])
    line.reset()


def _cut(line: Line, head: bytes, body: bytes) -> None:
    line.write(head + body[: len(body) // 2])


def _flood(line: Line, head: bytes, _body: bytes) -> None:
    line.write(head)
    for _ in range(FLOOD // len(_CHUNK)):
        if line.wait(0):
            return
        line.write(_CHUNK)


def _announced(asked: Asked, behind: Behind) -> Reply:
    return behind.honest(asked).with_headers(content_length=str(FLOOD))


def _unannounced(asked: Asked, behind: Behind) -> Reply:
    return behind.honest(asked).with_headers(content_length="")


WIRE = (
    Fault("hanging", "It takes the request and never answers.", send=_hang),
    Fault("dripping-body", "It sends the body one byte a second.", send=_drip),
    Fault("dripping-headers", "It sends its headers one byte a second.", send=_drip_headers),
    Fault("reset-in-mid-body", "It resets the connection in the middle of the body.", send=_break_off),
    Fault("cut-in-mid-body", "It closes the connection in the middle of the body.", send=_cut),
    Fault("flood", "It answers with a body of 200 MB.", answer=_announced, send=_flood),
    Fault("silent-flood", "It answers with a body of 200 MB, and does not say how long that is.", _unannounced, _flood),
)
