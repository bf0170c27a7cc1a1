"""Who is it: every sentence of the field notes about identifiers."""

import hashlib
from typing import Any

import pytest

from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.identifier import ifi_from_text, mbox_sha1
from support.xapi import a_statement

_HOME = "https://moodle.example.org"


def _ifi(**actor: Any) -> str | None:
    return a_statement(actor=actor).ifi


def test_the_domain_of_a_mailbox_has_no_case() -> None:
    assert _ifi(mbox="mailto:Ada@Example.ORG") == "mbox:Ada@example.org"


def test_a_mailbox_may_come_with_any_case_of_mailto_or_none() -> None:
    assert _ifi(mbox="MAILTO:ada@example.org") == _ifi(mbox="ada@example.org") == "mbox:ada@example.org"


def test_a_mailbox_sum_is_forty_lower_case_digits() -> None:
    assert _ifi(mbox_sha1sum="A" * 40) == "sha1:" + "a" * 40


def test_the_sum_of_a_mailbox_is_taken_over_the_whole_mailto_address() -> None:
    expected = hashlib.sha1(b"mailto:ada@example.org", usedforsecurity=False).hexdigest()

    assert mbox_sha1("mbox:ada@example.org") == f"sha1:{expected}"


def test_an_account_is_its_home_page_and_its_name() -> None:
    assert _ifi(account={"homePage": _HOME, "name": "3"}) == f"account:{_HOME}|3"
    assert _ifi(account={"homePage": "https://other.example.org", "name": "3"}) != _ifi(
        account={"homePage": _HOME, "name": "3"}
    )


def test_a_bar_in_a_home_page_cannot_be_taken_for_the_separator() -> None:
    one = _ifi(account={"homePage": "https://a.example.org/|b", "name": "c"})
    other = _ifi(account={"homePage": "https://a.example.org/", "name": "b|c"})

    assert one != other


def test_a_person_by_user_id_by_user_name_or_by_mailbox_is_three_identifiers() -> None:
    by_id = _ifi(account={"homePage": _HOME, "name": "3"})
    by_name = _ifi(account={"homePage": "https://idp.example.test", "name": "ada"})
    by_mail = _ifi(mbox="mailto:ada@example.org")

    assert len({by_id, by_name, by_mail}) == 3


def test_a_name_is_no_identifier() -> None:
    assert _ifi(name="Ada Example") is None
    assert _ifi(name="Ada", openid="https://id.example.org/ada") == _ifi(
        name="Ada Married", openid="https://id.example.org/ada"
    )


def test_more_than_one_identifier_is_refused() -> None:
    with pytest.raises(StatementError, match="exactly one"):
        _ifi(mbox="mailto:ada@example.org", openid="https://id.example.org/ada")


@pytest.mark.parametrize(
    "actor",
    [
        {"mbox": "mailto:secret-name"},
        {"mbox_sha1sum": "secret-name"},
        {"openid": " "},
        {"account": {"homePage": "", "name": "secret-name"}},
    ],
)
def test_an_identifier_that_cannot_be_read_is_refused_without_repeating_it(actor: dict[str, Any]) -> None:
    with pytest.raises(StatementError, match=r"actor\.") as refused:
        a_statement(actor=actor)

    assert "secret-name" not in refused.value.reason


def test_an_identified_group_may_carry_members() -> None:
    statement = a_statement(
        actor={
            "objectType": "Group",
            "account": {"homePage": _HOME, "name": "team"},
            "member": [{"mbox": "mailto:ada@example.org"}, {"name": "nobody"}, {"mbox": "mailto:bo@example.org"}],
        }
    )

    assert statement.ifi == f"account:{_HOME}|team"
    assert statement.member_ifis == ("mbox:ada@example.org", "mbox:bo@example.org")


def test_an_anonymous_group_is_nobody() -> None:
    assert _ifi(objectType="Group", member=[{"mbox": "mailto:ada@example.org"}]) is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mailto:ada@EXAMPLE.org", "mbox:ada@example.org"),
        ("mbox:ada@example.org", "mbox:ada@example.org"),
        ("sha1:" + "B" * 40, "sha1:" + "b" * 40),
        ("openid:https://id.example.org/ada", "openid:https://id.example.org/ada"),
        (f"account:{_HOME}|3", f"account:{_HOME}|3"),
        (f" account:{_HOME} | 3 ", f"account:{_HOME}|3"),
    ],
)
def test_what_a_person_types_becomes_the_same_text(typed: str, expected: str) -> None:
    assert ifi_from_text(typed) == expected


@pytest.mark.parametrize("typed", ["ada", "ada@example.org", "account:3", "sha1:12", "phone:5", "mbox:ada"])
def test_what_is_no_identifier_is_refused_with_what_is_expected(typed: str) -> None:
    with pytest.raises(ValueError, match=r"[Ee]xpected"):
        ifi_from_text(typed)
