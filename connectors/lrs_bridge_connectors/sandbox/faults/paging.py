"""Faults of paging: `more` in all its shapes, limits and order.

Where it stands: rows of `FAULTS`.
"""

from collections.abc import Callable
from itertools import count

from lrs_bridge_connectors.sandbox.faults.scene import Answer, Asked, Behind, Fault, Reply

_MOST = "3"  # statements in a page, whatever is asked for
_fresh = count(1)  # for links that are never the same


def _with_more(change: Callable[[Asked, str | None], str | None], *, key: bool = True) -> Answer:
    """The page with another `more`; `key` False leaves out one that has nothing to say."""

    def answer(asked: Asked, behind: Behind) -> Reply:
        reply = behind.honest(asked)
        if not asked.pages or reply.status != 200:
            return reply
        statements, more = reply.page()
        new = change(asked, more)
        return reply.with_page(statements, new, key=key or bool(new))

    return answer


def _endless(asked: Asked, behind: Behind) -> Reply:
    """After the last statement, an empty page follows on an empty page, each with a link of its own."""
    reply = _empty(behind, asked) if "nothing" in asked.query else behind.honest(asked)
    if not asked.pages or reply.status != 200:
        return reply
    statements, more = reply.page()
    return reply.with_page(statements, more or f"/xapi/statements?nothing={next(_fresh)}")


def _empty(behind: Behind, asked: Asked) -> Reply:
    """An honest page with no statement in it."""
    return behind.honest(Asked("GET", asked.path, {"since": "2999-01-01T00:00:00.000Z"}, asked.headers))


def _one_more_empty(asked: Asked, behind: Behind) -> Reply:
    """One page more than there are: empty, and the end."""
    if "nothing" in asked.query:
        return _empty(behind, asked)
    reply = behind.honest(asked)
    if not asked.pages or reply.status != 200:
        return reply
    statements, more = reply.page()
    return reply.with_page(statements, more or "/xapi/statements?nothing=1")


def _repeating(asked: Asked, behind: Behind) -> Reply:
    """The first page again and again, each time behind another link."""
    first = {name: text for name, text in asked.query.items() if name != "round"}
    reply = behind.honest(Asked(asked.method, asked.path, first, asked.headers))
    if not asked.pages or reply.status != 200:
        return reply
    statements, _more = reply.page()
    link = "&".join(f"{name}={text}" for name, text in first.items())
    return reply.with_page(statements, f"/xapi/statements?{link}&round={next(_fresh)}")


def _elsewhere(asked: Asked, behind: Behind) -> Reply:
    return _with_more(lambda _asked, more: f"{behind.elsewhere}{more}" if more else more)(asked, behind)


def _expired(times: int) -> Answer:
    """Further pages cannot be had: the first requests for one are answered with 404."""

    def answer(asked: Asked, behind: Behind) -> Reply:
        gone = asked.continues and asked.turn <= times
        return Reply(404, {"Content-Type": "application/json"}, b'{"error":"gone"}') if gone else behind.honest(asked)

    return answer


def _as_query(asked: Asked, behind: Behind) -> Reply:
    """`more` is a bare query, relative to the Statement Resource."""
    if "cursor" in asked.query:
        asked = Asked(asked.method, f"{asked.path}/more/{asked.query['cursor']}", {}, asked.headers)
    return _with_more(lambda _asked, more: f"?limit=3&cursor={more.rpartition('/')[2]}" if more else None)(
        asked, behind
    )


def _other_case(asked: Asked, behind: Behind) -> Reply:
    """`more` has another letter case than the request had."""
    path = asked.path.replace("/xAPI/Statements/More/", "/xapi/statements/more/")
    asked = Asked(asked.method, path, asked.query, asked.headers, turn=asked.turn)
    return _with_more(
        lambda _asked, more: more.replace("/xapi/statements/more/", "/xAPI/Statements/More/") if more else None
    )(asked, behind)


def _capped(asked: Asked, behind: Behind) -> Reply:
    return behind.honest(asked.asking(limit=_MOST) if "limit" in asked.query else asked)


def _newest_first(asked: Asked, behind: Behind) -> Reply:
    return behind.honest(asked.asking(ascending="false") if "ascending" in asked.query else asked)


PAGING = (
    Fault("more-endless", "Behind its last statement come empty pages, each with a `more` to another one.", _endless),
    Fault(
        "more-looping",
        "Its `more` leads back to the page that it came with.",
        _with_more(lambda asked, _: asked.target),
    ),
    Fault("more-repeating", "Its `more` is always another one, and always leads to the same page.", _repeating),
    Fault("more-elsewhere", "Its `more` leads to another host.", _elsewhere),
    Fault("more-expired", "It answers a `more` with 404, once: its snapshot has expired.", _expired(2)),
    Fault("more-expired-for-ever", "It answers every `more` with 404.", _expired(1_000_000)),
    Fault("more-as-a-query", "Its `more` is `?limit=3&cursor=…`; the end is null.", _as_query),
    Fault("more-in-another-case", "Its `more` has another letter case than the address asked for.", _other_case),
    Fault("no-more", "At the end of paging it leaves `more` out.", _with_more(lambda _, more: more, key=False)),
    Fault("one-more-empty", "Its last page has a `more` to an empty page.", _one_more_empty),
    Fault("limit-capped", "It sends fewer statements a page than it was asked for.", _capped),
    Fault("newest-first", "It ignores `ascending` and sends the newest first.", _newest_first),
)
