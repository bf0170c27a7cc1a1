"""Whole rule documents that are right, statements and completions that they may fit, all drawn by hypothesis.

Made from the tables of fields and operators: a field or operator that is added there is drawn here too. The words come
from small pools, so that what is drawn meets; the pools hold what is near to each other (prefixes, case, repeats).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.completions.reading import Activity
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.fields import Field, Kind
from lrs_bridge_rules.conditions.operators import OPERATORS, Row, Shape
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS
from lrs_bridge_rules.follow_up import FollowUpKind
from lrs_bridge_rules.statements.statement import Statement
from support.xapi import NOON, a_statement, a_subject

Data = dict[str, Any]
Drawn = st.SearchStrategy[Any]

IRIS = ("https://a.example.org/1", "https://a.example.org/12", "https://b.example.org/1", "urn:a", "urn:A")
NAMES = ("Excel", "excel basics", "Excel Basics II", "Basics", "First aid", "ß", "")
SHORT_VERBS = ("passed", "completed", "failed", "attended")
SHORT_TYPES = ("course", "assessment", "lesson")
PERCENTS = (0, 50, 69.5, 70, 100)
LENGTHS = {"30min": timedelta(minutes=30), "PT45M": timedelta(minutes=45), "1h": timedelta(hours=1)}
DAYS = ("2026-03-01", "2026-03-02", "2026-03-02T12:00:00Z", "2026-03-02T13:00:00+01:00")
KEYS = ("x:a", "x:b")
PEOPLE = ("mailto:ada@example.org", "mailto:bob@example.org")
LISTS: Mapping[str, list[str]] = {
    "iris": list(IRIS[:2]),
    "names": ["Excel", "First aid"],
    "verbs": list(SHORT_VERBS[:2]),
    "types": ["course"],
    "days": ["2026-03-01", "2026-03-03"],
}

_IRI = st.sampled_from(IRIS)
_NAME = st.sampled_from([name for name in NAMES if name])
_OPERANDS: Mapping[Kind, Drawn] = {
    Kind.TEXT: _IRI | st.sampled_from(["en", "x:a", "x:a=1", "academy"]),
    Kind.NAME: _NAME,
    Kind.VERB: st.sampled_from([*SHORT_VERBS, VERBS["passed"][0]]),
    Kind.TYPE: st.sampled_from([*SHORT_TYPES, ACTIVITY_TYPES["course"][1]]),
    Kind.IDENTIFIER: st.sampled_from(PEOPLE),
    Kind.NUMBER: st.sampled_from([0, 0.5, 1, -1]),
    Kind.DURATION: st.sampled_from(list(LENGTHS)),
    Kind.TRUTH: st.booleans(),
    Kind.MOMENT: st.sampled_from(DAYS),
}
_NAMED = {Kind.TEXT: "iris", Kind.NAME: "names", Kind.VERB: "verbs", Kind.TYPE: "types"}
_FRAGMENTS = st.sampled_from(["e", "Ex", "basics", "https://", "a.example", "http://adl", "2", "=1"])
_PATTERNS = st.sampled_from(["*1", "https://*", "*example*1", "Ex*", "*s", "urn:a", "**e**"])


def _operand(field: Field[Any]) -> Drawn:
    if field.words:
        return st.sampled_from(field.words)
    if field.limits is not None and field.limits[1] > 1:
        return st.sampled_from(PERCENTS)
    return _OPERANDS[field.kind]


def _some(one: Drawn) -> Drawn:
    return st.lists(one, min_size=1, max_size=3)


def _behind(field: Field[Any], word: str, row: Row) -> Drawn:
    """What may stand behind an operator."""
    own = {"glob": _PATTERNS, "contains": _FRAGMENTS, "prefix": _FRAGMENTS, "on": st.sampled_from(DAYS[:2])}
    one = own[word] if word in own else st.booleans() if row.shape == Shape.SWITCH else _operand(field)
    if row.shape == Shape.PAIR:
        return (
            st.just([50, 70])
            if field.limits is not None and field.limits[1] > 1
            else st.sampled_from(_PAIRS[field.kind])
        )
    if row.shape != Shape.SEVERAL:
        return one
    named = "days" if word == "on" else None if word in own or field.words else _NAMED.get(field.kind)
    return one | _some(one) | (st.just({"list": named}) if named else st.nothing())


_PAIRS: Mapping[Kind, list[list[Any]]] = {
    Kind.NUMBER: [[0, 0], [-1, 0.5]],
    Kind.DURATION: [["30min", "PT45M"], ["45min", "1h"]],
    Kind.MOMENT: [["2026-03-01", "2026-03-02"], ["2026-03-01T12:00:00Z", "2026-03-02"]],
}


def _clause(field: Field[Any]) -> Drawn:
    suiting = [(word, row) for word, row in OPERATORS.items() if field.kind in row.kinds]
    words = st.one_of(*(st.fixed_dictionaries({word: _behind(field, word, row)}) for word, row in suiting))
    plain = _behind(field, "is", OPERATORS["is"]) if field.kind in OPERATORS["is"].kinds else st.nothing()
    return plain | words | (_under_key() if field.keyed is not None else st.nothing())


def _under_key() -> Drawn:
    values = st.sampled_from(
        [1, "1", True, "ab", ["ab", "b"], {"gte": 1}, {"prefix": "a"}, {"present": True}, {"x:c": 2}]
    )
    return st.dictionaries(st.sampled_from(KEYS), values, min_size=1, max_size=2)


def _conditions(fields: Mapping[str, Field[Any]]) -> Drawn:
    """Conditions over every field of a table, with groups."""
    clauses = {name: _clause(field) for name, field in fields.items()}
    keys = st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=3, unique=True)
    leaf = keys.flatmap(lambda names: st.fixed_dictionaries({name: clauses[name] for name in names}))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda parts: {"any": parts}, _some(inner)),
            st.builds(lambda parts: {"all": parts}, _some(inner)),
            st.builds(lambda part: {"not": part}, inner),
            st.builds(lambda one, parts: {**one, "any": parts}, leaf, _some(inner)),
        ),
        max_leaves=4,
    )


ON_STATEMENTS = _conditions(STATEMENT_FIELDS)
ON_COMPLETIONS = _conditions(SUBJECT_FIELDS)

_TEXT = st.sampled_from(["a reason", "no", "it: is", "# one", "Größe", "1"])
_SPAN = st.sampled_from(["12h", "30d", "2w", "6mo", "2y"])
_AROUND = st.sampled_from(["object", "parent", "grouping"])
_DEFINITION = st.fixed_dictionaries(
    {"when": ON_STATEMENTS, "outcome": st.sampled_from([*Outcome, "ignore"]).map(str)},
    optional={
        "activity": _AROUND | st.fixed_dictionaries({"from": _AROUND}, optional={"type": _OPERANDS[Kind.TYPE]}),
        "attempt": st.sampled_from(["registration", "object", "activity", "none"]),
        "score": st.sampled_from(["raw/max", "scaled", "centred"]),
    },
)
_EXCEPTION = st.fixed_dictionaries(
    {"when": ON_COMPLETIONS, "reason": _TEXT}, optional={"author": _TEXT, "until": st.sampled_from(DAYS)}
)
_EVIDENCE = st.one_of(*(st.fixed_dictionaries({key: _TEXT}) for key in ("competency", "activity", "goal")))
_STATUSES = st.sampled_from(["draft", "shadow", "active", "active", "retired"])
_FOLLOW_UP = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([str(kind.value) for kind in FollowUpKind]),
        "title": st.sampled_from(["Use {activity}", "Say {goal} to {learner}"]),
        "due": _SPAN,
    },
    optional={
        "confirm": st.sampled_from(["manager", "none"]),
        "remind": _SPAN | _some(_SPAN),
        "escalate": _SPAN,
        "expire": _SPAN,
        "within": _SPAN,
        "questions": _TEXT | _some(_TEXT),
    },
)
_SHORT = st.fixed_dictionaries(
    {"verb": st.sampled_from(SHORT_VERBS), "activity": st.fixed_dictionaries({"name": _NAME})},
    optional={
        "score": st.builds(lambda percent: {"percent": percent}, st.sampled_from(PERCENTS)),
        "success": st.booleans(),
    },
)
_TEST = st.fixed_dictionaries(
    {"name": _TEXT, "statements": _SHORT | _some(_SHORT), "expect": st.sampled_from(["match", "no-match"])}
)


def _rule(follow_ups: list[str]) -> Drawn:
    opened = st.lists(st.sampled_from(follow_ups), max_size=2) if follow_ups else st.just([])
    common = {"status": _STATUSES, "when": ON_COMPLETIONS}
    optional = {
        "title": _TEXT,
        "unless": _EXCEPTION | st.lists(_EXCEPTION, max_size=2),
        "tests": st.lists(_TEST, max_size=2),
    }
    evidencing = st.fixed_dictionaries(
        {**common, "evidence": _EVIDENCE | _some(_EVIDENCE)}, optional={**optional, "follow_up": opened}
    )
    return evidencing | st.fixed_dictionaries({**common, "exclude": _TEXT}, optional=optional)


def _numbered(prefix: str, parts: list[Data]) -> list[Data]:
    return [{"id": f"{prefix}{number}", **part} for number, part in enumerate(parts)]


@st.composite
def documents(draw: st.DrawFn) -> Data:
    """A whole document that the loader accepts."""
    follow_ups = _numbered("task-", draw(st.lists(_FOLLOW_UP, max_size=2)))
    rules = draw(st.lists(_rule([each["id"] for each in follow_ups]), max_size=5))
    document = {
        "lists": dict(LISTS),
        "completions": _numbered("reads-", draw(st.lists(_DEFINITION, max_size=4))),
        "rules": _numbered("rule-", rules),
        "follow_ups": follow_ups,
        "follow_ups_default": [each["id"] for each in follow_ups[:1]],
    }
    more = st.fixed_dictionaries(
        {},
        optional={
            "include": st.sampled_from(["cmi5", ["cmi5", "generic-adl"]]),
            "time_zone": st.sampled_from(["UTC", "Europe/Berlin"]),
            "waste": st.fixed_dictionaries(
                {}, optional={"mastery": st.sampled_from(PERCENTS), "abandoned_after": _SPAN}
            ),
        },
    )
    return {**document, **draw(more)}


_ABOUT = st.builds(
    lambda iri, name, kind: {"id": iri, "definition": {"name": {"en": name}, "type": ACTIVITY_TYPES[kind][0]}},
    _IRI,
    st.sampled_from(NAMES),
    st.sampled_from(SHORT_TYPES),
)
_GROUP = st.lists(_ABOUT, max_size=2)
_EXTENSIONS = st.sampled_from([{"x:a": 1}, {"x:a": "1"}, {"x:a": ["ab", 2]}, {"x:b": {"x:c": 2}}, {"x:b": True}])
_CONTEXT = st.fixed_dictionaries(
    {},
    optional={
        "platform": st.sampled_from(["Excel", "basics"]),
        "language": st.sampled_from(["en", "EN"]),
        "instructor": st.sampled_from(PEOPLE).map(lambda mbox: {"mbox": mbox, "name": "Basics"}),
        "extensions": _EXTENSIONS,
        "contextActivities": st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("parent", "grouping", "category"), _GROUP)
        ),
    },
)
_RESULT = st.fixed_dictionaries(
    {},
    optional={
        "success": st.booleans(),
        "completion": st.booleans(),
        "duration": st.sampled_from(["PT30M", "PT45M", "PT1H"]),
        "score": st.sampled_from([{"scaled": 0.5}, {"raw": 70, "max": 100}, {"raw": 0, "min": 0, "max": 10}]),
        "extensions": _EXTENSIONS,
    },
)


def statements() -> st.SearchStrategy[Statement]:
    """A statement that says something of all that conditions ask about."""
    return st.builds(
        lambda verb, about, result, context, at: a_statement(
            VERBS[verb][0], object=about, result=result, context=context, timestamp=at
        ),
        st.sampled_from(SHORT_VERBS),
        _ABOUT,
        _RESULT,
        _CONTEXT,
        st.sampled_from(["2026-03-01T23:30:00Z", "2026-03-02T12:00:00Z", "2026-03-03T00:00:00Z"]),
    )


_ACTIVITY = st.builds(
    Activity, _IRI, st.sampled_from(NAMES), st.sampled_from([ACTIVITY_TYPES[kind][0] for kind in SHORT_TYPES])
)


def _activities() -> Drawn:
    return st.lists(_ACTIVITY, max_size=2).map(tuple)


def _words(*words: str) -> Drawn:
    return st.lists(st.sampled_from(words), max_size=2).map(tuple)


def subjects() -> st.SearchStrategy[Subject]:
    """A completion that says something of all that conditions ask about."""
    return st.builds(
        a_subject,
        activity=_ACTIVITY,
        activity_ids=_words(*IRIS),
        outcome=st.sampled_from(SUBJECT_FIELDS["outcome"].words).map(Outcome),
        percent=st.none() | st.sampled_from(PERCENTS),
        success=st.none() | st.booleans(),
        duration=st.none() | st.sampled_from(list(LENGTHS.values())),
        at=st.sampled_from([NOON, NOON - timedelta(days=1), NOON - timedelta(hours=12)]),
        verbs=st.lists(st.sampled_from([VERBS[verb][0] for verb in SHORT_VERBS]), max_size=2).map(tuple),
        names=_words(*NAMES),
        **{group: _activities() for group in ("parents", "groupings", "categories", "others")},
        platforms=_words("Excel", "basics"),
        sources=_words("academy", "urn:a"),
        source_kinds=_words("xapi", "files"),
        registrations=_words("urn:a"),
        unit=st.sampled_from(["", "Basics"]),
        job=st.sampled_from(["", "excel"]),
        provider=st.sampled_from(["", "First Aid"]),
        mandated=st.booleans(),
        provider_kind=st.sampled_from(["", *SUBJECT_FIELDS["provider.kind"].words]),
        statements=st.lists(statements(), max_size=2).map(tuple),
    )
