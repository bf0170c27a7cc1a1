"""Reading around statements that were cut off inside a page that is whole: seen where a database column was too short.

Where it stands: `open_envelope` comes here when brackets do not match, or when what lies between two commas is no JSON.
A statement that was cut off swallows what follows it; so the next place is looked for at which a whole statement
begins, and what lies before it is passed on as it is. A page without its own end is never read in part: what is missing
there, nobody could tell.
"""

import json
import re
from collections.abc import Iterator

#: The end of a page; `more` may stand before the statements instead.
END = re.compile(rb'\]\s*(?:,\s*"more"\s*:\s*(?:null|"(?:[^"\\]|\\.)*")\s*)?\}\s*\Z')
LONGEST_END = 64 * 1024  # bytes; a link longer than that is none
#: Where a statement may begin: an object after a comma.
START = re.compile(r",\s*(?=\{)")
#: What a statement has that comes from an LRS (xAPI 1.0.3 Data 2.4): by this it is told from objects inside of another.
OF_EVERY_STATEMENT = frozenset({"actor", "verb", "object", "id", "stored"})
TRIES = 20_000  # places at which no statement begins, in one page: a bound on the work that a hostile one can make
_raw_decode = json.JSONDecoder(strict=False).raw_decode


def end_of(body: bytes) -> int | None:
    """Where the bracket stands that closes the statements of a page; None if the page does not end as one."""
    found = END.search(body, max(len(body) - LONGEST_END, 0))
    return found.start() if found else None


class Tries:
    """How often it is tried in one page; raises ValueError when that was too often."""

    def __init__(self) -> None:
        self._left = TRIES

    def take(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise ValueError("JSON that is broken in too many places")


def salvage(body: bytes, tries: Tries) -> Iterator[bytes]:
    """What stands between the brackets of a page: whole statements as they are, and what is left of others.

    Raises ValueError if that would be too much work.
    """
    # Byte for character: all that matters for where things end is ASCII, and bytes that are not UTF-8 do no harm.
    text = body.decode("latin-1")
    at = 0
    while at < len(text):
        end = _end_of_statement(text, at)
        following = START.match(text, end) if end is not None else None
        if following is None:  # what is here is broken, or something broken follows on it directly
            following = _next_statement(text, at if end is None else end, tries)
        piece = body[at : following.start() if following else len(text)].strip()
        at = following.end() if following else len(text)
        if piece:
            yield piece


def _next_statement(text: str, at: int, tries: Tries) -> re.Match[str] | None:
    """The next comma behind which a whole statement begins; None at the end."""
    for found in START.finditer(text, at):
        tries.take()
        if _end_of_statement(text, found.end()) is not None:
            return found
    return None


def _end_of_statement(text: str, at: int) -> int | None:
    """Where the whole statement ends that begins here; None if none does."""
    try:
        value, end = _raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    return end if isinstance(value, dict) and value.keys() >= OF_EVERY_STATEMENT else None
