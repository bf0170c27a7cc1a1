"""What every answer of the pages carries so that a browser refuses what we did not write, and the key that signs sessions.

The policy knows no inline script and no inline style: everything a page needs is a file of ours.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, request

#: Tabler draws some of its controls with images inside the style sheet, hence `data:` for images alone.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_ONE_YEAR = 365 * 24 * 3600
_KEY_BYTES = 32


def add_headers(app: Flask, *, https: bool) -> None:
    """Let every answer carry the headers; pages are never kept by a cache, files of ours are (their names carry a version)."""

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        if https:
            response.headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


def key_from_file(path: Path) -> bytes:
    """The key in the file; where there is none, a new one that only this user can read.

    :raises ValueError: the file holds too little to be a key.
    """
    if not path.exists():
        _write_key(path)
    return _read_key(path)


def _write_key(path: Path) -> None:
    """Write a new key beside the path and link it there whole, so that two processes starting at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.") as file:  # made with mode 0600
        file.write(secrets.token_hex(_KEY_BYTES).encode())
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)


def _read_key(path: Path) -> bytes:
    key = path.read_bytes().strip()
    if len(key) < _KEY_BYTES:
        raise ValueError(
            f"{path}: a key for signing sessions has at least {_KEY_BYTES} characters, this has {len(key)}. "
            "Delete the file, and a good one is made at the next start."
        )
    return key
