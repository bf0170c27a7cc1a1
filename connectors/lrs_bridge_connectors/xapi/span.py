"""How far an LRS reaches: the time of its first statement, and the last time before which nothing can still appear.

Where it stands: `XapiSource.reach`, before a long history is read in windows. Two requests for one statement each. A
server that does not turn the order round as asked is found out by its giving the same statement twice.
"""

from collections.abc import Callable
from datetime import datetime

from lrs_bridge_connectors.errors import Misbehaving
from lrs_bridge_connectors.http import HttpClient
from lrs_bridge_connectors.record import head_of
from lrs_bridge_connectors.times import floor_ms, parse_time
from lrs_bridge_connectors.xapi.config import XapiConfig
from lrs_bridge_connectors.xapi.envelope import open_envelope


def find_span(config: XapiConfig, http: HttpClient, now: Callable[[], datetime]) -> tuple[datetime, datetime] | None:
    """(earliest, latest) in the time that the cursor follows; None for an LRS that shows no statement with a time.

    `latest` is the lowest of: the newest statement, Consistent-Through if sent, the server's clock minus the time to
    settle. Whatever lies behind it is live pulling's business, so too low is slow and never wrong. `earliest` may come
    out too late where the order is ignored: whoever reads windows leaves the first one open at its beginning.
    """
    first, first_bound = _one(config, http, now, ascending=True)
    last, last_bound = _one(config, http, now, ascending=False)
    if first is None or last is None:
        return None
    bound = min(first_bound, last_bound)
    if first == last:  # one statement, one instant, or an order that does not obey: only the clock is known then
        return floor_ms(first), floor_ms(bound)
    return floor_ms(min(first, last)), floor_ms(min(max(first, last), bound))


def _one(
    config: XapiConfig, http: HttpClient, now: Callable[[], datetime], *, ascending: bool
) -> tuple[datetime | None, datetime]:
    """The time of the statement at one end, and the time before which the server shows all of them."""
    query = {"ascending": "true" if ascending else "false", "format": "exact", "limit": "1"}
    answer = http.get(config.statements_url, query)
    try:
        bodies = open_envelope(answer).statements
    except ValueError as problem:
        raise Misbehaving(
            f"{config.origin} answered with {problem}",
            source=config.name,
            advice="Check that the endpoint is that of an LRS, and look at its log; nothing was lost.",
        ) from None
    through = parse_time(answer.headers.get("X-Experience-API-Consistent-Through"))
    settled = (answer.date or now()) - config.settle
    head = next((head for head in map(head_of, bodies[:1]) if head), None)
    when = parse_time(getattr(head, config.cursor_field, None))
    return when, min(filter(None, (through, settled)))
