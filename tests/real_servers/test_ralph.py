"""Pulling from Ralph, which was not written here and does several things in its own way.

It filters on `timestamp`, so the source reads by that. Its file backend accepts statements over HTTP only once, but
reads its file anew for every request: the writer of these tests appends to that file between the pages.
"""

from datetime import timedelta

import pytest

from lrs_bridge_connectors.errors import Refused
from lrs_bridge_connectors.xapi import XapiConfig, XapiSource
from lrs_bridge_connectors.xapi.auth import Basic
from support.pulling import ids_of, pull, store_all
from support.ralph.server import PASSWORD, USER, Ralph
from support.statements import moodle_statements

pytestmark = pytest.mark.real_server

COUNT = 10_000


def source_of(server: Ralph, *, password: str = PASSWORD) -> XapiSource:
    config = XapiConfig(
        name="ralph",
        endpoint=server.endpoint,
        auth=Basic(USER, password),
        page_limit=1000,
        overlap=timedelta(minutes=1),
        settle=timedelta(0),
        cursor_field="timestamp",
    )
    return XapiSource(config)


def test_every_statement_is_pulled_once(ralph: Ralph) -> None:
    statements = list(moodle_statements(COUNT))
    store_all(ralph.store, statements)

    pulled = pull(source_of(ralph))

    assert set(pulled.ids) == ids_of(statements)
    assert len(pulled.ids) == COUNT


def test_pulling_again_from_the_cursor_brings_nothing_new_and_little_old(ralph: Ralph) -> None:
    store_all(ralph.store, list(moodle_statements(COUNT)))
    source = source_of(ralph)
    first = pull(source)

    again = pull(source, first.cursor)

    assert set(again.ids) <= set(first.ids)
    assert len(again.ids) < COUNT / 100
    assert again.cursor == first.cursor


def test_nothing_is_missed_while_statements_are_appended_between_the_pages(ralph: Ralph) -> None:
    statements = list(moodle_statements(COUNT))
    store_all(ralph.store, statements[:6000])
    more = iter([statements[6000:7500], statements[7500:9000], statements[9000:]])
    source = source_of(ralph)

    seen: set[str | None] = set()
    for page in source.pages(None):
        seen.update(record.id for record in page.records)
        ralph.store(next(more, []))

    assert list(more) == []
    assert seen == ids_of(statements)


def test_the_check_up_finds_a_server_that_can_be_read(ralph: Ralph) -> None:
    store_all(ralph.store, list(moodle_statements(100)))

    health = source_of(ralph).check()

    assert health.ok, health.message


def test_a_wrong_password_is_told_as_such(ralph: Ralph) -> None:
    with pytest.raises(Refused):
        pull(source_of(ralph, password="wrong"))
