"""The headers by which a browser refuses what we did not write.

The policy knows no inline script and no inline style: everything a page needs is a file of ours.
"""

from __future__ import annotations

from flask import Flask, Response, request

#: Tabler draws some of its controls with images inside the style sheet, hence `data:` for images alone.
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in SOURCES.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_ONE_YEAR = 365 * 24 * 3600


def add_headers(app: Flask, *, https: bool) -> None:
    """Let every answer carry the headers. Pages hold what people did: no cache keeps them."""

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        if https:
            response.headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response
