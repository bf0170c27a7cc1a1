"""The pages: Flask, one blueprint package per room, server-rendered and usable without scripts.

Start at `create_app`; `access` says who may see what, `tables` is the one table component, `charts` the pictures.
A room reads through `store.read_models` and acts through `acts`; no view holds SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from lrs_bridge.web import (
    access,
    completions,
    follow_ups,
    health,
    off_contract,
    overview,
    sign_in,
    sources,
    unmatched,
    waste,
)
from lrs_bridge.web.current import EXTENSION
from lrs_bridge.web.faults import add_fault_pages
from lrs_bridge.web.security import add_headers
from lrs_bridge.web.templating import add_words
from lrs_bridge.web.texts import refuse_nul

if TYPE_CHECKING:
    from lrs_bridge.bridge import Bridge

ROOMS = (
    overview.room,
    unmatched.room,
    off_contract.room,
    waste.room,
    follow_ups.room,
    completions.room,
    sources.room,
    sign_in.room,
    health.room,
)

_LARGEST_FORM = 256 * 1024
_STATIC_SECONDS = 24 * 3600


def create_app(bridge: Bridge) -> Flask:
    """The pages of one installation, as a WSGI application. Connects to nothing before the first request."""
    app = Flask(__name__)
    https = bridge.settings.web.address.startswith("https://")
    app.config.update(
        SECRET_KEY=bridge.secret_key(),
        SESSION_COOKIE_NAME="lrs_bridge",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        PERMANENT_SESSION_LIFETIME=sign_in.SESSION_LENGTH,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=_LARGEST_FORM,
        SEND_FILE_MAX_AGE_DEFAULT=_STATIC_SECONDS,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session: a page left open overnight still works
        WTF_CSRF_SSL_STRICT=False,  # proxies drop the Referer; the token and SameSite protect the forms
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = bridge
    CSRFProtect(app)
    refuse_nul(app)
    sign_in.add_sessions(app)
    access.guard(app)
    add_headers(app, https=https)
    add_fault_pages(app)
    add_words(app)
    for room in ROOMS:
        app.register_blueprint(room)
    return app
