"""Following `more` from page to page without being led astray or in circles; pure, no I/O.

Where it stands: `XapiSource` asks it for the next address and shows it every page.
"""

from collections.abc import Iterable
from hashlib import blake2b
from urllib.parse import urljoin

from lrs_bridge_connectors.errors import Misbehaving
from lrs_bridge_connectors.origin import origin_of, reject_ambiguous
from lrs_bridge_connectors.source import Record

# Servers that filter after paging send empty pages with a link; this many of them in a row lead nowhere.
MOST_EMPTY = 1000


class MoreChain:
    """The pages of one query. Raises `Misbehaving` for another origin, a loop, a repeated page, and no end."""

    def __init__(self, statements_url: str, *, source: str, max_pages: int) -> None:
        self._base = statements_url
        self._origin = origin_of(statements_url)
        self._source = source
        self._max_pages = max_pages
        self._links: set[str] = set()
        self._pages: set[bytes] = set()
        self._count = 0
        self._empty = 0

    def follow(self, more: str | None) -> str | None:
        """The address of the next page; None at the end, which servers tell by "", null, or no key at all.

        `more` is taken as it is, letter case included, relative to the Statement Resource (xAPI 1.0.3 Data 2.5).
        """
        if not more:
            return None
        url = self._resolve(more)
        if url in self._links:
            raise self._misbehaving("`more` leads back to a page that was read already")
        self._links.add(url)
        return url

    def see(self, records: Iterable[Record]) -> None:
        """Note a page that came; exactly the records of an earlier page mean that paging goes in circles."""
        self._count += 1
        if self._count > self._max_pages:
            raise self._misbehaving(f"it has not come to an end after {self._max_pages:,} pages")
        digest = blake2b(digest_size=16)
        empty = True
        for record in records:
            empty = False
            digest.update(record.id.encode("utf-8", "surrogatepass") if record.id else record.body)
            digest.update(b"\n")
        self._empty = self._empty + 1 if empty else 0
        if self._empty > MOST_EMPTY:
            raise self._misbehaving(f"it sent {MOST_EMPTY:,} empty pages in a row, each with a link to another one")
        if empty:
            return  # legal, and seen before the end of a chain
        if digest.digest() in self._pages:
            raise self._misbehaving("it sent the same page twice")
        self._pages.add(digest.digest())

    def _resolve(self, more: str) -> str:
        try:
            reject_ambiguous(more)  # before joining: urljoin drops tabs and line breaks silently
            url = urljoin(self._base, more)
            target = origin_of(url)
        except ValueError as problem:
            raise self._misbehaving(f"`more` cannot be followed: {problem}") from None
        if target != self._origin:
            raise self._misbehaving(f"`more` leads to another origin, {target}; nothing was sent there")
        return url

    def _misbehaving(self, what: str) -> Misbehaving:
        return Misbehaving(
            f"{self._origin}: {what}",
            source=self._source,
            advice="The pull stops here and goes on from the saved cursor next time; tell the server's operator.",
        )
