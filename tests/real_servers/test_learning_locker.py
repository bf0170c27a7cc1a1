"""Pulling from Learning Locker's statement service, which was not written here."""

from datetime import timedelta

import pytest

from lrs_bridge_connectors.xapi import XapiConfig, XapiSource
from lrs_bridge_connectors.xapi.auth import Basic
from support.learning_locker.server import PASSWORD, USER, LearningLocker
from support.pulling import ids_of, pull, pull_while, store_all, writing
from support.statements import moodle_statements

pytestmark = pytest.mark.real_server

COUNT = 10_000


def source_of(server: LearningLocker, *, overlap: timedelta = timedelta(seconds=1)) -> XapiSource:
    config = XapiConfig(
        name="learning-locker",
        endpoint=server.endpoint,
        auth=Basic(USER, PASSWORD),
        page_limit=1000,
        overlap=overlap,
        settle=timedelta(0),
    )
    return XapiSource(config)


def test_every_statement_is_pulled_once(learning_locker: LearningLocker) -> None:
    statements = list(moodle_statements(COUNT))
    store_all(learning_locker.store, statements)

    pulled = pull(source_of(learning_locker))

    assert set(pulled.ids) == ids_of(statements)
    assert len(pulled.ids) == COUNT


def test_pulling_again_from_the_cursor_brings_nothing_new_and_little_old(learning_locker: LearningLocker) -> None:
    store_all(learning_locker.store, list(moodle_statements(COUNT)))
    source = source_of(learning_locker, overlap=timedelta(milliseconds=1))
    first = pull(source)

    again = pull(source, first.cursor)

    assert set(again.ids) <= set(first.ids)
    # The cursor stays behind the server's clock, whose header has whole seconds.
    assert all(stored >= max(first.stored) - timedelta(seconds=1, milliseconds=1) for stored in again.stored)
    assert (again.cursor or "") >= (first.cursor or "")


def test_what_is_stored_after_a_pull_comes_with_the_next(learning_locker: LearningLocker) -> None:
    source = source_of(learning_locker, overlap=timedelta(milliseconds=1))
    store_all(learning_locker.store, list(moodle_statements(500, seed=1)))
    first = pull(source)
    later = list(moodle_statements(500, seed=2))
    store_all(learning_locker.store, later)

    second = pull(source, first.cursor)

    assert ids_of(later) <= set(second.ids)


def test_nothing_is_missed_while_a_writer_goes_on_writing(learning_locker: LearningLocker) -> None:
    statements = list(moodle_statements(COUNT))

    with writing(learning_locker.store, statements) as going_on:
        pulls = pull_while(source_of(learning_locker), going_on)

    assert len(pulls) > 2, "the writer was too quick to show anything"
    assert {each for pulled in pulls for each in pulled.ids} == ids_of(statements)


def test_the_check_up_finds_a_server_that_can_be_read(learning_locker: LearningLocker) -> None:
    health = source_of(learning_locker).check()

    assert health.ok, health.message
