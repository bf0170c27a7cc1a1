"""An LRS in memory for comparing: holds what a test puts there, lists what it wants to, and tells of single ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lrs_bridge_connectors.source import Found, Health, Page, Part, Presence, Record, Window


@dataclass
class Shelf:
    """Records by id. `cut` are the times at which its parts end; `pages_lose` are left out by its paging only."""

    name: str = "lms"
    records: dict[str, Record] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    voided: set[str] = field(default_factory=set)
    pages_lose: set[str] = field(default_factory=set)
    parts_at: int = 3
    asked: list[str] = field(default_factory=list)

    def put(self, *records: Record) -> None:
        self.records.update({record.id or "": record for record in records})

    def pages(self, cursor: str | None) -> Iterator[Page]:
        del cursor
        return self.window(Window())

    def window(self, window: Window) -> Iterator[Page]:
        shown = [each for each in self._listed(window) if each.id not in self.pages_lose]
        yield Page(tuple(shown), None, None)

    def parts(self, window: Window) -> Iterator[Part]:
        """Parts of so many records each, cut between two instants; the last one reaches to the end of the window."""
        listed, since = self._listed(window), window.since
        while len(listed) > self.parts_at:
            edge = listed[self.parts_at - 1].stored
            here = [each for each in listed if each.stored is not None and edge is not None and each.stored <= edge]
            yield Part(Window(since, edge), tuple(here))
            listed, since = listed[len(here) :], edge
        yield Part(Window(since, window.until), tuple(listed))

    def look_up(self, statement_id: str) -> Found:
        self.asked.append(statement_id)
        record = self.records.get(statement_id)
        if record is None:
            return Found(Presence.ABSENT)
        return Found(Presence.VOIDED if statement_id in self.voided else Presence.THERE, record)

    def check(self) -> Health:
        return Health(ok=True, message="")

    def _listed(self, window: Window) -> list[Record]:
        shown = [each for each in self.records.values() if each.id not in self.hidden | self.voided]
        shown.sort(key=lambda each: (each.stored is not None and each.stored.timestamp(), each.id))
        return [each for each in shown if each.stored is not None and _within(window, each)]


def _within(window: Window, record: Record) -> bool:
    at = record.stored
    if at is None:
        return True
    return (window.since is None or at > window.since) and (window.until is None or at <= window.until)
