"""The words that every template may use: filters for numbers and times, the navigation, and who is reading."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, request, url_for
from markupsafe import Markup

from lrs_bridge.domain import examine_words
from lrs_bridge.domain.alignment import ADVICE, Quadrant
from lrs_bridge.domain.waste import REASONS
from lrs_bridge.web import formats as written
from lrs_bridge.web.access import Permission, may
from lrs_bridge.web.charts import sparkline
from lrs_bridge.web.current import formats, now, the_bridge
from lrs_bridge.web.looks import LOOKS
from lrs_bridge_rules.explain import exception_text, tree_lines, verdict_of
from lrs_bridge_rules.wording import counted

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
ICONS = "vendor/tabler-icons-3.51.0.svg"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    endpoint: str
    label: str
    icon: str


NAVIGATION = (
    Place("overview.page", "Overview", "layout-dashboard"),
    Place("unmatched.page", "Unmatched", "puzzle-off"),
    Place("off_contract.page", "Off-contract", "file-off"),
    Place("waste.page", "Waste", "trash"),
    Place("follow_ups.page", "Follow-ups", "checklist"),
    Place("completions.page", "Completions", "certificate"),
    Place("sources.page", "Sources", "database-import"),
)


def icon(name: str, label: str = "") -> Markup:
    """An icon from the sprite; without a label it is decoration, and hidden from screen readers."""
    sprite = url_for("static", filename=ICONS)
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {} focusable="false"><use href="{}#{}"/></svg>').format(told, sprite, name)


def pretty(body: bytes) -> str:
    """A JSON body, indented for reading; as the text that it holds where it is no JSON, or says more than fits."""
    text = body.decode("utf-8", errors="replace")
    try:
        content = json.loads(text, object_pairs_hook=_each_once, parse_float=_finite)
        shown = json.dumps(content, indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
    # Half of a surrogate pair is a legal escape in JSON, but no page can carry it: it stays the escape that it was.
    return shown.encode("utf-8", "backslashreplace").decode()


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse an object that says a key twice: indented, one of the two would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number that is larger than a number here can be")
    return number


def value(thing: object) -> str:
    """What a clause expected or found, as one writes it down."""
    if isinstance(thing, str):
        return thing
    return json.dumps(thing, ensure_ascii=False, default=str)


def add_words(app: Flask) -> None:
    """Give the templates their filters and globals."""
    app.jinja_env.filters.update(
        hours=written.hours,
        number=written.number,
        percent=written.percent,
        words=written.words,
        short_type=written.short_type,
        pretty=pretty,
        value=value,
        verdict=verdict_of,
        exception=exception_text,
        tree_lines=lambda trace: list(tree_lines(trace)),
        passed_over=examine_words.passed_over_text,
        statement_words=examine_words.statement_text,
        grounds=examine_words.grounds_text,
        goal_words=examine_words.goal_text,
        standing_words=examine_words.standing_text,
        exclusion_words=examine_words.exclusion_text,
        alignment_words=examine_words.alignment_lines,
        money=lambda hundredths, exact=False: formats().money(hundredths, exact=exact),
        moment=lambda at: formats().moment(at, now()),
        time=lambda at: formats().time(at),
        day=lambda at: formats().day(at),
        ago=lambda at: written.relative(at, now()),
    )
    app.jinja_env.globals.update(
        icon=icon,
        sparkline=sparkline,
        reasons=REASONS,
        looks=LOOKS,
        advice=ADVICE,
        quadrants=tuple(Quadrant),
        navigation=NAVIGATION,
        counted=counted,
        share=written.share,
        may_change=lambda: may(Permission.CHANGE),
    )
    app.context_processor(_of_this_request)


def _of_this_request() -> dict[str, object]:
    """What differs from request to request."""
    return {"organisation": the_bridge().settings.organisation, "theme": theme(), "here": here(), "now": _moment()}


def theme() -> str:
    """What the reader chose: "light", "dark", or "" to follow the system."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def here() -> str:
    """The address of this page, to come back to."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def _moment() -> datetime:
    return now()
