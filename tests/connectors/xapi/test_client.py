"""XapiSource against a real LRS over HTTP, and against the odd answers that servers in the field give."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs_bridge_connectors.errors import Misbehaving, Refused, Retryable, Unusable
from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.source import Page, Window
from lrs_bridge_connectors.xapi import XapiConfig, XapiSource
from lrs_bridge_connectors.xapi.auth import Basic

ENDPOINT = "https://lrs.example.org/data/xAPI"
STATEMENTS = f"{ENDPOINT}/statements"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(seconds: float) -> str:
    return (NOON + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def a_statement(second: float, **more: Any) -> dict[str, Any]:
    return {"id": f"id-{second}", "stored": at(second), "timestamp": at(second), **more}


def ids(pages: list[Page]) -> list[str | None]:
    return [record.id for page in pages for record in page.records]


class Wire:
    """Answers in the order in which they were queued, whatever is asked; remembers what was asked."""

    def __init__(self, mock: responses.RequestsMock, clock: Any) -> None:
        self.mock, self.clock = mock, clock

    def page(self, *statements: object, more: object = "", url: str = STATEMENTS, **headers: str) -> None:
        stamped = {"Date": format_datetime(NOON + timedelta(hours=1), usegmt=True)}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.mock.get(url, json={"statements": statements, "more": more}, headers={**stamped, **named})

    def source(self, **settings: Any) -> XapiSource:
        config = XapiConfig(**{"name": "lrs", "endpoint": ENDPOINT, "auth": Basic("admin", "hush"), **settings})
        return XapiSource(config, now=self.clock, monotonic=self.clock.monotonic, sleep=self.clock.sleep)

    def asked(self, call: int = 0) -> dict[str, str]:
        query = urlsplit(self.mock.calls[call].request.url or "").query
        return dict(parse_qsl(str(query)))


@pytest.fixture
def wire(clock: Any) -> Any:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Wire(mock, clock)


# ---- what is asked


def test_the_first_pull_asks_for_everything_oldest_first(wire: Wire) -> None:
    wire.page()
    list(wire.source().pages(None))

    assert {"ascending": "true", "format": "exact", "limit": "500"} == wire.asked()
    assert "1.0.3" == wire.mock.calls[0].request.headers["X-Experience-API-Version"]


def test_a_pull_begins_before_its_cursor_and_writes_times_in_the_one_form_that_all_servers_compare_rightly(
    wire: Wire,
) -> None:
    wire.page()
    list(wire.source().pages("2026-03-02T12:00:00.366Z"))

    assert "2026-03-02T11:50:00.366Z" == wire.asked()["since"]


def test_a_window_is_asked_for_with_both_bounds(wire: Wire) -> None:
    wire.page(a_statement(1))
    until = NOON + timedelta(microseconds=1)
    (page,) = wire.source().window(Window(NOON - timedelta(days=30), until))

    assert ("2026-01-31T12:00:00.000Z", "2026-03-02T12:00:00.001Z") == (wire.asked()["since"], wire.asked()["until"])
    assert page.cursor is None


def test_xapi_2_is_asked_for_where_it_is_configured(wire: Wire) -> None:
    wire.page(a_statement(1, context={"contextAgents": []}), X_Experience_API_Version="1.0.3")

    assert ["id-1"] == ids(list(wire.source(version="2.0.0").pages(None)))
    assert "2.0.0" == wire.mock.calls[0].request.headers["X-Experience-API-Version"]


def test_a_cursor_that_is_no_time_is_told(wire: Wire) -> None:
    with pytest.raises(Unusable, match="cursor is not a time"):
        list(wire.source().pages("page 7"))


def test_even_without_overlap_the_instant_of_the_cursor_is_read_again(wire: Wire) -> None:
    """Statements can share it, and `since` is exclusive."""
    wire.page()
    list(wire.source(overlap=timedelta(0)).pages(at(1)))

    assert at(0.999) == wire.asked()["since"]


# ---- paging


def test_more_is_followed_with_its_letter_case_and_the_same_credentials(wire: Wire) -> None:
    wire.page(a_statement(1), more="/xapi/Statements/more/AbC")
    wire.page(a_statement(2), more=None, url="https://lrs.example.org/xapi/Statements/more/AbC")

    assert ["id-1", "id-2"] == ids(list(wire.source().pages(None)))
    assert wire.mock.calls[1].request.headers["Authorization"].startswith("Basic ")


def test_more_may_be_a_bare_query(wire: Wire) -> None:
    wire.page(a_statement(1), more="?limit=3&pit_id=None&search_after=17")
    wire.page(a_statement(2))

    assert ["id-1", "id-2"] == ids(list(wire.source().pages(None)))
    assert {"limit": "3", "pit_id": "None", "search_after": "17"} == wire.asked(1)


def test_an_extra_empty_page_at_the_end_still_gives_the_last_cursor(wire: Wire) -> None:
    wire.page(a_statement(1), more="?p=2")
    wire.page(more="?p=3")
    wire.page()

    assert [None, None, at(1)] == [page.cursor for page in wire.source().pages(None)]


def test_a_page_is_handed_over_before_its_bad_link_is_told(wire: Wire) -> None:
    wire.page(a_statement(1), a_statement(2), more="https://evil.example.test/more?token=opaque")
    elsewhere = wire.mock.get("https://evil.example.test/more", json={})
    pull = wire.source().pages(None)

    assert ["id-1", "id-2"] == ids([next(pull)])
    with pytest.raises(Misbehaving, match=r"another origin, https://evil\.example\.test; nothing was sent") as told:
        next(pull)
    assert elsewhere.call_count == 0
    assert "opaque" not in str(told.value)


def test_a_server_that_repeats_its_first_page_for_ever_is_stopped(wire: Wire) -> None:
    """As when `since` hides microseconds, or a cursor in `more` is ignored."""
    for number in range(3):
        wire.page(a_statement(1), a_statement(2), more=f"?p={number}")

    with pytest.raises(Misbehaving, match="same page twice"):
        list(wire.source().pages(None))
    assert len(wire.mock.calls) == 2


def test_a_link_back_is_stopped(wire: Wire) -> None:
    wire.page(a_statement(1), more="?p=2")
    wire.page(a_statement(2), more="?p=2")

    with pytest.raises(Misbehaving, match="leads back"):
        list(wire.source().pages(None))


@pytest.mark.parametrize("gone", [400, 404, 410])
def test_when_a_link_is_no_longer_valid_the_pull_goes_on_from_its_last_cursor(wire: Wire, gone: int) -> None:
    wire.page(a_statement(1), a_statement(700), more="?p=2")
    wire.mock.get(STATEMENTS, status=gone)
    wire.page(a_statement(700), a_statement(701))
    pages = list(wire.source().pages(None))

    assert ["id-1", "id-700", "id-700", "id-701"] == ids(pages)
    assert at(100) == wire.asked(2)["since"]
    assert [at(700), at(701)] == [page.cursor for page in pages]
    assert [False, True] == [page.again for page in pages]


def test_a_link_that_is_gone_again_ends_the_pull_for_now(wire: Wire) -> None:
    for number in range(2):
        wire.page(a_statement(number), more="?p=2")
        wire.mock.get(STATEMENTS, status=404)

    with pytest.raises(Retryable, match="ended twice"):
        list(wire.source().pages(None))
    assert len(wire.mock.calls) == 4


def test_a_wrong_path_is_not_taken_for_a_link_that_is_gone(wire: Wire) -> None:
    wire.mock.get(STATEMENTS, status=404)

    with pytest.raises(Unusable):
        list(wire.source().pages(None))
    assert len(wire.mock.calls) == 1


def test_a_window_whose_link_is_gone_is_read_again(wire: Wire) -> None:
    wire.page(a_statement(1), more="?p=2")
    wire.mock.get(STATEMENTS, status=404)
    wire.page(a_statement(1), a_statement(2))

    assert ["id-1", "id-1", "id-2"] == ids(list(wire.source().window(Window(NOON, None))))
    assert at(0) == wire.asked(2)["since"]


# ---- the cursor


def test_each_page_of_an_ascending_server_moves_the_cursor(wire: Wire) -> None:
    wire.page(a_statement(1), a_statement(2), more="?p=2")
    wire.page(a_statement(3))

    assert [at(2), at(3)] == [page.cursor for page in wire.source().pages(None)]


def test_a_server_that_turns_round_each_page_moves_the_cursor_at_the_end(wire: Wire) -> None:
    wire.page(a_statement(2), a_statement(1), more="?p=2")
    wire.page(a_statement(4), a_statement(3), more="?p=3")
    wire.page(a_statement(5))

    assert [None, None, at(5)] == [page.cursor for page in wire.source().pages(None)]


def test_consistent_through_holds_the_cursor_back(wire: Wire) -> None:
    wire.page(a_statement(1), a_statement(9), X_Experience_API_Consistent_Through=at(4))

    assert [at(4)] == [page.cursor for page in wire.source().pages(None)]


@pytest.mark.parametrize("through", ["", "yesterday", "0000-00-00T00:00:00Z"])
def test_an_unreadable_consistent_through_counts_as_none(wire: Wire, through: str) -> None:
    wire.page(a_statement(1), a_statement(9), X_Experience_API_Consistent_Through=through)

    assert [at(9)] == [page.cursor for page in wire.source().pages(None)]


def test_a_server_that_claims_to_be_consistent_now_is_given_time_to_settle(wire: Wire) -> None:
    date = format_datetime(NOON + timedelta(seconds=60), usegmt=True)
    wire.page(a_statement(1), a_statement(59), X_Experience_API_Consistent_Through=at(60), Date=date)

    assert [at(30)] == [page.cursor for page in wire.source().pages(None)]


@pytest.mark.parametrize("date", ["", "Mon, 99 Foo 2026"])
def test_without_a_readable_date_our_own_clock_bounds_the_cursor(wire: Wire, date: str) -> None:
    wire.clock.now = NOON + timedelta(seconds=60)
    wire.page(a_statement(1), a_statement(59), Date=date)

    assert [at(30)] == [page.cursor for page in wire.source().pages(None)]


def test_statements_from_the_future_do_not_draw_the_cursor_there(wire: Wire) -> None:
    wire.page(a_statement(1), a_statement(10**6))

    assert [at(3600 - 30)] == [page.cursor for page in wire.source().pages(None)]


def test_a_source_can_follow_timestamp_instead_of_stored(wire: Wire) -> None:
    wire.page(a_statement(1) | {"stored": at(50)}, a_statement(2) | {"stored": at(51)})
    (page,) = wire.source(cursor_field="timestamp").pages(None)

    assert (at(2), NOON + timedelta(seconds=2)) == (page.cursor, page.latest)


def test_overlap_without_news_leaves_the_cursor(wire: Wire) -> None:
    wire.page(a_statement(1), a_statement(2))

    assert [None] == [page.cursor for page in wire.source().pages(at(2))]


# ---- odd records and odd pages


def test_ids_are_lower_cased_and_odd_times_are_read(wire: Wire) -> None:
    wire.page(
        {"id": "ABCD", "stored": "2026-03-02 12:00:01.123456789"}, {"id": "ef", "stored": "2026-03-02T12:00:02-00:00"}
    )
    (page,) = wire.source().pages(None)

    assert ["abcd", "ef"] == ids([page])
    assert [NOON + timedelta(seconds=1, microseconds=123456), NOON + timedelta(seconds=2)] == [
        record.stored for record in page.records
    ]


@pytest.mark.parametrize("odd", [7, None, "text", [1], {}, {"id": 7}, {"id": None, "stored": {"a": 1}}])
def test_a_record_that_is_no_statement_keeps_its_bytes_and_has_no_id(wire: Wire, odd: object) -> None:
    wire.page(a_statement(1), odd, a_statement(2))
    (page,) = wire.source().pages(None)

    assert ["id-1", None, "id-2"] == ids([page])
    assert odd == json.loads(page.records[1].body)


@pytest.mark.parametrize("body", ["<html>Maintenance</html>", '{"statements":[{"id":"hush"', '{"error":"hush"}', ""])
def test_an_answer_that_is_no_page_is_told_without_quoting_it(wire: Wire, body: str) -> None:
    wire.mock.get(STATEMENTS, body=body)

    with pytest.raises(Misbehaving, match=r"lrs: https://lrs\.example\.org answered with") as told:
        list(wire.source().pages(None))
    assert "hush" not in str(told.value)


def test_a_limit_of_requests_per_minute_is_waited_for_without_losing_a_page(wire: Wire) -> None:
    wire.page(a_statement(1), more="?p=2")
    wire.mock.get(STATEMENTS, status=429, headers={"Retry-After": "22"})
    wire.page(a_statement(2))

    assert ["id-1", "id-2"] == ids(list(wire.source().pages(None)))
    assert [22.0] == wire.clock.slept


def test_pages_given_before_an_error_stay_valid(wire: Wire) -> None:
    wire.page(a_statement(1), a_statement(2), more="?p=2")
    wire.mock.get(STATEMENTS, status=500, body="<h1>deadlock detected</h1>")
    pull = wire.source().pages(None)

    assert at(2) == next(pull).cursor
    with pytest.raises(Retryable):
        next(pull)


# ---- configuration


@pytest.mark.parametrize(
    "wrong",
    [
        {"page_limit": 0},
        {"version": "0.95"},
        {"cursor_field": "id"},
        {"overlap": timedelta(seconds=-1)},
        {"settle": timedelta(seconds=-1)},
        {"read_timeout": 0.0},
        {"body_cap": 0},
        {"max_pages": 0},
        {"endpoint": "lrs.example.org/xapi"},
        {"endpoint": "ftp://lrs.example.org/xapi"},
        {"endpoint": "https://admin:hush@lrs.example.org/xapi"},
        {"endpoint": "https://admin:hush/xapi"},
        {"endpoint": "https://lrs.example.org/xapi?key=hush"},
    ],
)
def test_settings_that_cannot_work_are_refused_with_what_to_do_and_without_secrets(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unusable) as told:
        XapiConfig(**{"name": "lrs", "endpoint": ENDPOINT, **wrong})

    assert told.value.advice
    assert "hush" not in str(told.value)


@pytest.mark.parametrize("ending", ["", "/", "/statements", "/statements/"])
def test_an_endpoint_may_be_copied_with_its_last_part(ending: str) -> None:
    assert STATEMENTS == XapiConfig(name="lrs", endpoint=ENDPOINT + ending).statements_url


def test_a_configuration_can_be_printed() -> None:
    assert "hush" not in repr(XapiConfig(name="lrs", endpoint=ENDPOINT, auth=Basic("admin", "hush")))


# ---- against the sandbox, over real HTTP


def test_a_wrong_password_stops_the_pull_at_once(served: Any) -> None:
    with pytest.raises(Refused, match="HTTP 401"):
        list(served.source(auth=Basic("sandbox", "hush")).pages(None))
    assert served.clock.slept == []


def test_a_voided_statement_is_not_delivered_its_voider_is(served: Any, a_statement: Callable[..., Any]) -> None:
    target = "11111111-1111-4111-8111-111111111111"
    voider = a_statement(
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"}, object={"objectType": "StatementRef", "id": target}
    )
    served.lrs.load([a_statement(1, id=target), voider, a_statement(2)])
    bodies = [json.loads(record.body) for page in served.source().pages(None) for record in page.records]

    assert [voider["object"], a_statement(2)["object"]] == [body["object"] for body in bodies]


def test_a_limit_that_the_server_caps_silently_loses_nothing(served: Any, a_statement: Callable[..., Any]) -> None:
    served.lrs.load(a_statement(number) for number in range(2500))
    pages = list(served.source(page_limit=100_000).pages(None))

    assert [1000, 1000, 500] == [len(page.records) for page in pages]
    assert 2500 == len(set(ids(pages)))


def test_statements_stored_in_one_instant_are_all_delivered(served: Any, a_statement: Callable[..., Any]) -> None:
    served.lrs.load((a_statement(number) for number in range(50)), stored=lambda _: NOON - timedelta(hours=1))
    source = served.source(page_limit=7)
    pages = list(source.pages(None))

    assert 50 == len(set(ids(pages)))
    assert pages[-1].cursor is not None
    assert 50 == len(set(ids(list(source.pages(pages[-1].cursor)))))


def test_a_pull_says_nothing_of_what_it_reads_in_the_log(
    served: Any, a_statement: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="lrs_bridge_connectors")
    served.lrs.load([a_statement(1)])
    list(served.source().pages(None))

    assert caplog.text == ""


@settings(deadline=None)  # each example serves an LRS of its own
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 90)), max_size=12), limit=st.integers(1, 4))
def test_whatever_is_written_between_pulls_and_pages_arrives(steps: list[tuple[int, int]], limit: int) -> None:
    """Time passes and statements are written between any two pages, and the pull is cut off after any page."""
    now = [NOON]
    lrs = SandboxLrs(lambda: now[0])
    with lrs.serve() as serving:
        config = XapiConfig(
            name="lrs",
            endpoint=serving.endpoint,
            auth=Basic("sandbox", "sandbox"),
            page_limit=limit,
            overlap=timedelta(0),
        )
        source = XapiSource(config, now=lambda: now[0])
        cursor: str | None = None
        seen: set[str | None] = set()
        pull: Iterator[Page] = iter(())
        for written, seconds in steps:
            now[0] += timedelta(seconds=seconds)
            lrs.load({"actor": {}, "verb": {"id": "v"}, "object": {}} for _ in range(written))
            page = next(pull, None)
            if page is None:
                pull = source.pages(cursor)
                page = next(pull)
            seen |= set(ids([page]))
            cursor = page.cursor or cursor
        now[0] += timedelta(minutes=5)
        seen |= set(ids(list(source.pages(cursor))))

        assert len(lrs) == len(seen)
        source.close()
