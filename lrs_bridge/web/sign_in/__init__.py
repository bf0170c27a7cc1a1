"""Signing in and out, and the choice between light and dark.

A session is a signed cookie that names the account and a stamp of its password: a new password ends all sessions.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from lrs_bridge.acts import users
from lrs_bridge.acts.errors import NotAllowed
from lrs_bridge.web.access import Permission, needs
from lrs_bridge.web.current import now, the_bridge
from lrs_bridge.web.formats import span
from lrs_bridge.web.sign_in.destination import inside
from lrs_bridge.web.sign_in.guesses import guesses
from lrs_bridge.web.sign_in.reader import SESSION_LENGTH, add_sessions, reader_of
from lrs_bridge.web.templating import THEME_COOKIE, THEMES

__all__ = ["SESSION_LENGTH", "add_sessions", "room"]

room = Blueprint("sign_in", __name__)

_YEAR = timedelta(days=365)


@room.get("/sign-in")
@needs(Permission.PUBLIC)
def form() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(inside(request.args.get("next")))
    return _form("")


@room.post("/sign-in")
@needs(Permission.PUBLIC)
def enter() -> ResponseReturnValue:
    """Check login and password; the same answer, and the same time, whatever is wrong."""
    login = request.form.get("login", "").strip().lower()[:200]
    address = request.remote_addr or ""
    wait = guesses().wait(login, address, now())
    if wait > timedelta(0):
        response = make_response(_form(login, f"Too many attempts. Try again in {span(wait)}."), 429)
        response.headers["Retry-After"] = str(max(1, round(wait.total_seconds())))
        return response
    try:
        actor = users.sign_in(the_bridge().engine, login, request.form.get("password", ""), now())
    except NotAllowed:
        guesses().failed(login, address, now())
        return _form(login, "The login or the password is wrong."), 401
    guesses().succeeded(login)
    session.clear()  # nothing of the session before signing in lives on, so none can have been planted
    login_user(reader_of(actor.login))
    session.permanent = True
    return redirect(inside(request.form.get("next")), 303)


@room.post("/sign-out")
@needs(Permission.PUBLIC)
def leave() -> ResponseReturnValue:
    logout_user()
    session.clear()
    flash("You are signed out.")
    return redirect(url_for("sign_in.form"), 303)


@room.post("/theme")
@needs(Permission.PUBLIC)
def choose_theme() -> ResponseReturnValue:
    """Keep the choice between light and dark in a cookie; it works without scripts."""
    chosen = request.form.get("theme", "")
    response = redirect(inside(request.form.get("next")), 303)
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            chosen,
            max_age=_YEAR,
            samesite="Lax",
            secure=the_bridge().settings.web.address.startswith("https"),
        )
    return response


def _form(login: str, problem: str = "") -> str:
    wanted = request.values.get("next", "")
    return render_template("sign_in/form.html", login=login, problem=problem, wanted=wanted)
