"""What was found by sending hostile statements, each as it was found, so that it stays mended."""

from collections.abc import Iterator

import pytest

from trials.fuzz.ground import Ground
from trials.fuzz.journey import Given, Journey, go
from trials.fuzz.laws import judge
from trials.fuzz.payloads import MARK


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with Ground(tmp_path_factory.mktemp("ground")) as made:
        yield made


def sent(ground: Ground, body: bytes) -> Journey:
    """The body has gone the whole way, and no law is broken, but for the memory of all tests before this one."""
    journey = go(ground, Given(body), everything=False)
    judge(journey, 60.0, memory=None)
    return journey


def page_of(journey: Journey, beginning: str) -> str:
    return next(each.text for each in journey.answers if each.path.startswith(beginning))


@pytest.mark.parametrize("half", [b"\\ud800", b"\\udfff", b"\\udc00\\ud800"])
def test_the_page_of_a_record_with_half_a_surrogate_pair_shows_the_escape(ground: Ground, half: bytes) -> None:
    journey = sent(ground, b'{"actor": {"name": "' + half + b'"}}')

    assert len(journey.held) == 1
    assert half.decode() in page_of(journey, "/sources/quarantine/")


def test_a_key_that_is_given_twice_is_shown_twice(ground: Ground) -> None:
    text = page_of(sent(ground, b'{"verb": "first", "verb": "second"}'), "/sources/quarantine/")

    assert "first" in text
    assert "second" in text


def test_a_number_that_fits_no_number_is_shown_as_it_came(ground: Ground) -> None:
    assert "1e999" in page_of(sent(ground, f'{{"{MARK}": 1e999}}'.encode()), "/sources/quarantine/")
