"""The parameters of GET /statements, checked and turned into a `Query`; and `more` tokens, there and back.

Where it stands: between `app.py` and `StatementStore`. The parameter table is the contract: what is not in it is
refused, as xAPI 1.0.3 Communication 3.1 wants it.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from lrs_bridge_connectors.sandbox.entry import checked_uuid, ifi_key, microseconds
from lrs_bridge_connectors.sandbox.forms import FORMS
from lrs_bridge_connectors.sandbox.store import Query
from lrs_bridge_connectors.times import parse_time


class BadQuery(ValueError):
    """The request cannot be answered; the text names the parameter."""


def _time(text: str) -> int:
    when: datetime | None = parse_time(text)
    if when is None:
        raise ValueError("must be an ISO 8601 time")
    return microseconds(when)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("must be true or false")
    return text == "true"


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("must be a number from 0 up")
    return int(text[:9])


def _agent(text: str) -> str:
    agent = msgspec.json.decode(text.encode())
    key = ifi_key(agent) if isinstance(agent, dict) else ""
    if not key:
        raise ValueError("must be an agent with an identifier")
    return key


def _form(text: str) -> str:
    if text not in FORMS:
        raise ValueError(f"must be one of {', '.join(FORMS)}")
    return text


# Parameter → (field of Query, how its text is read).
PARAMETERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "since": ("since", _time),
    "until": ("until", _time),
    "ascending": ("ascending", _boolean),
    "limit": ("limit", _limit),
    "format": ("form", _form),
    "verb": ("verb", str),
    "activity": ("activity", str),
    "agent": ("agent", _agent),
    "registration": ("registration", lambda text: checked_uuid(text, "it")),
}
BY_ID = frozenset({"statementId", "voidedStatementId"})
BESIDE_AN_ID = frozenset({"format", "attachments"})


def query_from(parameters: Mapping[str, str], *, arrivals: int, max_limit: int) -> Query:
    """Raises `BadQuery`. Limit 0 and limits that are too high mean the highest."""
    values: dict[str, Any] = {}
    for name, text in parameters.items():
        if name == "attachments":
            continue  # there are none
        if name not in PARAMETERS:
            raise BadQuery(f"the parameter {name} is not supported here")
        field, read = PARAMETERS[name]
        try:
            values[field] = read(text)
        except ValueError as problem:
            raise BadQuery(f"{name} {problem}") from None
    values["limit"] = min(values.get("limit") or max_limit, max_limit)
    return Query(arrivals=arrivals, **values)


def id_from(parameters: Mapping[str, str]) -> tuple[str, bool] | None:
    """(statement id, whether a voided one is asked for), or None if no single one is. Raises `BadQuery`."""
    asked = BY_ID & parameters.keys()
    if not asked:
        return None
    if len(asked) > 1 or parameters.keys() - BY_ID - BESIDE_AN_ID:
        raise BadQuery("a statement asked for by its id cannot be combined with other parameters")
    (name,) = asked
    return checked_uuid(parameters[name], name), name == "voidedStatementId"


def token_of(query: Query) -> str:
    """A query as text for a `more` link: opaque to clients, and valid for as long as the server runs."""
    return base64.urlsafe_b64encode(msgspec.json.encode(query)).decode("ascii").rstrip("=")


def query_of(token: str) -> Query:
    """Raises `BadQuery` for a token that was not made here."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), type=Query)
    except (binascii.Error, msgspec.DecodeError, ValueError):
        raise BadQuery("the link to further statements is not known") from None
