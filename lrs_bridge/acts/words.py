"""What people write when they act: a reason, a summary. Refused when it is missing where it is needed, or endless."""

from __future__ import annotations

from lrs_bridge.acts.errors import ActRefused

LONGEST = 20_000


def written(text: str, *, what: str) -> str:
    """The text without outer blanks. Raises ActRefused when there is none."""
    stripped = short_enough(text)
    if not stripped:
        raise ActRefused(f"This needs {what}.", "Write a sentence.")
    return stripped


def short_enough(text: str) -> str:
    """The text without outer blanks, and without what a database cannot keep. Raises ActRefused when it is too long."""
    stripped = text.replace("\0", "").strip()
    if len(stripped) > LONGEST:
        raise ActRefused(f"The text has {len(stripped)} characters.", f"Shorten it to {LONGEST}, or put a link.")
    return stripped
