"""What the models of a document are made of: short words that many keys share, and how a part refuses what it is not.

`document` and `test_model` are built of these.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, iris_of
from lrs_bridge_rules.nearest import nearest
from lrs_bridge_rules.statements.times import parse_span


def several(value: object) -> object:
    """Take a lone value for a list of one."""
    return value if isinstance(value, list) or value is None else [value]


def known_type(value: object) -> object:
    """Refuse a short name that stands for no activity type."""
    iris_of(str(value), ACTIVITY_TYPES)
    return value


def _span(value: object) -> object:
    return parse_span(value if isinstance(value, str) else "")


def zone_of(name: object) -> ZoneInfo:
    """Return the time zone of that name. Raises ValueError that names the nearest known one."""
    try:
        return ZoneInfo(name if isinstance(name, str) else "")
    except (ValueError, OSError, ZoneInfoNotFoundError):
        hint = nearest(str(name), available_timezones()) or ", expected a name such as Europe/Berlin"
        raise ValueError(f"unknown time zone {name!r}{hint}") from None


def _known_zone(value: object) -> object:
    zone_of(value)
    return value


Span = Annotated[timedelta, BeforeValidator(_span)]
Id = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        max_length=100,
        description="A name of its own: letters, digits, '.', '_' and '-'.",
    ),
]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
TimeZone = Annotated[str, BeforeValidator(_known_zone)]
Percent = Annotated[float, Field(ge=0, le=100)]


class Part(BaseModel):
    """What all parts of a document share: no unknown key, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
