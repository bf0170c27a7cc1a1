"""XapiSource.parts and .look_up against a sandbox whose paging is broken on the way out, in ways that servers do it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from flask import Response, request

from lrs_bridge_connectors.errors import Misbehaving, Refused
from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.source import LooksUp, Presence, ReadsInParts, Source, Window
from lrs_bridge_connectors.xapi.auth import Basic

START_OF_TIME = Window()


def number(n: int) -> str:
    return str(UUID(int=n + 1, version=4))


@pytest.fixture
def shelved(served: Any, a_statement: Callable[..., dict[str, Any]]) -> Any:
    """Sixty statements, a second apart, with numbers for ids."""
    start = served.clock.now - timedelta(days=1)
    served.lrs.load(
        [
            a_statement(n, id=number(n), stored=(start + timedelta(seconds=n)).isoformat(), timestamp="2020-01-01")
            for n in range(60)
        ]
    )
    return served


def altered(lrs: SandboxLrs, alter: Callable[[dict[str, Any]], object]) -> list[str]:
    """Every page is altered on its way out; gives the list to which each request's query is added."""
    queries: list[str] = []

    def after(response: Response) -> Response:
        queries.append(request.full_path)
        if response.status_code == 200:
            page = msgspec.json.decode(response.get_data())
            changed = alter(page)
            response.set_data(msgspec.json.encode(page if changed is None else changed))
        return response

    lrs.app.after_request(after)
    return queries


def ids(source: Any, window: Window = START_OF_TIME) -> list[str | None]:
    return [record.id for part in source.parts(window) for record in part.records]


EVERYTHING = [number(n) for n in range(60)]


def test_the_abilities_are_told_by_their_protocols(shelved: Any) -> None:
    source: Source = shelved.source()

    assert isinstance(source, ReadsInParts)
    assert isinstance(source, LooksUp)


def test_pages_that_end_before_the_end_hide_nothing(shelved: Any) -> None:
    altered(shelved.lrs, lambda page: page.update(more=""))
    source = shelved.source(page_limit=7)
    paged = [record.id for page in source.window(START_OF_TIME) for record in page.records]

    assert (len(paged), ids(source)) == (7, EVERYTHING)


def test_a_cap_that_the_server_keeps_silent_about_hides_nothing(shelved: Any) -> None:
    def cap(page: dict[str, Any]) -> None:
        page.update(statements=page["statements"][:50], more="")

    altered(shelved.lrs, cap)

    assert ids(shelved.source(page_limit=1000)) == EVERYTHING


def test_further_pages_that_are_empty_are_no_reason_to_cut(shelved: Any) -> None:
    def always_more(page: dict[str, Any]) -> None:
        page.update(more="/xapi/statements/more/after-the-end" if page["statements"] else "")

    queries = altered(shelved.lrs, always_more)
    shelved.lrs.app.view_functions["more"] = lambda **_: Response('{"statements":[],"more":""}')

    assert ids(shelved.source(page_limit=100)) == EVERYTHING
    assert len(queries) == 2


def test_a_server_that_filters_by_another_time_is_found_out(shelved: Any) -> None:
    """It finds what was stored in the span, and we take it to be what happened in the span."""
    source = shelved.source(cursor_field="timestamp")

    with pytest.raises(Misbehaving, match=r"from outside of the span.*then try the other one"):
        ids(source, Window(shelved.clock.now - timedelta(days=2), shelved.clock.now))


def test_a_statement_is_looked_up_whether_it_is_listed_voided_or_gone(
    shelved: Any, a_statement: Callable[..., dict[str, Any]]
) -> None:
    source = shelved.source()
    reference = {"objectType": "StatementRef", "id": number(1)}
    shelved.lrs.load([a_statement(verb={"id": "http://adlnet.gov/expapi/verbs/voided"}, object=reference)])
    shelved.lrs.store.hide(number(2))
    shelved.lrs.store.delete(number(3))

    found = [source.look_up(number(n)) for n in range(4)]

    assert [each.presence for each in found] == [Presence.THERE, Presence.VOIDED, Presence.THERE, Presence.ABSENT]
    assert [each.record.id if each.record else None for each in found] == [number(0), number(1), number(2), None]
    assert number(2) not in ids(source)


def test_a_look_up_that_is_answered_with_a_list_is_understood(shelved: Any) -> None:
    altered(shelved.lrs, lambda page: {"statements": [page], "more": None} if "id" in page else None)

    assert shelved.source().look_up(number(5)).presence is Presence.THERE


def test_a_look_up_that_is_answered_with_an_empty_list_or_with_400_finds_nothing(shelved: Any) -> None:
    status = iter([200, 400])

    def nothing(response: Response) -> Response:
        response.status_code = next(status)
        response.set_data('{"statements":[]}')
        return response

    shelved.lrs.app.after_request(nothing)

    assert shelved.source().look_up(number(5)).presence is Presence.ABSENT


def test_a_server_that_looks_past_the_id_is_not_believed(shelved: Any) -> None:
    altered(shelved.lrs, lambda page: [{**page, "id": number(9)}])

    with pytest.raises(Misbehaving, match="asked for one statement and answered with others"):
        shelved.source().look_up(number(5))


def test_a_server_that_knows_no_voided_statements_has_none(shelved: Any) -> None:
    def looks_past_it(response: Response) -> Response:
        if "voidedStatementId" in request.args:
            response.status_code = 200
            response.set_data(msgspec.json.encode({"statements": [{"id": number(9)}], "more": None}))
        return response

    shelved.lrs.app.after_request(looks_past_it)
    shelved.lrs.store.delete(number(5))

    assert shelved.source().look_up(number(5)).presence is Presence.ABSENT


def test_a_look_up_without_the_right_to_read_is_no_absence(shelved: Any) -> None:
    with pytest.raises(Refused):
        shelved.source(auth=Basic("sandbox", "wrong")).look_up(number(5))
