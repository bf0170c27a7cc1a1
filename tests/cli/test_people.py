"""What is known of somebody is handed out and erased at the command line; doctor and status say how that stands."""

import json
import zipfile
from typing import Any

from support.installation import STATEMENTS


def test_an_export_says_everything_about_somebody(installation: Any) -> None:
    file = installation.folder / "alice.json"
    answer = installation("people", "export", "alice@example.org", "--to", str(file))
    found = json.loads(file.read_text("utf-8"))

    assert answer.code == 0, answer.err
    assert (found["format"], found["version"], found["learner"]) == ("lrs-bridge-person", 1, "al")
    assert found["records"]["learner"][0]["name"] == "Alice Learner"
    assert {each["id"] for each in found["records"]["statement"]} == {STATEMENTS[0]["id"], STATEMENTS[2]["id"]}
    assert {"contract", "contract_revision", "completion", "evidence", "follow_up", "outbox"} <= set(found["records"])


def test_an_archive_holds_the_statements_as_they_were_received(installation: Any) -> None:
    file = installation.folder / "alice.zip"
    installation("people", "export", "al", "--to", str(file))

    with zipfile.ZipFile(file) as archive:
        body = archive.read(f"statements/{STATEMENTS[0]['id']}.json")
        assert "person.json" in archive.namelist()
    assert json.loads(body) == STATEMENTS[0]


def test_an_export_is_its_owners_and_overwrites_nothing(installation: Any) -> None:
    file = installation.folder / "alice.json"
    installation("people", "export", "al", "--to", str(file))
    again = installation("people", "export", "al", "--to", str(file))

    assert file.stat().st_mode & 0o077 == 0
    assert again.code == 2


def test_an_export_shows_no_password(installation: Any) -> None:
    installation("user", "add", "alice", "--role", "learner", "--learner", "al", "--password-stdin", stdin="x" * 12)
    file = installation.folder / "alice.json"
    installation("people", "export", "al", "--to", str(file))
    [account] = json.loads(file.read_text("utf-8"))["records"]["user_account"]

    assert account["login"] == "alice"
    assert "password_hash" not in account


def test_erasing_somebody_asks_for_a_reason(installation: Any) -> None:
    answer = installation("people", "erase", "al", "--yes")

    assert answer.code == 1
    assert "needs a reason" in answer.err


def test_nobody_is_erased_without_being_asked(installation: Any) -> None:
    answer = installation("people", "erase", "al", "--reason", "asked for it")

    assert answer.code == 2
    assert "--yes" in answer.err


def test_whom_nobody_knows_is_said_in_one_sentence(installation: Any) -> None:
    answer = installation("people", "erase", "nobody", "--reason", "asked for it", "--yes")

    assert answer.code == 1
    assert answer.err.startswith("There is no learner with this id or mail address.")


def test_erasing_somebody_says_what_was_done(installation: Any) -> None:
    answer = installation("people", "erase", "al", "--reason", "asked for it", "--yes")

    assert answer.code == 0, answer.err
    assert "2 statements reduced" in answer.out
    assert "al-2026" not in installation("contracts", "export").out


def test_doctor_says_that_erased_people_are_turned_away(installation: Any) -> None:
    installation("people", "erase", "al", "--reason", "asked for it", "--yes")

    assert found_by_doctor(installation)["level"] == "ok"


def test_doctor_fails_where_the_key_is_missing(installation: Any) -> None:
    installation("people", "erase", "al", "--reason", "asked for it", "--yes")
    (installation.folder / "privacy-key").unlink()

    assert found_by_doctor(installation)["level"] == "fail"


def test_doctor_fails_where_another_key_stands_in_its_place(installation: Any) -> None:
    installation("people", "erase", "al", "--reason", "asked for it", "--yes")
    (installation.folder / "privacy-key").write_text("o" * 64, "utf-8")

    assert "is not the one" in found_by_doctor(installation)["message"]


def test_doctor_warns_of_a_lost_erasures_file_and_again_writes_it(installation: Any) -> None:
    installation("people", "erase", "al", "--reason", "asked for it", "--yes")
    (installation.folder / "erasures").unlink()

    assert found_by_doctor(installation)["level"] == "warn"
    assert installation("people", "erase", "--again").code == 0
    assert found_by_doctor(installation)["level"] == "ok"


def found_by_doctor(installation: Any) -> dict[str, str]:
    checks: list[dict[str, str]] = installation("doctor", "--json").json["checks"]
    return next(each for each in checks if each["check"] == "erasures")
