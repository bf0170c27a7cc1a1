"""Cutting a stream into JSON texts: the size of the chunks must not matter, nor what is inside of the texts."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_connectors.split import ArraySplitter, LineSplitter, Splitter

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def fed(splitter: Splitter, text: bytes, cuts: list[int] | None = None) -> list[bytes]:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts or []), len(text)]
    return [piece for start, end in pairwise(edges) for piece in splitter.feed(text[start:end])]


@given(st.lists(values), st.lists(st.integers(0, 200)), st.sampled_from([b",", b" ,\n "]), st.booleans())
def test_an_array_is_cut_into_its_elements_wherever_the_chunks_end(
    elements: list[object], cuts: list[int], comma: bytes, ascii_only: bool
) -> None:
    texts = [json.dumps(element, ensure_ascii=ascii_only).encode("utf-8", "replace") for element in elements]
    splitter = ArraySplitter(0, cap=10_000)

    assert texts == fed(splitter, comma.join(texts) + b"] and what follows is not read: [", cuts)
    assert splitter.closed


@given(st.lists(values, min_size=1), st.lists(st.integers(0, 200)), st.integers(0, 10))
def test_reading_goes_on_from_the_position_after_any_piece(
    elements: list[object], cuts: list[int], number: int
) -> None:
    texts = [json.dumps(element).encode() for element in elements]
    stream = b",".join(texts) + b"]"
    number = min(number, len(texts) - 1)
    splitter = ArraySplitter(0, cap=10_000)
    pieces = splitter.feed(stream)
    read = [next(pieces) for _ in range(number + 1)]

    rest = [] if splitter.closed else fed(ArraySplitter(splitter.position, 10_000), stream[splitter.position :], cuts)

    assert texts == read + rest


@given(st.lists(values), st.lists(st.integers(0, 200)), st.sampled_from([b"\n", b"\r\n", b"\n\n"]))
def test_lines_are_cut_wherever_the_chunks_end(elements: list[object], cuts: list[int], line_break: bytes) -> None:
    texts = [json.dumps(element).encode() for element in elements]

    assert texts == fed(LineSplitter(0, cap=10_000), b"".join(text + line_break for text in texts), cuts)


@pytest.mark.parametrize("cuts", [[], [7], list(range(40))])
def test_brackets_and_escaped_quotes_inside_of_strings_do_not_count(cuts: list[int]) -> None:
    texts = [b'{"a":"]}\\"],"}', b'"\\\\"', b'{"b":[{}]}']

    assert texts == fed(ArraySplitter(0, 100), b",".join(texts) + b"]", cuts)


@pytest.mark.parametrize("cuts", [[], list(range(100))])
@pytest.mark.parametrize(("kind", "comma"), [(ArraySplitter, b","), (LineSplitter, b"\n")])
def test_a_piece_that_is_too_long_is_cut_off_and_the_next_one_is_whole(
    kind: type[Splitter], comma: bytes, cuts: list[int]
) -> None:
    long = b'"' + b"x" * 50 + b'"'

    assert [long[:10], b'"next"'] == fed(kind(0, cap=10), long + comma + b'"next"' + comma, cuts)


def test_a_piece_that_is_too_long_is_not_held() -> None:
    splitter = LineSplitter(0, cap=10)
    for _ in range(100):
        assert not list(splitter.feed(b"x" * 1000))

    assert b"x" * 10 == splitter.rest()
    assert len(splitter._held) < 100


def test_what_is_left_in_the_middle_of_a_piece_is_the_rest() -> None:
    splitter = ArraySplitter(0, 100)

    assert [b"1"] == fed(splitter, b'1, {"a": ')
    assert (b'{"a":', 2, 9) == (splitter.rest(), splitter.position, splitter.end)


@given(st.binary(), st.lists(st.integers(0, 100)))
def test_any_bytes_are_cut_the_same_wherever_the_chunks_end(text: bytes, cuts: list[int]) -> None:
    for kind in (ArraySplitter, LineSplitter):
        whole, chunked = kind(0, 20), kind(0, 20)

        assert fed(whole, text) == fed(chunked, text, cuts)
        assert (whole.position, whole.closed) == (chunked.position, chunked.closed)
