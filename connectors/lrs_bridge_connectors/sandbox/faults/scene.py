"""What a fault sees and says: a request, the honest answer to it, and how bytes leave.

Where it stands: between the honest sandbox and the server that lies for it (`misbehaving.py`). A fault is a value, one
row of `FAULTS`: its `answer` says what comes back instead of the honest reply, its `send` how the bytes leave.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlencode

import msgspec

from lrs_bridge_connectors.sandbox.store import StatementStore

MORE = re.compile(r"/statements/more/")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `turn` counts those since the fault began, from 1, and `query` holds one value for each name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    turn: int = 1

    @property
    def target(self) -> str:
        """Path and query, as a request line has them."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def continues(self) -> bool:
        """Whether a further page is asked for."""
        return MORE.search(self.path) is not None

    @property
    def pages(self) -> bool:
        """Whether statements are asked for in pages: what most faults are about."""
        return self.method == "GET" and "/statements" in self.path and "statementId" not in self.query

    def asking(self, **changes: str) -> "Asked":
        """The same with other parameters."""
        return replace(self, query={**self.query, **changes})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is sent; Content-Length is added then."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def page(self) -> tuple[list[bytes], str | None]:
        """The statements of a page, each its JSON text, and `more`."""
        result = msgspec.json.decode(self.body, type=_Result)
        return [bytes(each) for each in result.statements], result.more

    def with_page(self, statements: Iterable[bytes], more: str | None, *, key: bool = True) -> "Reply":
        """The same with another page; `key` False leaves `more` out altogether."""
        end = b',"more":' + msgspec.json.encode(more) if key else b""
        return replace(self, body=b'{"statements":[' + b",".join(statements) + b"]" + end + b"}")

    def with_headers(self, **headers: str | None) -> "Reply":
        """The same with other headers, `_` for `-`; None takes one away."""
        changed = {name.replace("_", "-").lower(): text for name, text in headers.items()}
        kept = {name: text for name, text in self.headers.items() if name.lower() not in changed}
        return replace(self, headers={**kept, **{name: text for name, text in changed.items() if text is not None}})


class _Result(msgspec.Struct):
    statements: list[msgspec.Raw]
    more: str | None = None


class Behind(Protocol):
    """What stands behind a fault: the honest LRS, and what the fault is about.

    `victims` are the ids of the statements that it befalls (empty: all), `elsewhere` the address of another server.
    """

    store: StatementStore
    victims: frozenset[str]
    elsewhere: str

    def honest(self, asked: Asked) -> Reply:
        """What the sandbox answers."""


class Line(Protocol):
    """The way to the client. `pace` is how many seconds pass between two bytes of a server that drips."""

    pace: float

    def write(self, data: bytes) -> None: ...

    def wait(self, seconds: float | None) -> bool:
        """Let time pass (None: until the server ends); True when the server ends."""

    def reset(self) -> None:
        """Break the connection off, so that the client is told of an error and not of an end."""


Answer = Callable[[Asked, Behind], Reply]
Send = Callable[[Line, bytes, bytes], None]


def honestly(asked: Asked, behind: Behind) -> Reply:
    """No fault in the answer."""
    return behind.honest(asked)


def at_once(line: Line, head: bytes, body: bytes) -> None:
    """No fault on the way."""
    line.write(head + body)


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to misbehave. `says` is a sentence about the server, for people."""

    name: str
    says: str
    answer: Answer = honestly
    send: Send = at_once


def concerns(behind: Behind, statement: bytes) -> bool:
    """Whether this statement is one of the victims."""
    return not behind.victims or _id_of(statement) in behind.victims


def without_victims(asked: Asked, behind: Behind) -> Reply:
    """The page without the victims, as if they were not there."""
    reply = behind.honest(asked)
    if not asked.pages or reply.status != 200:
        return reply
    statements, more = reply.page()
    return reply.with_page([each for each in statements if not concerns(behind, each)], more)


def with_victims(change: Callable[[bytes], bytes]) -> Answer:
    """The page with each victim changed."""

    def answer(asked: Asked, behind: Behind) -> Reply:
        reply = behind.honest(asked)
        if not asked.pages or reply.status != 200:
            return reply
        statements, more = reply.page()
        return reply.with_page([change(each) if concerns(behind, each) else each for each in statements], more)

    return answer


class _Named(msgspec.Struct):
    id: str


def _id_of(statement: bytes) -> str:
    return msgspec.json.decode(statement, type=_Named).id
