"""Following `more`: every form that servers send, and none that leads away or in circles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_connectors.errors import Misbehaving
from lrs_bridge_connectors.origin import origin_of
from lrs_bridge_connectors.source import Record
from lrs_bridge_connectors.xapi.paging import MOST_EMPTY, MoreChain

STATEMENTS = "https://lrs.example.org/data/xAPI/statements"


def a_chain(url: str = STATEMENTS, max_pages: int = 100) -> MoreChain:
    return MoreChain(url, source="lrs", max_pages=max_pages)


def records(*ids: str) -> list[Record]:
    return [Record(statement_id, None, b"{}") for statement_id in ids]


@pytest.mark.parametrize(
    ("more", "url"),
    [
        ("/xapi/statements/more/AbC0", "https://lrs.example.org/xapi/statements/more/AbC0"),
        ("/DATA/xapi/Statements/more/x", "https://lrs.example.org/DATA/xapi/Statements/more/x"),
        ("?limit=3&cursor=Zm9v", f"{STATEMENTS}?limit=3&cursor=Zm9v"),
        ("?limit=3&_cursor=Zm9v", f"{STATEMENTS}?limit=3&_cursor=Zm9v"),
        ("?limit=3&pit_id=None&search_after=17|a", f"{STATEMENTS}?limit=3&pit_id=None&search_after=17|a"),
        ("statements/more/x", "https://lrs.example.org/data/xAPI/statements/more/x"),
        ("https://lrs.example.org/more/x", "https://lrs.example.org/more/x"),
        ("https://LRS.example.org:443/more/x", "https://LRS.example.org:443/more/x"),
    ],
)
def test_more_is_followed_as_it_was_sent(more: str, url: str) -> None:
    assert url == a_chain().follow(more)


@pytest.mark.parametrize("end", ["", None])
def test_no_more_is_the_end(end: str | None) -> None:
    assert a_chain().follow(end) is None


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example.test/more",
        "//evil.example.test/more",
        "http://lrs.example.org/data/xAPI/statements?more=1",
        "https://lrs.example.org:8443/more",
        "https://lrs.example.org.evil.example.test/more",
        "https://lrs.example.org@evil.example.test/more",
        "https://user:secret@lrs.example.org/more",
        "https://evil.example.test\\@lrs.example.org/more",
        "\\\\evil.example.test\\more",
        "/\t/evil.example.test/more",
        "https:\n//evil.example.test/more",
        "/data/xAPI/\tstatements/more",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://[::1/more",
        "https://lrs.example.org:port/more",
    ],
)
def test_more_that_leads_elsewhere_is_refused_and_not_quoted(elsewhere: str) -> None:
    with pytest.raises(Misbehaving) as refusal:
        a_chain().follow(elsewhere)

    assert "secret" not in str(refusal.value)
    assert "/more" not in str(refusal.value).replace("`more`", "")


@given(st.text())
def test_whatever_more_says_the_next_request_stays_on_the_origin(more: str) -> None:
    try:
        url = a_chain().follow(more)
    except Misbehaving:
        return

    assert url is None or origin_of(url) == origin_of(STATEMENTS)


def test_a_link_that_came_before_is_a_loop() -> None:
    chain = a_chain()
    chain.follow("/more/a")
    chain.follow("/more/b")

    with pytest.raises(Misbehaving, match="leads back"):
        chain.follow("/more/a")


def test_a_page_that_came_before_is_a_circle_even_behind_new_links() -> None:
    chain = a_chain()
    chain.see(records("1", "2"))
    chain.see(records("3"))

    with pytest.raises(Misbehaving, match="same page twice"):
        chain.see(records("1", "2"))


def test_pages_that_overlap_are_no_circle() -> None:
    chain = a_chain()
    chain.see(records("1", "2"))
    chain.see(records("2", "3"))


def test_empty_pages_without_end_are_not_followed_for_ever() -> None:
    chain = a_chain(max_pages=10_000)
    for _ in range(MOST_EMPTY):
        chain.see([])

    with pytest.raises(Misbehaving, match="1,000 empty pages in a row"):
        chain.see([])


def test_empty_pages_are_legal() -> None:
    chain = a_chain()
    chain.see([])
    chain.see([])


def test_a_chain_without_end_is_stopped() -> None:
    chain = a_chain(max_pages=2)
    chain.see(records("1"))
    chain.see(records("2"))

    with pytest.raises(Misbehaving, match="after 2 pages"):
        chain.see(records("3"))
