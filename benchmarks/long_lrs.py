"""An LRS with years of statements, made as fast as they can be written down: every fifth is wanted.

`python -m benchmarks.long_lrs COUNT LEARNERS` prints its endpoint and serves until its standard input ends.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice

from benchmarks.lrs import CREDENTIALS
from benchmarks.world import START, statements
from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.sandbox.entry import Entry, microseconds
from lrs_bridge_connectors.times import format_time

SPAN = timedelta(days=300)
EVERY = 5
_PATTERNS = 5000


def id_of(number: int) -> str:
    """Ids count up."""
    return f"00000000-0000-4000-8000-{number:012x}"


def wanted_ids(count: int) -> Iterator[str]:
    """Of so many statements, those that somebody wants."""
    return map(id_of, range(0, count, EVERY))


def a_live_one(number: int, at: datetime) -> bytes:
    """A statement that is wanted, to be sent to the LRS."""
    _, ended = islice(statements(2, 1, wanted=1.0), 2)
    rest = ended[_HEAD:].replace(b"attempt=", b"attempt=%d-" % number)
    return b'{"id":"%b","timestamp":"%b"%b' % (id_of(number).encode(), format_time(at).encode(), rest)


def entries(count: int, learners: int) -> Iterator[Entry]:
    """Oldest first. A few thousand patterns with ids, times and attempts of their own."""
    noise = cycle([body[_HEAD:] for body in statements(_PATTERNS, learners, wanted=0.0)])
    ended = cycle([body[_HEAD:] for body in islice(statements(2 * _PATTERNS, learners, wanted=1.0), 1, None, 2)])
    pace = SPAN / count
    for number in range(count):
        at = START + number * pace
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        wanted = number % EVERY == 0
        rest = next(ended).replace(b"attempt=", b"attempt=%d-" % number) if wanted else next(noise)
        own, time = id_of(number), format_time(at)
        body = b'{"id":"%b","stored":"%b","timestamp":"%b"%b' % (own.encode(), time.encode(), time.encode(), rest)
        yield Entry(own, at, (microseconds(at), number), body, "", (), "", "", "")


#: Where the patterns go on after id, stored and timestamp.
_HEAD = len(f'{{"id":"{id_of(0)}","stored":"{format_time(START)}","timestamp":"{format_time(START)}"')


def main() -> None:
    lrs = SandboxLrs(credentials=CREDENTIALS)
    lrs.store.take(entries(int(sys.argv[1]), int(sys.argv[2])))
    with lrs.serve() as serving:
        print(serving.endpoint, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
