"""What the models of a document are made of: short words that many keys share, and how a part refuses what it is not.

`document` and `test_model` are built of these.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from lrs_bridge_rules.documents.vocabulary import SHIPPED, Vocabulary, Words, iris_of
from lrs_bridge_rules.nearest import nearest
from lrs_bridge_rules.statements.times import parse_span


def several(value: object) -> object:
    """Take a lone value for a list of one."""
    return value if isinstance(value, list) or value is None else [value]


def _vocabulary(info: ValidationInfo) -> Vocabulary:
    return info.context if isinstance(info.context, Vocabulary) else SHIPPED


def known_type(value: object, info: ValidationInfo) -> object:
    """Refuse a short name that stands for no activity type; one that a profile brings becomes its IRI."""
    return _known(value, _vocabulary(info).activity_types, SHIPPED.activity_types)


def known_verb(value: object, info: ValidationInfo) -> object:
    """Refuse a short name that stands for no verb; one that a profile brings becomes its IRI."""
    return _known(value, _vocabulary(info).verbs, SHIPPED.verbs)


def _known(value: object, names: Words, shipped: Words) -> object:
    if not isinstance(value, str) or value in shipped:
        return value
    return iris_of(value, names)[0]


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
