"""Spans and money, read and written."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge.settings.sections import ScheduleSettings, WebSettings
from lrs_bridge.settings.values import read_money, read_span, write_span


@given(st.integers(min_value=0, max_value=99_999).map(lambda seconds: timedelta(seconds=seconds)))
def test_a_span_that_was_written_is_read_back(span: timedelta) -> None:
    assert read_span(write_span(span)) == span


@given(st.integers(min_value=0, max_value=10**9))
def test_money_is_exact(hundredths: int) -> None:
    assert read_money(f"{hundredths // 100}.{hundredths % 100:02}") == hundredths


@pytest.mark.parametrize("value", ["45.505", "NaN", "Infinity", "", "1e999", "-0.01", None, True])
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="expected an amount"):
        read_money(value)


@pytest.mark.parametrize("address", ["", "*", "127.0.0.1", "::1"])
def test_a_proxy_is_trusted_by_its_address(address: str) -> None:
    assert WebSettings.model_validate({"trusted_proxy": address}).trusted_proxy == address


@pytest.mark.parametrize("address", ["proxy.example.org", "10.0.0.0/8", "127.0.0.1:80"])
def test_what_is_no_address_of_a_proxy_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="expected the IP address of the proxy"):
        WebSettings.model_validate({"trusted_proxy": address})


@pytest.mark.parametrize(
    ("pull", "stale_after"),
    [(timedelta(minutes=1), timedelta(minutes=15)), (timedelta(hours=2), timedelta(hours=6))],
)
def test_a_source_is_stale_after_three_missed_pulls_and_never_at_once(pull: timedelta, stale_after: timedelta) -> None:
    assert ScheduleSettings(pull=pull).stale_after == stale_after
