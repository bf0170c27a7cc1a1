"""What is written to people: every occasion has its text, and nothing that comes from outside can bend it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge.domain.notice import NoticeKind
from lrs_bridge.jobs.delivery.channels import Undeliverable, compose
from lrs_bridge.jobs.delivery.letters import TEXTS, Letter, Occasion, Person, one_line, write_letter

DETAILS = {
    "title": "Use it: Excel basics",
    "due": "2026-03-31",
    "job_aid": "https://aids.example.org/excel",
    "what": "A licence",
    "goal": "Monthly report",
    "activity": "First aid",
    "until": "2026-05-01",
}
OCCASION = Occasion(
    key="follow-up-opened|ada|1|",
    kind=NoticeKind.FOLLOW_UP_OPENED,
    details=DETAILS,
    recipient=Person("Ada Abt", "ada@example.org"),
    learner=Person("Ada Abt", "ada@example.org"),
    partner=Person("Lea Lind", "lea@example.org"),
    link="https://learning.example.org/",
)


def test_every_kind_of_notice_has_a_text() -> None:
    assert set(TEXTS) == set(NoticeKind)


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_letter_is_complete(kind: NoticeKind) -> None:
    letter = write_letter(replace(OCCASION, kind=kind))

    assert letter.subject
    assert "Hello Ada Abt," in letter.body
    assert "https://learning.example.org/" in letter.body
    assert "Questions? Ask Lea Lind (lea@example.org)." in letter.body
    assert "{" not in letter.subject + letter.body


def test_days_are_written_out() -> None:
    assert "until 31 March 2026" in write_letter(OCCASION).body


def test_the_job_aid_comes_along() -> None:
    assert "https://aids.example.org/excel" in write_letter(OCCASION).body


def test_nobody_is_named_who_is_not_known() -> None:
    letter = write_letter(replace(OCCASION, partner=None, recipient=Person(), learner=Person(), details={}))

    assert "Questions?" not in letter.body
    assert letter.body.startswith("Hello,\n")


def test_the_same_notice_makes_a_letter_of_the_same_id() -> None:
    assert write_letter(OCCASION).id == write_letter(replace(OCCASION, recipient=Person("Ada Neu"))).id
    assert write_letter(OCCASION).id != write_letter(replace(OCCASION, key="another")).id


@given(st.text())
def test_a_value_from_outside_stays_on_its_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@given(title=st.text(), name=st.text())
def test_no_title_or_name_adds_a_header(title: str, name: str) -> None:
    occasion = replace(OCCASION, details=DETAILS | {"title": title}, recipient=Person(name, "ada@example.org"))

    message = compose(write_letter(occasion), "learning@example.org")

    wire = message.as_bytes()
    names = re.findall(rb"^([A-Za-z-]+):", wire.partition(b"\r\n\r\n")[0], re.MULTILINE)
    assert sorted(set(names)) == sorted(names)
    assert {each.decode() for each in names} == {
        *("To", "From", "Subject", "Message-ID", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }


def test_a_title_with_line_ends_becomes_one_line_of_the_subject() -> None:
    occasion = replace(OCCASION, details={"title": "Excel\r\nBcc: everybody@example.org"})

    message = compose(write_letter(occasion), "learning@example.org")

    assert message["Bcc"] is None
    assert message["Subject"] == "Put it to use: Excel Bcc: everybody@example.org"


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c", "ada@example.org\r\nBcc: x@example.org", "ada@exa mple.org"]
)
def test_who_has_no_usable_address_is_not_written_to(address: str) -> None:
    with pytest.raises(Undeliverable) as never:
        compose(Letter("1", Person("Ada", address), "subject", "body"), "learning@example.org")

    assert "ada" not in never.value.reason.lower()
