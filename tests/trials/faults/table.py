"""THE table: fault → what the product does → what the operator is told → what is in the store afterwards.

Every fault of the sandbox has its row. docs/faults.md is made from it (`python -m trials.faults --write`).
"""

from __future__ import annotations

from datetime import timedelta

from lrs_bridge.store.ingest import CONFLICT
from trials.faults.row import Expected, Patience, Rescan
from trials.faults.world import MANY, backdated, crowded, statement_id, tied, voided, voided_twice, wanted

_LATER = "It is tried again later; if it stays, look at the server's log."
_STOPS = "The pull stops here and goes on from the saved cursor next time; tell the server's operator."
_NO_LRS = "Check that the endpoint is that of an LRS, and look at its log; nothing was lost."
_SIGN_IN = "Check user and password (or token), and that they may read statements."
_ENDPOINT = (
    "The endpoint should end in the path below which /statements is found, "
    "for example https://lrs.example.org/xapi or https://lrs.example.org/data/xAPI."
)
_TOO_SLOW = "lms: {lrs} took more than {deadline} s for one answer. Use a smaller page_limit, or raise deadline."
_TOO_LARGE = "lms: {lrs} sent more than 4,000,000 bytes in one answer. Use a smaller page_limit, or raise body_cap."
_BROKE = "lms: {lrs}: the connection broke. It is tried again later."
_UNTIMELY = "{lrs}: no answer within the time-out"
_OVERLOADED = "The server may be overloaded; a smaller page_limit or a longer read_timeout can help."

_FIVE_TRIES = (0.5, 1.0, 2.0, 4.0)
_ONE = wanted(1)
_BODY = frozenset({"body", "digest"})
_OTHERWISE = _BODY | {"verb"}
_NO_OVERLAP = {"overlap": timedelta(seconds=1)}
_SMALL_OVERLAP = {"overlap": timedelta(minutes=1)}

LINE = (
    Expected(
        fault="hanging",
        does="waits for `read_timeout`, tries five times in all, and stops",
        told=f"lms: {_UNTIMELY}. {_OVERLOADED}",
        doctor=f"{_UNTIMELY}. {_OVERLOADED}",
        pauses=_FIVE_TRIES,
        patience=Patience.READ,
    ),
    Expected(
        fault="dripping-body",
        does="stops at `deadline`, however many bytes still come",
        told=_TOO_SLOW,
        patience=Patience.DEADLINE,
    ),
    Expected(
        fault="dripping-headers",
        does="stops at `deadline`, which holds for headers as well",
        told=_TOO_SLOW,
        patience=Patience.DEADLINE,
    ),
    Expected(
        fault="reset-in-mid-body",
        does="throws the half away, tries five times in all, and stops",
        told=_BROKE,
        pauses=_FIVE_TRIES,
    ),
    Expected(
        fault="cut-in-mid-body",
        does="sees that fewer bytes came than were announced, tries five times in all, and stops",
        told=_BROKE,
        pauses=_FIVE_TRIES,
    ),
    Expected(
        fault="flood",
        does="does not begin to read more than `body_cap` (4 MB in the trial)",
        told=_TOO_LARGE,
        source={"body_cap": 4_000_000},
        peak=4_000_000,
    ),
    Expected(
        fault="silent-flood",
        does="stops reading at `body_cap`; memory stays below three times that",
        told=_TOO_LARGE,
        source={"body_cap": 4_000_000},
        peak=12_000_000,
    ),
)

ANSWERS = (
    Expected(
        fault="unauthorised",
        does="stops at once: more tries would only lock the account",
        told=f"lms: {{lrs}} does not accept the credentials (HTTP 401). {_SIGN_IN}",
        doctor=f"{{lrs}} does not accept the credentials (HTTP 401). {_SIGN_IN}",
        pauses=(),
    ),
    Expected(
        fault="forbidden",
        does="stops at once",
        told=f"lms: {{lrs}} does not accept the credentials (HTTP 403). {_SIGN_IN}",
        doctor=f"{{lrs}} does not accept the credentials (HTTP 403). {_SIGN_IN}",
        pauses=(),
    ),
    Expected(
        fault="bad-request-for-unauthorised",
        does="sees that the answer speaks of signing in, and stops at once",
        told=f"lms: {{lrs}} does not accept the credentials (HTTP 400). {_SIGN_IN}",
        pauses=(),
    ),
    Expected(
        fault="too-many-requests",
        does="waits the 22 seconds that are asked for, and goes on",
        pauses=(22.0,),
    ),
    Expected(
        fault="too-many-requests-for-ever",
        does="waits longer each time, tries five times in all, and stops",
        told="lms: {lrs} asks for fewer requests (HTTP 429). "
        "It is tried again later; a larger page_limit, or pulling less often, makes them fewer.",
        pauses=_FIVE_TRIES,
    ),
    Expected(
        fault="error-once",
        does="stops; the next pull goes on",
        told=f"lms: {{lrs}} answered HTTP 500. {_LATER}",
        pauses=(),
    ),
    Expected(
        fault="error-for-ever",
        does="stops; every further pull tries again",
        told=f"lms: {{lrs}} answered HTTP 500. {_LATER}",
        doctor=f"{{lrs}} answered HTTP 500. {_LATER}",
        pauses=(),
        pulls=2,
    ),
    Expected(
        fault="maintenance",
        does="waits longer each time, tries five times in all, and stops",
        told=f"lms: {{lrs}} is not available just now (HTTP 503). {_LATER}",
        pauses=_FIVE_TRIES,
    ),
    Expected(
        fault="redirecting",
        does="does not go there, and stops",
        told="lms: {lrs} redirects to {other} (HTTP 302), which is not followed: credentials go nowhere that was not "
        "configured. Set the endpoint to the final address (https instead of http? another path?).",
    ),
    Expected(
        fault="html-with-200",
        does="takes nothing of it, and stops",
        told=f"lms: {{lrs}} answered with a web page (HTML) instead of statements. {_NO_LRS}",
        doctor=f"the endpoint is not an LRS: it answered with a web page (HTML) instead of statements. {_ENDPOINT}",
    ),
    Expected(
        fault="truncated-json",
        does="takes nothing of the page, and stops",
        told=f"lms: {{lrs}} answered with JSON that ends in the middle of a page. {_NO_LRS}",
    ),
    Expected(fault="multipart", does="reads the first part, and leaves the attachments"),
    Expected(
        fault="another-version",
        does="reads what it knows of a statement, and keeps the rest",
        differs=_BODY,
    ),
)

PAGING = (
    Expected(
        fault="more-endless",
        does="stops after a thousand empty pages in a row, or 100,000 pages of any kind (20 in the trial)",
        told=f"lms: {{lrs}}: it has not come to an end after 20 pages. {_STOPS}",
        source={"max_pages": 20},
    ),
    Expected(
        fault="more-looping",
        does="sees the page again, and stops",
        told=f"lms: {{lrs}}: it sent the same page twice. {_STOPS}",
    ),
    Expected(
        fault="more-repeating",
        does="sees the page again though the link is new, and stops",
        told=f"lms: {{lrs}}: it sent the same page twice. {_STOPS}",
    ),
    Expected(
        fault="more-elsewhere",
        does="does not go there: no request, so no credentials, reaches the other host; and stops",
        told=f"lms: {{lrs}}: `more` leads to another origin, {{other}}; nothing was sent there. {_STOPS}",
    ),
    Expected(
        fault="more-expired",
        does="begins anew from the last safe place, and goes on",
        source=_SMALL_OVERLAP,
    ),
    Expected(
        fault="more-expired-for-ever",
        does="begins anew once, keeps the pages that came, and stops",
        told="lms: {lrs}: the links to further pages ended twice before the pull did. "
        "It goes on from the saved cursor; a larger page_limit makes the pull shorter.",
        source=_SMALL_OVERLAP,
    ),
    Expected(fault="more-as-a-query", does="follows it, relative to the address of the statements"),
    Expected(fault="more-in-another-case", does="follows it letter by letter"),
    Expected(fault="no-more", does="takes that as the end"),
    Expected(fault="one-more-empty", does="takes the empty page as a page, and the end as the end"),
    Expected(fault="limit-capped", does="follows more pages"),
    Expected(fault="newest-first", does="moves the cursor only when everything was read"),
)

TIMES = (
    Expected(
        fault="clock-ahead",
        does="goes by the statements, not by the clock",
        doctor="statements can be read. The clock of the LRS differs from ours by +300 s: check both (NTP).",
    ),
    Expected(
        fault="clock-behind",
        does="moves the cursor no further than that clock, and reads the rest again next time",
        doctor="statements can be read. The clock of the LRS differs from ours by -300 s: check both (NTP).",
    ),
    Expected(
        fault="no-consistent-through",
        does="goes by the server's Date, minus `settle`",
        doctor="statements can be read. It sends no Consistent-Through: keep overlap generous and a rescan scheduled.",
    ),
    Expected(
        fault="untrue-consistent-through",
        does="reads again what was stored within `overlap` before the cursor",
        victims=wanted(3),
    ),
    Expected(fault="since-as-text", does="sends times in the one form that every server understands"),
    Expected(
        fault="hidden-microseconds",
        does="knows a statement again by its id, in batches with one time as well",
        world=tied,
    ),
    Expected(
        fault="by-timestamp",
        does='with `cursor_field = "timestamp"`, reads what is in order, and finds backdated statements by a rescan',
        doctor="statements can be read. It sends no Consistent-Through: keep overlap generous and a rescan scheduled. "
        "It does not sort by timestamp as asked: the cursor moves only at the end of a pull.",
        world=backdated,
        source={"cursor_field": "timestamp"},
        rescan=Rescan.WHILE_IT_LASTS,
        missed=1,
    ),
)

STATEMENTS = (
    Expected(fault="large-statement", does="takes it in, unchanged", victims=_ONE, differs=_BODY),
    Expected(
        fault="deep-nesting",
        does="puts the statement aside, and goes on",
        victims=_ONE,
        aside=("it is nested too deeply to be read",),
    ),
    Expected(
        fault="nul-character",
        does="puts the statement aside, and goes on",
        victims=_ONE,
        aside=("result.response contains a NUL character, which no database can keep as text",),
    ),
    Expected(
        fault="lone-surrogate",
        does="puts the statement aside, and goes on",
        victims=_ONE,
        aside=("it is not JSON: a text contains half of a surrogate pair (\\uD800 to \\uDFFF must come in twos)",),
    ),
    Expected(
        fault="duplicate-keys",
        does="takes the last of each, as other readers of JSON do, and keeps the statement unchanged",
        victims=_ONE,
        differs=_BODY,
    ),
    Expected(
        fault="long-score",
        does="puts the statement aside, and goes on",
        victims=_ONE,
        aside=("result.score.raw is a number that is too large",),
    ),
    Expected(
        fault="long-number",
        does="takes the statement in, unchanged; the other number that comes later is another statement",
        victims=_ONE,
        aside=(CONFLICT,),
        differs=_OTHERWISE,
    ),
    Expected(
        fault="undecodable-statement",
        does="puts that one of a thousand aside, and takes in the others",
        world=crowded,
        victims=(statement_id(5),),
        aside=("it is not JSON: byte 460 is not UTF-8",),
        source={"page_limit": 1000},
    ),
    Expected(
        fault="cut-statement",
        does="puts what is left of it aside, and takes in the others",
        victims=_ONE,
        aside=("it is not JSON: it breaks off before its end",),
    ),
    Expected(
        fault="other-meaning",
        does="keeps what came first, and puts the other aside",
        victims=wanted(1, start=0),
        aside=(CONFLICT,),
    ),
    Expected(fault="rewritten-statements", does="sees that they mean the same", differs=_BODY, pulls=2),
    Expected(fault="loosely-written", does="reads them as they are meant", differs=_BODY, pulls=2),
    Expected(
        fault="https-verbs",
        does="recognises both; they stay two verbs, so that the correction is another statement",
        victims=_ONE,
        aside=(CONFLICT,),
        differs=_OTHERWISE,
    ),
    Expected(
        fault="voider-first",
        does="keeps the voiding statement until its target comes, which is void then",
        victims=wanted(1, start=0),
        world=voided,
        fresh=True,
        pulls=2,
    ),
    Expected(
        fault="voided-voider",
        does="lets a voided statement stay void: a voiding statement cannot be voided",
        victims=(statement_id(MANY),),
        world=voided_twice,
    ),
    Expected(
        fault="narrowed",
        does="cannot know; finds what it missed by a rescan",
        victims=wanted(4),
        source=_NO_OVERLAP,
        rescan=Rescan.AFTERWARDS,
        missed=4,
    ),
    Expected(
        fault="changing-pages",
        does="reads again what was stored within `overlap` before the cursor",
        victims=wanted(4),
        pulls=3,
    ),
)

TABLE = (*LINE, *ANSWERS, *PAGING, *TIMES, *STATEMENTS)
