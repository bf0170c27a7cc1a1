"""Choosing one text out of an xAPI language map (used wherever a name is shown or stored)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def pick(language_map: Mapping[str, str], locale: str = "en") -> str:
    """Return the text for a reader: their locale, its family, English, then any; "" when there is none.

    Never by key order: servers reorder keys, and the same statement must always carry the same name.
    """
    if len(language_map) == 1:
        return next(iter(language_map.values())).strip()
    texts = {tag.lower().replace("_", "-"): text.strip() for tag, text in sorted(language_map.items())}
    known = sorted(tag for tag, text in texts.items() if text)
    wanted = locale.lower().replace("_", "-")
    for choose in (wanted, _family(wanted), "en"):
        if choose in known:
            return texts[choose]
        relatives = [tag for tag in known if _family(tag) == choose]
        if relatives:
            return texts[relatives[0]]
    return texts[known[0]] if known else ""


def _family(tag: str) -> str:
    return tag.partition("-")[0]
