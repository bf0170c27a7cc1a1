"""Is this LRS usable as it is configured, and if not, what has to be changed?

Where it stands: `XapiSource.check`, for `doctor` and for whoever connects a new LRS. Three small requests, no repeats:
the About Resource, one statement, and a handful in ascending order. Only what makes pulling impossible is not ok;
what merely makes it slower or needs another setting is advice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from lrs_bridge_connectors.errors import ConnectorError, Misbehaving, Refused, Unusable
from lrs_bridge_connectors.http import Answer, HttpClient
from lrs_bridge_connectors.record import UNDECODABLE, head_of
from lrs_bridge_connectors.source import Health
from lrs_bridge_connectors.times import parse_time
from lrs_bridge_connectors.xapi.config import XapiConfig
from lrs_bridge_connectors.xapi.cursor import CursorRule
from lrs_bridge_connectors.xapi.envelope import Envelope, open_envelope

HANDFUL = 20
SKEW_WORTH_TELLING = timedelta(seconds=30)
WHERE_AN_ENDPOINT_ENDS = (
    "The endpoint should end in the path below which /statements is found, "
    "for example https://lrs.example.org/xapi or https://lrs.example.org/data/xAPI."
)
ADVICE_BY_STATUS: Mapping[int, tuple[str, str]] = {
    400: ("the LRS rejects the request (HTTP 400)", "It may not speak xAPI {version}: try the other version."),
    404: ("there is no LRS at the endpoint (HTTP 404)", WHERE_AN_ENDPOINT_ENDS),
    405: ("the endpoint does not answer GET /statements (HTTP 405)", WHERE_AN_ENDPOINT_ENDS),
}


class _About(msgspec.Struct):
    version: list[str]


@dataclass(slots=True)
class _Notes:
    """What was found on the way, for the report."""

    advice: list[str] = field(default_factory=list)
    detail: dict[str, str] = field(default_factory=dict)
    skew: timedelta | None = None


def check_up(config: XapiConfig, http: HttpClient, now: Callable[[], datetime]) -> Health:
    """Never raises `ConnectorError`."""
    notes = _Notes()
    try:
        _look_at_about(config, http, notes)
        count = _look_at_statements(config, http, now, notes)
    except ConnectorError as problem:
        message, advice = _in_words(problem, config)
        return Health(False, message, advice, notes.skew, notes.detail)
    message = "statements can be read" if count else "the LRS answers; there is no statement that we may see yet"
    return Health(True, message, " ".join(notes.advice), notes.skew, notes.detail)


def _look_at_about(config: XapiConfig, http: HttpClient, notes: _Notes) -> None:
    """Which versions the LRS speaks (xAPI 1.0.3 Communication 2.8). Some have no About Resource: no reason to stop."""
    try:
        answer = http.get(config.about_url, limits=http.limits.once())
        versions = msgspec.json.decode(answer.body, type=_About).version
    except (Refused, Unusable) as problem:
        if problem.status is None:
            raise
        notes.detail["about"] = f"not answered (HTTP {problem.status})"
        return
    except UNDECODABLE:
        notes.detail["about"] = "not in the form of the specification"
        return
    notes.detail["about"] = "xAPI " + ", ".join(versions)[:200]
    if not any(_same_line(version, config.version) for version in versions):
        raise Unusable(
            f"the LRS does not speak xAPI {config.version}, only {', '.join(versions)[:200] or 'nothing'}",
            source=config.name,
            advice="Set the version of this source to one that it speaks.",
        )


def _same_line(offered: str, wanted: str) -> bool:
    """1.0.0 to 1.0.3 understand each other, and so do all 2.0.x (xAPI 1.0.3 Communication 3.3)."""
    return offered.split(".")[:2] == wanted.split(".")[:2]


def _look_at_statements(config: XapiConfig, http: HttpClient, now: Callable[[], datetime], notes: _Notes) -> int:
    answer = http.get(config.statements_url, {"limit": "1"}, limits=http.limits.once())
    _look_at_headers(answer, config, now, notes)
    count = len(_opened(answer, config).statements)
    if count:
        query = {"limit": str(HANDFUL), "ascending": "true", "format": "exact"}
        handful = http.get(config.statements_url, query, limits=http.limits.once())
        _look_at_order(_opened(handful, config), config, now(), notes)
    return count


def _look_at_headers(answer: Answer, config: XapiConfig, now: Callable[[], datetime], notes: _Notes) -> None:
    if answer.date:
        notes.skew = answer.date - now()
        if abs(notes.skew) > max(SKEW_WORTH_TELLING, config.settle):
            notes.advice.append(
                f"The clock of the LRS differs from ours by {notes.skew.total_seconds():+.0f} s: check both (NTP)."
            )
    through = answer.headers.get("X-Experience-API-Consistent-Through")
    notes.detail["consistent-through"] = "sent" if parse_time(through) else "not sent"
    notes.detail["version"] = answer.headers.get("X-Experience-API-Version", "not told")[:20]
    if not parse_time(through):
        notes.advice.append("It sends no Consistent-Through: keep overlap generous and a rescan scheduled.")


def _look_at_order(envelope: Envelope, config: XapiConfig, now: datetime, notes: _Notes) -> None:
    heads = [head for head in map(head_of, envelope.statements) if head]
    times = [parse_time(head.stored if config.cursor_field == "stored" else head.timestamp) for head in heads]
    rule = CursorRule(None, config.settle)
    rule.take(times, consistent_through=None, server_date=now)
    known = [when for when in times if when]
    if not known:
        notes.detail["order"] = f"unknown: no {config.cursor_field} time could be read"
    elif rule.ascending or len(set(known)) == 1:
        notes.detail["order"] = "ascending, as asked for"
    else:
        notes.detail["order"] = "not ascending"
        notes.advice.append(
            f"It does not sort by {config.cursor_field} as asked: the cursor moves only at the end of a pull."
        )
        if config.cursor_field == "stored":
            notes.advice.append("If it filters by timestamp, set cursor_field to timestamp.")


def _opened(answer: Answer, config: XapiConfig) -> Envelope:
    try:
        return open_envelope(answer)
    except ValueError as problem:
        raise Misbehaving(
            f"the endpoint is not an LRS: it answered with {problem}",
            source=config.name,
            advice=WHERE_AN_ENDPOINT_ENDS,
        ) from None


def _in_words(problem: ConnectorError, config: XapiConfig) -> tuple[str, str]:
    known = ADVICE_BY_STATUS.get(problem.status or 0) if isinstance(problem, Unusable) else None
    if known is None:
        return problem.message, problem.advice
    return known[0], known[1].format(version=config.version)
