"""Ids that follow from names are those of RFC 9562, version 5."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge.domain.names import named_id


@given(namespace=st.uuids(), name=st.text(st.characters(exclude_categories=["Cs"])))
def test_an_id_is_that_of_the_standard(namespace: UUID, name: str) -> None:
    assert named_id(namespace, name) == str(uuid5(namespace, name))
