"""Addresses that many pages point to: the rows behind a number, and one completion's story."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for

from lrs_bridge.web.tables.columns import Text


def rows(endpoint: str, filters: Mapping[str, str] | Mapping[str, str | None]) -> str:
    """The list behind a number. Filters come as a mapping, for one of them is called `from`."""
    kept = {name: value for name, value in filters.items() if value}
    return url_for(endpoint, **kept)  # type: ignore[arg-type]  # filters are texts, and no options of url_for


def story(learner_id: str, completion_id: str) -> str:
    """The page of one completion. A group's completion belongs to each of its members, hence both ids."""
    return url_for("completions.story", completion_id=completion_id, learner_id=learner_id)


def activity(name: str, activity_id: str, kind: str = "", href: str = "") -> Text:
    """An activity: the name first, its identifier small and copyable."""
    return Text(name or activity_id, href, small=kind, copy=activity_id if name != activity_id else "")
