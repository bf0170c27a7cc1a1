"""Errors are one line for the person who reads them."""

import pytest

from lrs_bridge_connectors import errors
from lrs_bridge_connectors.errors import ConnectorError, Retryable


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = Retryable("nothing answers", source="moodle", advice="Start it.", status=503)

    assert "moodle: nothing answers. Start it." == str(error)
    assert 503 == error.status


def test_an_error_without_advice_ends_with_its_message() -> None:
    assert "moodle: nothing answers." == str(ConnectorError("nothing answers", source="moodle"))


@pytest.mark.parametrize("name", ["Retryable", "Refused", "Misbehaving", "Unusable"])
def test_the_tree_in_the_docstring_is_the_tree(name: str) -> None:
    assert issubclass(getattr(errors, name), ConnectorError)
    assert errors.__doc__ is not None
    assert f"── {name} " in errors.__doc__
