"""How numbers, money and times are written on the pages: in the organisation's currency and time zone.

Pure; the templates get these functions as filters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from markupsafe import Markup

from lrs_bridge_rules.wording import counted

#: Currencies whose sign everybody knows; the others are written with their code.
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF ", "JPY": "¥", "INR": "₹", "PLN": "PLN "}

_NONE = "–"

#: From this many seconds on, the unit and its length in seconds.
_AGES = (
    (2 * 365 * 86_400, "year", 365 * 86_400),
    (60 * 86_400, "month", 30 * 86_400),
    (2 * 86_400, "day", 86_400),
    (5_400, "hour", 3_600),
    (90, "minute", 60),
)


@dataclass(frozen=True, slots=True)
class Formats:
    """What an organisation's numbers look like. `currency` is an ISO 4217 code."""

    zone: tzinfo
    currency: str

    def money(self, hundredths: int | None, *, exact: bool = False) -> str:
        """Hundredths as an amount; whole units unless it is to be exact."""
        if hundredths is None:
            return _NONE
        amount = f"{abs(hundredths) / 100:,.{2 if exact else 0}f}"
        return f"{'−' if hundredths < 0 else ''}{SIGNS.get(self.currency, self.currency + ' ')}{amount}"

    def day(self, moment: datetime | date | None) -> str:
        if moment is None:
            return _NONE
        local = moment.astimezone(self.zone) if isinstance(moment, datetime) else moment
        return f"{local.day} {local:%b %Y}"

    def time(self, moment: datetime | None) -> str:
        """The day and the minute where the organisation is."""
        return _NONE if moment is None else f"{self.day(moment)}, {moment.astimezone(self.zone):%H:%M}"

    def exactly(self, moment: datetime) -> str:
        """The second and the zone, for those who compare with a log."""
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M:%S %Z}"

    def moment(self, moment: datetime | None, now: datetime) -> Markup:
        """A time for people and machines: the day, and how long ago or ahead."""
        if moment is None:
            return Markup('<span class="text-secondary">{}</span>').format(_NONE)
        return Markup('<time datetime="{}" title="{}">{} <span class="ago">{}</span></time>').format(
            moment.isoformat(), self.exactly(moment), self.day(moment), relative(moment, now)
        )


def hours(value: float | None) -> str:
    """Hours with one decimal under ten, without from there on."""
    if value is None:
        return _NONE
    return f"{value:,.0f} h" if abs(value) >= 10 or value == int(value) else f"{value:,.1f} h"


def number(value: float | None) -> str:
    return _NONE if value is None else f"{value:,.0f}"


def percent(value: float | None) -> str:
    """0 to 100, with a decimal only where there is one."""
    return _NONE if value is None else f"{value:.1f}".removesuffix(".0") + " %"


def share(part: float, whole: float) -> str:
    """A part of a whole in percent; nothing of nothing is nothing."""
    if whole <= 0:
        return _NONE
    ratio = 100 * part / whole
    return "< 1 %" if 0 < ratio < 1 else f"{ratio:.0f} %"


def relative(moment: datetime, now: datetime) -> str:
    """How long ago, or how far ahead, in the largest unit that fits."""
    seconds = (now - moment).total_seconds()
    for least, unit, length in _AGES:
        if abs(seconds) >= least:
            return _ago(round(abs(seconds) / length), unit, ahead=seconds < 0)
    return "just now"


def _ago(count: int, unit: str, *, ahead: bool) -> str:
    text = counted(count, unit)
    return f"in {text}" if ahead else f"{text} ago"


def span(length: timedelta) -> str:
    """A span in words, for a wait or an age."""
    for least, unit, size in _AGES:
        if length.total_seconds() >= least:
            return counted(round(length.total_seconds() / size), unit)
    seconds = max(1, round(length.total_seconds()))
    return counted(seconds, "second")


def short_type(iri: str) -> str:
    """The last word of an activity type's IRI: what people call it."""
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1].replace("-", " ").replace("_", " ")


def words(value: str) -> str:
    """A term such as `off-contract` as it begins a sentence."""
    return value.replace("-", " ").capitalize()
