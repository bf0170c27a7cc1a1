"""Where a form leads back to: a page of ours, whatever the address says (CWE-601)."""

from __future__ import annotations

from urllib.parse import urlsplit

HOME = "/"


def inside(wanted: str | None) -> str:
    r"""The wanted address if it is a path on this site, else the first page.

    Browsers read a backslash as a slash and drop tabs and line ends, so that `/\host` and `/<TAB>/host` lead away.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return HOME
    if "\\" in wanted or any(ord(character) < 0x21 or ord(character) == 0x7F for character in wanted):
        return HOME
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    return HOME if parts.scheme or parts.netloc else wanted
