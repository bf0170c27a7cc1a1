"""Random rulesets, statements and completions that come near each other, for the laws of the lints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from lrs_bridge_rules.completions.attempt import conclude
from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.completions.reading import Activity, Reading
from lrs_bridge_rules.completions.subject import Subject, subject_of
from lrs_bridge_rules.conditions.fields import Told
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import decode_statement
from support.xapi import ADL, a_body, a_rule, a_subject, encoded

#: When the documents of the lints' pages are looked at.
TODAY = datetime(2026, 11, 22, tzinfo=UTC)

_IDS = ("urn:a", "urn:ab", "urn:b")
_NAMES = ("Excel basics", "Excel for experts", "First aid", "aid")
_TEXTS = ("excel", "cel", "ai", "aid", "first aid", "for experts", "basics")
_VERBS = ("passed", "completed", "failed", "progressed", "scored", "uncompleted", "initialized", "waived")
_TYPES = ("course", "assessment", "module")
_TYPE_IRI = "http://adlnet.gov/expapi/activities/"
_MOMENTS = ("2026-03-01", "2026-03-02", "2026-03-03T10:00:00Z")


def _some(values: Sequence[str]) -> st.SearchStrategy[str]:
    quoted = st.sampled_from([f"'{value}'" for value in values])
    return quoted | st.lists(quoted, min_size=1, max_size=3).map(lambda some: f"[{', '.join(some)}]")


def _clause(field: str, word: str, operand: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return operand.map(lambda text: f"{{{field}: {{{word}: {text}}}}}")


def _exactly(field: str, values: Sequence[str]) -> st.SearchStrategy[str]:
    return st.one_of(*(_clause(field, word, _some(values)) for word in ("is", "not_in")))


def _switch(field: str) -> st.SearchStrategy[str]:
    return _clause(field, "present", st.sampled_from(("true", "false")))


def _textual(field: str, values: Sequence[str], texts: Sequence[str], shapes: Sequence[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        _exactly(field, values),
        _clause(field, "contains", _some(texts)),
        _clause(field, "prefix", _some(texts)),
        _clause(field, "glob", _some(shapes)),
        _switch(field),
    )


def _numeric(field: str) -> st.SearchStrategy[str]:
    limits = st.sampled_from((0, 40, 60, 80, 100))
    one = st.sampled_from(("gt", "gte", "lt", "lte")).flatmap(lambda word: _clause(field, word, limits.map(str)))
    pair = st.tuples(limits, limits).map(lambda found: f"[{min(found)}, {max(found)}]")
    return (
        one
        | _clause(field, "between", pair)
        | _exactly(field, ("0", "40", "80")).map(lambda text: text.replace("'", ""))
    )


_TRUTHS = st.sampled_from(("true", "false", "[true, false]"))
_COMMON = (
    _textual("activity.id", _IDS, ("urn", "urn:a", "b"), ("urn:*", "*b", "u*a*", "urn:a")),
    _textual("activity.name", _NAMES, _TEXTS, ("excel*", "*aid", "*c*s", "*for*")),
    _exactly("activity.type", _TYPES) | _switch("activity.type"),
    _exactly("verb", _VERBS) | _switch("verb"),
    _numeric("score.percent") | _switch("score.percent"),
    st.sampled_from(("gte", "lt")).flatmap(lambda word: _clause("duration", word, st.sampled_from(("1h", "PT30M")))),
    _clause("result.success", "is", _TRUTHS) | _clause("result.success", "not_in", _TRUTHS),
    st.sampled_from(("before", "after")).flatmap(lambda word: _clause("at", word, st.sampled_from(_MOMENTS))),
    _clause("at", "on", _some(("2026-03-01", "2026-03-02", "2026-03-05"))),
)
_OF_COMPLETIONS = (
    *_COMMON,
    _exactly("outcome", ("passed", "failed", "completed", "started", "revoked", "waived")),
    _clause("mandated", "is", _TRUTHS),
    _textual("parent.id", _IDS, ("urn",), ("urn:*",)),
    _exactly("learner.job", ("Nurse", "Lead")) | _switch("learner.job"),
)
_OF_STATEMENTS = (
    *_COMMON,
    _exactly("object.id", _IDS),
    _exactly("object.type", ("Activity", "Agent")),
    _textual("context.parent.id", _IDS, ("urn",), ("urn:*",)),
    _exactly("context.parent.type", _TYPES),
)


def _conditions(clauses: Sequence[st.SearchStrategy[str]]) -> st.SearchStrategy[str]:
    return st.recursive(
        st.one_of(*clauses),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"{{any: [{', '.join(parts)}]}}")
            | st.lists(inner, min_size=1, max_size=4).map(lambda parts: f"{{all: [{', '.join(parts)}]}}")
            | inner.map("{{not: {}}}".format)
        ),
        max_leaves=6,
    )


completion_conditions = _conditions(_OF_COMPLETIONS)
statement_conditions = _conditions(_OF_STATEMENTS)


_EXCEPTIONS = st.just("") | completion_conditions.map("unless: [{{when: {}, reason: so it is}}]".format)
_SAYS = st.sampled_from(("evidence: {competency: spreadsheets}", "exclude: it does not count"))


@st.composite
def definitions(draw: st.DrawFn) -> str:
    """The lines of one completion definition, without its id."""
    around = draw(st.sampled_from(("object", "parent", "{from: parent, type: course}")))
    outcome = draw(
        st.sampled_from(("passed", "failed", "completed", "scored", "started", "revoked", "waived", "ignore"))
    )
    return f"when: {draw(statement_conditions)}, outcome: {outcome}, activity: {around}"


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    """A ruleset of random definitions and active rules, some of which have exceptions."""
    made = draw(st.lists(definitions(), min_size=1, max_size=4))
    usual = "{verb: [passed, completed, failed]}, outcome: passed"
    made += [f"when: {usual}"] if draw(st.booleans()) else []
    rules = [
        a_rule(when, ", ".join(part for part in (draw(_SAYS), draw(_EXCEPTIONS)) if part), rule_id=f"rule-{number}")
        for number, when in enumerate(draw(st.lists(completion_conditions, min_size=1, max_size=4)))
    ]
    lines = [f"  - {{id: definition-{number}, {text}}}\n" for number, text in enumerate(made)]
    return load_texts({"rules.yaml": f"completions:\n{''.join(lines)}rules:\n{''.join(rules)}"})


_ACTIVITIES = st.builds(
    lambda own_id, name, kind: {
        "id": own_id,
        "definition": {"name": {"en": name}, **({"type": _TYPE_IRI + kind} if kind else {})},
    },
    st.sampled_from(_IDS),
    st.sampled_from(_NAMES),
    st.none() | st.sampled_from(_TYPES),
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Statements as servers send them."""
    verb = draw(st.sampled_from(_VERBS))
    result: dict[str, Any] = {}
    if draw(st.booleans()):
        result["score"] = {"raw": draw(st.sampled_from((0, 40, 50, 80, 100, 130))), "min": 0, "max": 100}
    if draw(st.booleans()):
        result["success"] = draw(st.booleans())
    if draw(st.booleans()):
        result["duration"] = draw(st.sampled_from(("PT30M", "PT2H", "soon")))
    parents = draw(st.lists(_ACTIVITIES, max_size=2))
    object_ = draw(_ACTIVITIES | st.just({"objectType": "Agent", "mbox": "mailto:bo@example.org"}))
    around = {"context": {"contextActivities": {"parent": parents}}} if parents else {}
    timestamp = draw(st.sampled_from(("2026-03-01T08:00:00Z", "2026-03-02T12:00:00Z", "2026-03-04T12:00:00Z")))
    return encoded(a_body(verb, object=object_, result=result, timestamp=timestamp, **around))


def told(body: bytes) -> Told:
    return Told(decode_statement(body))


@st.composite
def histories(draw: st.DrawFn) -> tuple[bytes, ...]:
    """A few statements of one learner."""
    return tuple(draw(st.lists(bodies(), min_size=1, max_size=5)))


def subjects(ruleset: Ruleset, history: Sequence[bytes], *, job: str = "", mandated: bool = False) -> list[Subject]:
    """The completions that a ruleset makes of statements: the readings of one activity are one attempt."""
    about: dict[str, list[Reading]] = {}
    for number, body in enumerate(history):
        reading = ruleset.read(decode_statement(body), statement_id=str(number))
        if reading is not None:
            about.setdefault(reading.activity.id, []).append(reading)
    return [subject_of(conclude(each), each, job=job, mandated=mandated) for each in about.values()]


@st.composite
def two_conditions(draw: st.DrawFn) -> tuple[str, str]:
    """Two conditions, of which the second often follows from the first."""
    first, second = draw(completion_conditions), draw(completion_conditions)
    related = st.sampled_from(
        (
            (first, second),
            (f"{{all: [{first}, {second}]}}", first),
            (first, f"{{any: [{second}, {first}]}}"),
            (f"{{all: [{first}, {{not: {second}}}]}}", f"{{not: {second}}}"),
            (first, f"{{not: {{all: [{second}, {{not: {first}}}]}}}}"),
        )
    )
    return draw(related)


def _subject(values: tuple[list[str], list[str], list[str], str, float | None, str, bool, str]) -> Subject:
    ids, names, verbs, outcome, percent, kind, mandated, job = values
    success = {"passed": True, "failed": False}.get(outcome)
    return a_subject(
        activity=Activity(ids[0], names[0], _TYPE_IRI + kind if kind else ""),
        activity_ids=tuple(ids),
        names=tuple(names),
        verbs=tuple(ADL + verb for verb in verbs),
        outcome=Outcome(outcome),
        success=success,
        percent=percent,
        parents=(Activity(ids[-1]),) if mandated else (),
        mandated=mandated,
        job=job,
    )


#: Completions of any kind that there can be, without the statements behind them.
any_subjects = st.tuples(
    st.lists(st.sampled_from(_IDS), min_size=1, max_size=2),
    st.lists(st.sampled_from(_NAMES), min_size=1, max_size=2),
    st.lists(st.sampled_from(_VERBS), min_size=1, max_size=2),
    st.sampled_from(("passed", "failed", "completed", "started", "revoked", "waived", "satisfied")),
    st.none() | st.sampled_from((0.0, 40.0, 55.0, 80.0, 100.0)),
    st.sampled_from(("", *_TYPES)),
    st.booleans(),
    st.sampled_from(("", "Nurse", "Lead")),
).map(_subject)


@st.composite
def _odd_bodies(draw: st.DrawFn) -> bytes:
    """Statements that say more than the usual, and some of it oddly."""
    numbers = st.sampled_from((-5, 0, 0.5, 1, 7, 130, 1e300))
    score = draw(st.dictionaries(st.sampled_from(("raw", "min", "max", "scaled")), numbers))
    result = {
        "score": score,
        "response": draw(st.text(st.characters(exclude_characters="\0"), max_size=3)),
        "completion": draw(st.booleans()),
    }
    context = {
        "platform": draw(st.sampled_from(("", "Moodle"))),
        "language": draw(st.sampled_from(("en", "de-AT"))),
        "revision": "1",
        "registration": "5d5f3f5e-7a3d-4f0e-9a54-1a3f1d1f7a22",
        "contextActivities": {group: draw(st.lists(_ACTIVITIES, max_size=2)) for group in ("parent", "grouping")},
        "extensions": {"urn:x": draw(st.integers(0, 3))},
    }
    object_ = draw(
        _ACTIVITIES | st.sampled_from(({"objectType": "Agent", "mbox": "mailto:bo@example.org"}, {"id": "urn:only"}))
    )
    return encoded(a_body(draw(st.sampled_from(_VERBS)), object=object_, result=result, context=context))


any_statements = bodies() | _odd_bodies()
