"""Short statements become real ones: what our decoder takes, what other libraries take, what xAPI prescribes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import tincan
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.documents.case_model import ShortStatement
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS
from lrs_bridge_rules.expansion import BEGINNING, agent_of, expand_all, is_iri
from lrs_bridge_rules.statements.identifier import ifi_from_text
from lrs_bridge_rules.statements.statement import decode_statement


def expanded(*shorts: dict[str, Any]) -> list[dict[str, Any]]:
    return expand_all([ShortStatement.model_validate(short) for short in shorts])


def one(**short: Any) -> dict[str, Any]:
    [body] = expanded({"verb": "passed", "activity": "Excel basics", **short})
    return body


def test_a_name_alone_makes_an_activity_with_an_id() -> None:
    assert one()["object"] == {
        "objectType": "Activity",
        "id": "https://activities.example.org/excel-basics",
        "definition": {"name": {"en": "Excel basics"}},
    }


def test_a_text_that_is_an_iri_is_the_id() -> None:
    assert one(activity="urn:excel")["object"]["id"] == "urn:excel"


def test_a_name_with_a_colon_and_a_blank_is_a_name() -> None:
    assert one(activity="Excel: pivot tables")["object"]["definition"]["name"] == {"en": "Excel: pivot tables"}


def test_a_name_can_be_given_by_language() -> None:
    assert one(activity={"name": {"de": "Tabellen", "fr": "Tableur"}})["object"]["definition"]["name"] == {
        "de": "Tabellen",
        "fr": "Tableur",
    }


def test_a_number_alone_is_a_score_in_percent() -> None:
    assert one(score=80)["result"]["score"] == {"raw": 80, "min": 0, "max": 100, "scaled": 0.8}


def test_a_score_can_be_given_as_xapi_has_it() -> None:
    assert one(score={"raw": 7.0, "max": 10.0})["result"]["score"] == {"raw": 7.0, "max": 10.0}


def test_short_names_become_iris_and_full_ones_stay() -> None:
    assert one(verb="waived")["verb"]["id"] == "https://w3id.org/xapi/adl/verbs/waived"
    assert one(verb="https://v.example.org/did")["verb"] == {
        "id": "https://v.example.org/did",
        "display": {"en": "did"},
    }


def test_statements_follow_one_another_by_a_minute() -> None:
    times = [body["timestamp"] for body in expanded(*[{"verb": "passed", "activity": "A"}] * 3)]

    assert times == [(BEGINNING + timedelta(minutes=number)).isoformat() for number in range(3)]


def test_spans_count_from_the_beginning_and_what_follows_them_from_there() -> None:
    said = {"verb": "passed", "activity": "A"}
    times = [body["timestamp"] for body in expanded(said, said | {"at": "+2d"}, said, said | {"at": "-1w"})]

    assert times == [
        "2026-01-05T09:00:00+00:00",
        "2026-01-07T09:00:00+00:00",
        "2026-01-07T09:01:00+00:00",
        "2025-12-29T09:00:00+00:00",
    ]


def test_a_case_begins_when_its_first_statement_happened() -> None:
    said = {"verb": "passed", "activity": "A"}
    times = [body["timestamp"] for body in expanded(said | {"at": "2026-05-01"}, said | {"at": "+1d"})]

    assert times == ["2026-05-01T00:00:00+00:00", "2026-05-02T00:00:00+00:00"]


def test_no_span_leads_out_of_the_calendar() -> None:
    said = {"verb": "passed", "activity": "A"}
    first, second = expanded(said | {"at": "9999-12-31T00:00:00Z"}, said | {"at": "+9999y"})

    assert first["timestamp"] < second["timestamp"]


def test_a_statement_that_voids_refers_to_an_earlier_one_by_its_id() -> None:
    said, voider = expanded({"verb": "passed", "activity": "A"}, {"voids": 1})

    assert voider["object"] == {"objectType": "StatementRef", "id": said["id"]}
    assert decode_statement(json.dumps(voider).encode()).voids == said["id"]


def test_a_raw_statement_stays_as_it_is_and_gets_what_it_lacks() -> None:
    raw = {"verb": {"id": "urn:v"}, "object": {"id": "urn:a"}, "timestamp": "2026-03-01T10:00:00Z"}
    [body] = expanded({"raw": raw})

    assert {key: body[key] for key in raw} == raw
    assert body["actor"]["account"]["name"] == "learner"


def test_a_word_stands_for_a_registration_and_a_uuid_for_itself() -> None:
    own = "3f0b6f5e-7a0d-4c43-9a53-0f5a5ab7f9b1"

    assert one(registration=own)["context"]["registration"] == own
    assert one(registration="first") == one(registration="first")
    assert one(registration="first")["context"] != one(registration="second")["context"]


@pytest.mark.parametrize(
    ("text", "ifi"),
    [
        ("mailto:kim@example.org", "mbox:kim@example.org"),
        ("account:https://lms.example.org|17", "account:https://lms.example.org|17"),
        ("openid:https://id.example.org/kim", "openid:https://id.example.org/kim"),
        ("kim", "account:https://learners.example.org|kim"),
    ],
)
def test_an_instructor_is_named_as_administrators_name_people(text: str, ifi: str) -> None:
    body = {"verb": {"id": "urn:v"}, "object": {"id": "urn:a"}, "actor": agent_of(text), "stored": "2026-03-01"}

    assert decode_statement(json.dumps(body).encode()).ifi == ifi == ifi_from_text(ifi)


names = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30
)
iris = st.sampled_from(["urn:x", "https://lms.example.org/course/view.php?id=42", "https://ä.example.org/ü"])
extensions = st.dictionaries(iris, st.one_of(st.integers(0, 9), names, st.dictionaries(names, names)), max_size=2)
activities = st.fixed_dictionaries(
    {},
    optional={
        "name": st.one_of(names, st.dictionaries(st.sampled_from(["de", "en-GB", "fr"]), names, min_size=1)),
        "type": st.one_of(st.sampled_from(sorted(ACTIVITY_TYPES)), iris),
        "id": iris,
        "extensions": extensions,
    },
)
around = st.one_of(activities, st.lists(activities, max_size=2))
scores = st.one_of(
    st.floats(0, 100),
    st.fixed_dictionaries({}, optional={"raw": st.floats(0, 10), "min": st.just(0.0), "max": st.just(10.0)}),
    st.fixed_dictionaries({"scaled": st.floats(-1, 1)}),
)
moments = st.sampled_from(["+2d", "-30d", "+6mo", "2026-03-31", "2026-03-31T10:00:00.123+02:00"])
shorts = st.fixed_dictionaries(
    {"verb": st.one_of(st.sampled_from(sorted(VERBS)), iris), "activity": activities},
    optional={
        "at": moments,
        "source": names,
        "score": scores,
        "success": st.booleans(),
        "completion": st.booleans(),
        "response": names,
        "duration": st.sampled_from(["PT45M", "P1DT2H", "PT0.5S"]),
        "result_extensions": extensions,
        "registration": names,
        "instructor": st.sampled_from(["kim", "mailto:kim@example.org", "openid:https://id.example.org/kim"]),
        "platform": names,
        "language": st.sampled_from(["en", "de-CH"]),
        "extensions": extensions,
        "parent": around,
        "grouping": around,
        "category": around,
        "other": around,
    },
)


@given(st.lists(shorts, min_size=1, max_size=4))
def test_whatever_is_written_in_short_our_decoder_takes_and_the_xapi_library_takes(said: list[dict[str, Any]]) -> None:
    for body in expanded(*said):
        text = json.dumps(body)

        assert decode_statement(text.encode()).id == body["id"]
        assert json.loads(tincan.Statement.from_json(text).to_json())["id"] == body["id"]


@given(st.lists(shorts, min_size=1, max_size=3))
def test_whatever_is_written_in_short_keeps_to_the_format_of_xapi(said: list[dict[str, Any]]) -> None:
    for body in expanded(*said):
        assert list(breaches(body)) == []


def breaches(value: Any, key: str = "") -> Any:
    """What xAPI 1.0.3 (Data 2) forbids: null, keys of extensions that are no IRIs, times without a zone."""
    match value:
        case None:
            yield f"{key} is null"
        case dict():
            if key == "extensions":
                yield from (f"{each} is no IRI" for each in value if not is_iri(each))
                return
            for name, each in value.items():
                yield from breaches(each, name)
        case list():
            for each in value:
                yield from breaches(each, key)
        case str() if key == "timestamp" and datetime.fromisoformat(value).utcoffset() is None:
            yield f"{key} has no zone"
        case str() if key in {"type", "moreInfo"} and not is_iri(value):
            yield f"{key} is no IRI"


def test_cases_begin_on_a_monday_morning() -> None:
    assert datetime(2026, 1, 5, 9, tzinfo=UTC) == BEGINNING
    assert BEGINNING.isoweekday() == 1
