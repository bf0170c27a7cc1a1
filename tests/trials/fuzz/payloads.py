"""What is put into statements: texts that try to become something else, and values that stretch what a type holds.

Every text carries the MARK, so that it can be found wherever it comes out unescaped, or where it must not come out.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

MARK = "xq9"

TEXTS = (
    f"<script>{MARK}()</script>",
    f'"><img src={MARK} onerror={MARK}()>',
    f"'><svg/onload={MARK}()>",
    f'" {MARK}="1" onmouseover="{MARK}()',
    f"</bdi></pre></title></textarea></script><{MARK}>",
    f"<!--{MARK}",
    f"]]><{MARK}/>",
    f"&lt;{MARK}&gt; &amp;#60;{MARK}",
    f"{{{{ 7*'{MARK}' }}}}{{% {MARK} %}}",
    f"javascript:{MARK}()",
    f"data:text/html,<{MARK}>",
    f'=HYPERLINK("http://{MARK}.example.test")',
    f"+{MARK}|'cmd'!A0",
    f"-2+3+{MARK}",
    f"@SUM({MARK})",
    f"\t={MARK}",
    f"\r\n={MARK}",
    f"\uff1d{MARK}",
    f"{MARK}\r\nBcc: all@example.test\r\n\r\n<{MARK}>",
    f"{MARK}'; DROP TABLE statement;--",
    f"%s%n%(name)s{{0}}{{title}}{{{MARK}}}",
    f"\x00{MARK}",
    f"{MARK}\x00",
    f"\ud800{MARK}",
    f"{MARK}\udfff<{MARK}>",
    f"\u202e{MARK}\u202c\u2066",
    f"\ufeff{MARK}\ufffe\uffff",
    f"\x1b[31m{MARK}\x07\x7f\x85\u2028\u2029",
    f"../../{MARK}/..%2f..%00",
    f"{MARK}|{MARK}",
    "\u0130\u0131\u017f\u1e9e" + MARK,
    MARK + "e\u0301" * 50,
    MARK + "\U0010ffff" * 20,
    MARK * 400,
    f"{MARK}/?#[]@!$&'()*+,;=%",
    f" {MARK} ",
)
TIMES = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "2026-02-28T23:59:60Z",
    "2026-02-30T12:00:00Z",
    "2026-03-29T02:30:00",
    "2026-03-01 12:00:00.123456789-00:00",
    "2026-03-01T12:00:00,5+0100",
    "2026-W09-7T12:00:00Z",
    "20260301T120000Z",
    "2026-03-01",
    "-2026-03-01T12:00:00Z",
    "2026-03-01T24:00:00Z",
    "2026-03-01T12:00:00+23:59",
    "2026-03-01T12:00:00+99:99",
    "\u0662\u0660\u0662\u0666-03-01T12:00:00Z",
    "2026-03-01T12:00:00Z" + "0" * 300,
    "1772366400",
)
DURATIONS = (
    "PT0S",
    "P4W",
    "P3Y1M",
    "-PT5M",
    "PT1E5S",
    "P99999999999Y",
    "PT0.0000000001S",
    "P",
    "P1Y2M3DT4H5M6.7S",
    "PTnanS",
)
NUMBERS: tuple[Any, ...] = (
    0,
    -0.0,
    -1,
    1e308,
    -1e308,
    5e-324,
    2**31,
    2**53 + 1,
    2**63,
    2**64,
    -(2**63) - 1,
    10**30,
    10**400,
    0.1 + 0.2,
    float("nan"),
    float("inf"),
    -float("inf"),
    1e16,
    99.99999999999999,
)
IRIS = (
    "http://adlnet.gov/expapi/verbs/completed",
    "http://adlnet.gov/expapi/verbs/passed",
    "https://adlnet.gov/expapi/verbs/passed",
    "http://adlnet.gov/expapi/verbs/voided",
    "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/uncompleted",
    f"https://lms.example.org/{MARK}?a=<{MARK}>&b='\"",
    f"https://{MARK}@example.test:99999/%zz",
    f"urn:x:{MARK}",
    f"//{MARK}/",
    f"https://[::{MARK}",
    f"https://lms.example.org/\u00e4\u4e2d\U0001f600{MARK}",
    "https://lms.example.org/" + MARK * 300,
    "https://lms.example.org/" + MARK * 400,
    " ",
    "http://",
)
IDENTIFIERS: tuple[Any, ...] = (
    {"mbox": "mailto:ada@example.org"},
    {"mbox": f"mailto:<{MARK}>@example.org", "name": f"<{MARK}>"},
    {"mbox_sha1sum": "0" * 40},
    {"openid": f"javascript:{MARK}()"},
    {"account": {"homePage": f"https://{MARK}.example.org|a", "name": f"|<{MARK}>"}},
    {"account": {"homePage": "https://lms.example.org", "name": "ada"}},
    {"mbox": "mailto:ada@example.org", "openid": "https://example.org/ada"},
    {"objectType": "Group", "member": [{"mbox": f"mailto:{MARK}{each}@example.org"} for each in range(30)]},
    {"objectType": "Group", "name": f"<{MARK}>"},
)
EMPTY: tuple[Any, ...] = (None, True, False, "", [], {}, [[]], {"": None})
#: Properties that xAPI knows, to be put where they were not.
PROPERTIES = (
    "id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version", "attachments",
    "objectType", "mbox", "mbox_sha1sum", "openid", "account", "homePage", "name", "member", "display", "definition",
    "description", "type", "moreInfo", "interactionType", "choices", "score", "scaled", "raw", "min", "max", "success",
    "completion", "response", "duration", "extensions", "registration", "instructor", "team", "contextActivities",
    "parent", "grouping", "category", "other", "revision", "platform", "language", "statement", "__proto__", MARK,
)  # fmt: skip  # a list to look at, not to read


def deep(chance: Random) -> Any:
    """A value inside of many others."""
    value: Any = MARK
    for _ in range(chance.choice((5, 60, 300, 900))):
        value = [value] if chance.random() < 0.5 else {"id": value}
    return value


def wide(chance: Random) -> Any:
    """Many of something."""
    many = chance.choice((10, 100, 1000))
    return {f"{MARK}-{each}": each for each in range(many)} if chance.random() < 0.5 else [MARK] * many


def value(chance: Random) -> Any:
    """Something that can stand in the place of any value."""
    return FAMILIES[chance.randrange(len(FAMILIES))](chance)


#: One row per family.
FAMILIES: tuple[Callable[[Random], Any], ...] = (
    lambda chance: chance.choice(TEXTS),
    lambda chance: chance.choice(TIMES),
    lambda chance: chance.choice(DURATIONS),
    lambda chance: chance.choice(NUMBERS),
    lambda chance: chance.choice(IRIS),
    # Copies: changes go on inside of them.
    lambda chance: deepcopy(chance.choice(IDENTIFIERS)),
    lambda chance: deepcopy(chance.choice(EMPTY)),
    deep,
    wide,
)
