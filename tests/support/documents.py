"""Rule documents for tests: those that are shipped, data of any shape, and the comments of a text."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from lrs_bridge_rules.documents.changing.spans import leaves, spans_of

_ROOT = Path(__file__).resolve().parents[2]
#: Every rule document of the repository.
SHIPPED = sorted(
    path
    for folder in ("rules/packs", "config/rules", "lrs_bridge/cli/starter", "lrs_bridge/demo/rules")
    for path in (_ROOT / folder).glob("*.yaml")
)

_CHARACTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from("#:-?!&*{}[],'\"|>%@` \n\\~")
_TEXTS = st.text(_CHARACTERS, max_size=12) | st.sampled_from(
    ["no", "true", "~", "012", "1e3", "0x1F", "2027-01-31", "<<", "a: b", "- a", "# a", "a #b", "'", "a\n\n b\n"]
)
_NUMBERS = st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_SCALARS = st.none() | st.booleans() | _NUMBERS | _TEXTS
_KEYS = st.sampled_from(["id", "when", "rules", "tests", "a", "b", "c d"]) | _TEXTS
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=10,
)


def data() -> st.SearchStrategy[dict[str, Any]]:
    """What a document may say, whether it makes sense or not."""
    return st.dictionaries(_KEYS, _VALUES, max_size=4)


def comments(text: str) -> list[str]:
    """The comments of a text: what stands between a # and the end of its line, outside of keys and values."""
    body = text.removeprefix("\ufeff")
    covered = [(0, 0), *((leaf.start, leaf.end) for leaf in leaves(spans_of(body))), (len(body), len(body))]
    gaps = [body[end:start] for (_, end), (start, _) in pairwise(sorted(covered)) if end < start]
    return [line[line.index("#") :].strip() for gap in gaps for line in gap.splitlines() if "#" in line]


_SHAPE_KEYS = st.sampled_from(
    [
        "id",
        "when",
        "verb",
        "unless",
        "reason",
        "until",
        "evidence",
        "competency",
        "any",
        "all",
        "not",
        "list",
        "contains",
        "gte",
        "between",
        "present",
        "statements",
        "activity",
        "name",
        "score",
        "percent",
        "tests",
        "expect",
        "from",
        "type",
        "outcome",
        "status",
        "tenure",
        "due",
        "kind",
        "title",
        "exclude",
        "follow_up",
    ]
)
_SHAPES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["course", "passed", "30d", "parent", "a", "", "active", "match", "apply"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_SHAPE_KEYS, inner, max_size=3),
    max_leaves=6,
)


def shapes() -> st.SearchStrategy[dict[str, Any]]:
    """Documents whose sections have the right names, and hold anything."""
    sections = ["include", "lists", "completions", "rules", "follow_ups", "follow_ups_default", "waste"]
    return st.dictionaries(st.sampled_from(sections), _SHAPES)
