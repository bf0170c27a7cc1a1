"""What the present request works with: the bridge, the moment, and a connection that reads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from flask import current_app, g

from lrs_bridge.web.formats import Formats

if TYPE_CHECKING:
    from lrs_bridge.bridge import Bridge

EXTENSION = "lrs_bridge"


def the_bridge() -> Bridge:
    """The installation that these pages belong to."""
    return cast("Bridge", current_app.extensions[EXTENSION])


def now() -> datetime:
    """One moment a request: everything on a page is as of the same time."""
    if "now" not in g:
        g.now = the_bridge().clock()
    return cast("datetime", g.now)


def formats() -> Formats:
    """How this organisation writes money and times."""
    organisation = the_bridge().settings.organisation
    return Formats(organisation.zone, organisation.currency)
