"""Asks an LRS for one statement by its id, whatever its lists show (xAPI 1.0.3 Communication 2.1.3, statementId).

Where it stands: beside the paging of `XapiSource`, for telling a statement that is gone from one that is not listed.
"""

from lrs_bridge_connectors.errors import Misbehaving, Unusable
from lrs_bridge_connectors.http import Answer, HttpClient
from lrs_bridge_connectors.record import head_of, record_of
from lrs_bridge_connectors.source import Found, Presence, Record
from lrs_bridge_connectors.xapi.envelope import json_part, open_envelope

#: How servers say that there is no such statement: 404 by the specification, 400 by habit.
NOT_THERE = frozenset({400, 404, 410})
#: What to ask with, and what it means if the statement comes. A statement is voided or not, never both.
QUESTIONS = (("statementId", Presence.THERE), ("voidedStatementId", Presence.VOIDED))


def look_up(http: HttpClient, statements_url: str, statement_id: str) -> Found:
    """Whether the server holds the statement. Raises `ConnectorError`.

    A server that answers the second question with a list of others does not know it, and has nothing voided (Ralph).
    """
    for parameter, presence in QUESTIONS:
        try:
            answer = http.get(statements_url, {parameter: statement_id, "format": "exact"})
        except Unusable as problem:
            if problem.status not in NOT_THERE:
                raise
            continue
        records = _records(answer)
        found = next((record for record in records if record.id == statement_id.lower()), None)
        if found is not None:
            return Found(presence, found)
        if records and presence is Presence.THERE:  # it looks past ids: then everything would seem to be gone
            raise Misbehaving(
                f"{http.origin} was asked for one statement and answered with others",
                source=http.source,
                advice="Single statements cannot be looked up here; tell the server's operator.",
            )
    return Found(Presence.ABSENT)


def _records(answer: Answer) -> tuple[Record, ...]:
    """What came: the statement, or (not by the specification) a list or a result with it inside, or nothing."""
    try:
        bodies = open_envelope(answer).statements
    except ValueError:
        bodies = (_single(answer),)
    return tuple(record_of(body, head_of(body)) for body in bodies if body.strip())


def _single(answer: Answer) -> bytes:
    try:
        return json_part(answer)
    except ValueError:
        return answer.body
