"""Why the store holds what a source does not list: asks the source for single statements (a part of `verify`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lrs_bridge.jobs.drift import Kind
from lrs_bridge.store.drift import Kept
from lrs_bridge_connectors.errors import Misbehaving
from lrs_bridge_connectors.source import Found, LooksUp, Presence, Record, Source, Window

#: Tells from a record whether it belongs where it was looked for.
Belongs = Callable[[Record], bool]


class Asker:
    """Looks statements up, so many at most. Each costs the source one request, or two."""

    def __init__(self, source: Source, most: int) -> None:
        self._source = source
        self._left = most
        self._listed: str | None = None
        self._proven: bool | None = None

    def saw(self, listed: Iterable[str | None]) -> None:
        """Ids that the source lists: by one of them it can be tried out whether it finds what is there."""
        self._listed = self._listed or next(filter(None, listed), None)

    def why(self, kept: Kept, belongs: Belongs) -> Kind | None:
        """Why a kept statement is not listed; None if it is listed elsewhere, since its time changed at the source."""
        if not isinstance(self._source, LooksUp) or self._left <= 0:
            return Kind.UNKNOWN
        self._left -= 1
        try:
            found = self._source.look_up(kept.id)
        except Misbehaving:  # whatever else it can do, it cannot be asked for single statements
            self._left = 0
            return Kind.UNKNOWN
        match found.presence:
            case Presence.THERE:
                return None if _moved(found, belongs) else Kind.HIDDEN
            case Presence.VOIDED:
                return Kind.UNVOIDED
            case Presence.ABSENT:
                return Kind.GONE if self._finds_what_is_there(self._source) else Kind.UNKNOWN

    def _finds_what_is_there(self, source: LooksUp) -> bool:
        """A server that finds nothing, not even what it has just listed, proves nothing by not finding."""
        if self._proven is None:
            listed = self._listed or self._any_listed()
            self._proven = listed is not None and source.look_up(listed).presence is Presence.THERE
        return self._proven

    def _any_listed(self) -> str | None:
        page = next(iter(self._source.window(Window())), None)
        return next((record.id for record in page.records if record.id), None) if page else None


def _moved(found: Found, belongs: Belongs) -> bool:
    return found.record is not None and not belongs(found.record)
