"""What is logged can be read by machines and people, and tells nobody's secrets."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import structlog

from lrs_bridge_connectors.errors import Retryable
from support.running import logging_to

LogTo = Callable[..., None]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def log_to() -> Iterator[LogTo]:
    """Sends what is logged to a stream until the test ends."""
    with ExitStack() as until_the_end:
        yield lambda stream, **given: until_the_end.enter_context(logging_to(stream, **given))


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_off_a_terminal_each_line_is_json_in_utc(log_to: LogTo) -> None:
    stream = io.StringIO()
    log_to(stream)

    structlog.stdlib.get_logger("lrs_bridge.jobs").info("pulled", source="lms", new=3)

    [line] = lines(stream)
    assert line["event"] == "pulled"
    assert line["level"] == "info"
    assert (line["source"], line["new"]) == ("lms", 3)
    assert str(line["timestamp"]).endswith("Z")


def test_lines_of_libraries_look_the_same(log_to: LogTo) -> None:
    stream = io.StringIO()
    log_to(stream)

    logging.getLogger("lrs_bridge_connectors.http").warning("%s: tried again", "lms")

    assert lines(stream)[0]["event"] == "lms: tried again"


def test_on_a_terminal_lines_are_for_people(log_to: LogTo) -> None:
    stream = Terminal()
    log_to(stream)

    structlog.stdlib.get_logger("lrs_bridge").info("pulled", source="lms")

    assert "pulled" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_the_format_can_be_chosen(log_to: LogTo) -> None:
    stream = Terminal()
    log_to(stream, format="json")

    structlog.stdlib.get_logger("lrs_bridge").info("pulled")

    assert lines(stream)[0]["event"] == "pulled"


def test_what_is_below_the_level_is_not_written(log_to: LogTo) -> None:
    stream = io.StringIO()
    log_to(stream, level="warning")

    structlog.stdlib.get_logger("lrs_bridge").info("pulled")

    assert stream.getvalue() == ""


def test_an_exception_is_logged_by_its_places_and_not_by_its_text(log_to: LogTo) -> None:
    stream = io.StringIO()
    log_to(stream)

    try:
        raise ValueError("ada@example.org is not a number")
    except ValueError:
        logging.getLogger("celery.app.trace").exception("task failed")
        structlog.stdlib.get_logger("lrs_bridge").exception("failed")

    assert "ada@example.org" not in stream.getvalue()
    for line in lines(stream):
        assert str(line["exception"]).endswith("ValueError")
        assert "test_log.py" in str(line["exception"])


def test_an_error_of_our_own_may_speak_and_its_cause_may_not(log_to: LogTo) -> None:
    stream = io.StringIO()
    log_to(stream)

    try:
        try:
            raise OSError("/home/ada/secret")
        except OSError as error:
            raise Retryable("no answer", source="lms") from error
    except Retryable:
        structlog.stdlib.get_logger("lrs_bridge").exception("failed")

    assert "lms: no answer." in str(lines(stream)[0]["exception"])
    assert "secret" not in stream.getvalue()
