"""Where an address points to: the one thing on which sending credentials depends."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_connectors.origin import Origin, origin_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://LRS.example.org/x", Origin("https", "lrs.example.org", 443)),
        ("http://lrs.example.org:80", Origin("http", "lrs.example.org", 80)),
        ("https://lrs.example.org:8443/?q", Origin("https", "lrs.example.org", 8443)),
        ("http://[::1]:9/x", Origin("http", "::1", 9)),
        ("https://lrs.bücher.example/x", Origin("https", "lrs.xn--bcher-kva.example", 443)),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: Origin) -> None:
    assert origin == origin_of(url)


@pytest.mark.parametrize("text", ["https://lrs.example.org", "http://lrs.example.org:81", "http://[::1]:9"])
def test_an_origin_is_printed_as_short_as_possible(text: str) -> None:
    assert text == str(origin_of(f"{text}/path?hush"))


@given(st.text(), st.sampled_from(["", "https://", "https://lrs.example.org"]))
def test_any_text_is_an_address_or_a_value_error(text: str, start: str) -> None:
    with suppress(ValueError):
        assert origin_of(start + text).host


@pytest.mark.parametrize("url", ["https://admin:hush@lrs.example.org", "https://admin:hush", "https://[hush", "hush"])
def test_an_address_that_is_refused_is_not_quoted(url: str) -> None:
    with pytest.raises(ValueError, match=r"the address|the host") as told:
        origin_of(url)

    assert "hush" not in str(told.value)
