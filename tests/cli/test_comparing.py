"""`rescan` and `verify` at the terminal: what is missing or too much is named, with what to do about it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lrs_bridge_connectors.sandbox import SandboxLrs
from support.builders import EXCEL, NOON
from support.installation import STATEMENTS, a_statement

LRS = """
[[sources]]
name = "lrs"
endpoint = "{endpoint}"
username = "sandbox"
password_env = "LRS_PASSWORD"
page_limit = 2
overlap = "0s"
"""
LATE = a_statement(17, "passed", EXCEL, NOON - timedelta(days=3))


@pytest.fixture
def lrs(installation: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxLrs]:
    """An LRS beside the file, pulled; afterwards one statement came late, and one was deleted."""
    monkeypatch.setenv("LRS_PASSWORD", "sandbox")
    sandbox = SandboxLrs(clock=lambda: installation.now)
    sandbox.load([{**each, "id": each["id"][:-1] + "0"} for each in STATEMENTS])
    with sandbox.serve() as serving:
        with installation.config.open("a") as file:
            file.write(LRS.format(endpoint=serving.endpoint))
        assert installation("pull", "lrs", "--json").json["sources"][0]["new"] == len(STATEMENTS)
        yield sandbox


def drift(lrs: SandboxLrs) -> str:
    """Make them differ; the id of the statement that is gone."""
    lrs.load([LATE])
    gone: str = STATEMENTS[1]["id"][:-1] + "0"
    lrs.store.delete(gone)
    return gone


def test_doctor_warns_of_what_was_found(installation: Any, lrs: SandboxLrs) -> None:
    drift(lrs)
    installation("verify", "lrs")

    [found] = [e for e in installation("doctor", "--json").json["checks"] if e["check"] == "arrived from lrs"]

    assert (found["level"], found["message"]) == ("warn", "2 statements differ between the source and what is kept")
    assert "`lrs-bridge verify lrs`" in found["advice"]


@pytest.mark.usefixtures("lrs")
def test_where_nothing_differs_it_says_so_and_ends_with_0(installation: Any) -> None:
    answer = installation("verify", "lrs")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.endswith("no difference left\n")
    assert "together" in answer.out


def test_a_source_that_does_not_answer_is_not_called_free_of_differences(
    installation: Any, lrs: SandboxLrs, monkeypatch: pytest.MonkeyPatch
) -> None:
    drift(lrs)
    monkeypatch.setenv("LRS_PASSWORD", "another")

    answer = installation("verify", "lrs")

    assert answer.code != 0
    assert answer.out.endswith("not compared to the end; no difference left in what was compared\n")
    assert "does not accept the credentials" in answer.err


def test_windows_of_days_are_named_by_their_days(installation: Any, lrs: SandboxLrs) -> None:
    drift(lrs)

    by_day, by_hour = installation("verify", "lrs").out, installation("verify", "lrs", "--window", "1h").out

    assert "  2026-02-26  " in by_day
    assert "  2026-02-26 12:00:00Z  " in by_hour


def test_each_difference_is_named_with_its_meaning_and_what_to_do(installation: Any, lrs: SandboxLrs) -> None:
    gone = drift(lrs)

    answer = installation("verify", "lrs")

    assert answer.code == 1
    assert "1 statement missing: at the source, and not in the store. `lrs-bridge verify --mend`" in answer.out
    assert "1 statement gone: in the store, and no longer at the source" in answer.out
    assert LATE["id"] in answer.out
    assert gone in answer.out
    assert answer.out.endswith("2 differences left\n")


def test_mending_and_forgetting_close_them(installation: Any, lrs: SandboxLrs) -> None:
    drift(lrs)

    mended = installation("verify", "lrs", "--mend", "--json")
    forgotten = installation("verify", "lrs", "--forget-deleted", "--json")
    again = installation("verify", "lrs", "--window", "6h", "--json")

    assert (mended.code, mended.json["mended"], mended.json["remaining"]) == (1, 1, 1)
    assert (forgotten.code, forgotten.json["forgotten"], forgotten.json["remaining"]) == (0, 1, 0)
    assert (again.code, again.json["ok"], again.json["read"], again.json["kept"]) == (0, True, 4, 4)
    assert {each["differences"]["missing"] for each in again.json["windows"]} == {0}


def test_status_tells_what_was_found(installation: Any, lrs: SandboxLrs) -> None:
    drift(lrs)
    installation("verify", "lrs")
    rescanned = installation("rescan", "lrs", "--since", "2026-02-01")

    [source] = [each for each in installation("status", "--json").json["sources"] if each["name"] == "lrs"]

    assert (source["differences"], source["missed"]) == (2, 1)
    assert None not in (source["verified_at"], source["rescanned_at"])
    assert "1 had been missed" in rescanned.out
    assert "2026-02-26 00:00:00Z" in rescanned.out, "and in which window"


def test_of_files_it_says_what_is_not_compared(installation: Any) -> None:
    answer = installation("verify", "lms", "--since", "2026-01-01")

    assert answer.code == 0
    assert "is not compared: files may be taken away" in answer.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("verify", "nowhere"), "There is no source 'nowhere'"),
        (("verify", "lms", "--since", "2026-03-01", "--until", "2026-02-01"), "--until lies before --since"),
        (("verify", "lms", "--window", "0d"), "'0d' is no length of time"),
        (("verify", "lms", "--window", "soon"), "is no length of time such as 1h, 1d or 2w"),
    ],
)
def test_wrong_usage_is_said(installation: Any, arguments: tuple[str, ...], sentence: str) -> None:
    answer = installation(*arguments)

    assert answer.code == 2
    assert sentence in answer.err


def test_an_lrs_that_refuses_ends_with_the_code_of_a_wrong_configuration(
    installation: Any, lrs: SandboxLrs, monkeypatch: pytest.MonkeyPatch
) -> None:
    drift(lrs)
    monkeypatch.setenv("LRS_PASSWORD", "wrong")

    answer = installation("verify", "lrs")

    assert answer.code == 2
    assert "does not accept the credentials" in answer.err
