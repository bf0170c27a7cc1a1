"""Texts that no database can look up are refused before a view sees them: PostgreSQL knows no NUL character."""

from __future__ import annotations

from flask import Flask, abort, request

_NUL = "\0"


def refuse_nul(app: Flask) -> None:
    """Answer a NUL in a path as any address that leads nowhere, and one in a form as what no page sends.

    What stands in the query is the lists' business: they say which filter is odd.
    """

    @app.before_request
    def check() -> None:
        if _NUL in request.path:
            abort(404)
        if any(_NUL in text for texts in request.form.listvalues() for text in texts):
            abort(400)
