"""Who may see or do what on the pages. Every view says which permission it asks for; one that says nothing is refused.

The check stands before every request, so that no view can forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lrs_bridge.acts.actor import AccountRole

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """What a view asks for."""

    PUBLIC = "public"
    READ = "read"
    CHANGE = "change"


#: role → permissions. A role that is not here may only see what is public.
GRANTS: Mapping[AccountRole, frozenset[Permission]] = {
    AccountRole.ADMINISTRATOR: frozenset({Permission.READ, Permission.CHANGE}),
    AccountRole.AUDITOR: frozenset({Permission.READ}),
}

_ATTRIBUTE = "asks_for"


def needs(permission: Permission) -> Callable[[View], View]:
    """Declare what a view asks for. Stands below the route decorator."""

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, permission)
        return view

    return declare


def declared(view: Callable[..., Any]) -> Permission | None:
    """What a view asks for; None where it doesn't say."""
    found = getattr(view, _ATTRIBUTE, None)
    return found if isinstance(found, Permission) else None


def may(permission: Permission) -> bool:
    """Whether the present reader may; for templates, which show no button that would be refused."""
    if permission is Permission.PUBLIC:
        return True
    return bool(current_user.is_authenticated) and permission in GRANTS.get(current_user.role, frozenset())


def guard(app: Flask) -> None:
    """Check every request before its view is called."""
    needs(Permission.PUBLIC)(app.view_functions["static"])

    @app.before_request
    def check() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such page: the router answers
        permission = declared(current_app.view_functions[request.endpoint])
        if permission is None:
            abort(500, f"the view {request.endpoint} declares no permission")
        if may(permission):
            return None
        if current_user.is_authenticated:
            abort(403)
        return _to_sign_in()


def _to_sign_in() -> ResponseReturnValue:
    """To the sign-in, and back afterwards; a part of a page cannot show it, so it is told to go there whole."""
    address = url_for("sign_in.form", next=_way_back())
    if "HX-Request" in request.headers:
        return "", 401, {"HX-Redirect": address}
    return redirect(address)


def _way_back() -> str:
    """Where to go after signing in: this page, unless it was a form."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
