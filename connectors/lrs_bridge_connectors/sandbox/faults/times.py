"""Faults of time and order: clocks that are off, promises of completeness that are untrue, filters of their own kind.

Where it stands: rows of `FAULTS`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec

from lrs_bridge_connectors.sandbox.faults.scene import Answer, Asked, Behind, Fault, Reply, without_victims
from lrs_bridge_connectors.times import format_time, parse_http_date, parse_time

THROUGH = "X-Experience-API-Consistent-Through"
_FIVE_MINUTES = timedelta(minutes=5)
_STRICT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_NEVER = "2999-01-01T00:00:00.000Z"
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _off_by(skew: timedelta) -> Answer:
    """Date and Consistent-Through come from a clock that is off."""

    def answer(asked: Asked, behind: Behind) -> Reply:
        reply = behind.honest(asked)
        now, through = parse_http_date(reply.headers.get("Date")), parse_time(reply.headers.get(THROUGH))
        return reply.with_headers(
            date=format_datetime(now + skew, usegmt=True) if now else None,
            x_experience_api_consistent_through=format_time(through + skew) if through else None,
        )

    return answer


def _silent(asked: Asked, behind: Behind) -> Reply:
    return behind.honest(asked).with_headers(x_experience_api_consistent_through=None)


def _strict_about_since(asked: Asked, behind: Behind) -> Reply:
    """`since` is compared as text: another form than `…SSS Z` finds nothing, with 200."""
    since = asked.query.get("since", "0000-01-01T00:00:00.000Z")
    return behind.honest(asked if _STRICT.fullmatch(since) else asked.asking(since=_NEVER))


def _hiding_microseconds(asked: Asked, behind: Behind) -> Reply:
    """What is shown as `…123Z` is kept as `…123456Z`, so that `since=…123Z` finds it again."""
    since = parse_time(asked.query.get("since"))
    return behind.honest(asked.asking(since=format_time(since - timedelta(milliseconds=1))) if since else asked)


@dataclass(frozen=True, slots=True)
class _Told:
    """A statement by the time at which it is said to have happened."""

    at: datetime
    body: bytes


class _Times(msgspec.Struct):
    timestamp: str


def _by_timestamp(asked: Asked, behind: Behind) -> Reply:
    """Filters and sorts by `timestamp`; ascending, it turns each page around and not the whole; sends no version."""
    honest = behind.honest(Asked("GET", asked.path.partition("/more/")[0], {"ascending": "true"}, asked.headers))
    if not asked.pages or honest.status != 200:
        return honest
    since = parse_time(asked.query.get("since")) or _FIRST
    until = parse_time(asked.query.get("until")) or _LAST
    all_of_them = sorted(_told(honest), key=lambda each: each.at)
    found = [each.body for each in all_of_them if since < each.at <= until]
    start, size = int(asked.query.get("start", "0")), int(asked.query.get("limit", "100"))
    span = f"since={format_time(since)}&until={format_time(until)}"
    more = f"?limit={size}&{span}&pit_id=None&start={start + size}"
    page = found[start : start + size]
    reply = honest.with_page(page[::-1], more if found[start + size :] else None, key=bool(found[start + size :]))
    return reply.with_headers(x_experience_api_version=None, x_experience_api_consistent_through=None)


def _told(reply: Reply) -> list[_Told]:
    bodies, _more = reply.page()
    whens = [parse_time(msgspec.json.decode(body, type=_Times).timestamp) or _FIRST for body in bodies]
    return [_Told(when, body) for when, body in zip(whens, bodies, strict=True)]


def _announcing_the_present(change: Callable[[Asked, Behind], Reply]) -> Answer:
    """Consistent-Through is the time of the request, whatever is still being written."""

    def answer(asked: Asked, behind: Behind) -> Reply:
        reply = change(asked, behind)
        now = parse_http_date(reply.headers.get("Date"))
        return reply.with_headers(x_experience_api_consistent_through=format_time(now) if now else None)

    return answer


TIMES = (
    Fault("clock-ahead", "Its clock is five minutes ahead.", _off_by(_FIVE_MINUTES)),
    Fault("clock-behind", "Its clock is five minutes behind.", _off_by(-_FIVE_MINUTES)),
    Fault("no-consistent-through", "It sends no Consistent-Through.", _silent),
    Fault(
        "untrue-consistent-through",
        "It announces that everything is there, and shows older statements only later.",
        _announcing_the_present(without_victims),
    ),
    Fault("since-as-text", "It compares `since` as text; other forms than `…SSS Z` find nothing.", _strict_about_since),
    Fault(
        "hidden-microseconds", "It hides microseconds: `since` finds the last statements again.", _hiding_microseconds
    ),
    Fault(
        "by-timestamp",
        "It filters and sorts by `timestamp`, turns each page around, and leaves out `more` at the end.",
        _by_timestamp,
    ),
)
