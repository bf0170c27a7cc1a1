"""Backup, check and restore as an operator does them."""

import sqlite3
from contextlib import closing
from typing import Any


def test_a_backup_is_made_checked_and_put_back(installation: Any) -> None:
    made = installation("db", "backup", str(installation.folder / "backup.db"))
    refused = installation("db", "restore", str(installation.folder / "backup.db"))
    restored = installation("db", "restore", str(installation.folder / "backup.db"), "--force")

    assert (made.code, refused.code, restored.code) == (0, 1, 0)
    assert "backup.db is a checked copy" in made.out
    assert "--force" in refused.err
    assert "replaced-20260302T120000Z now" in restored.out
    assert "lrs-bridge pull" in restored.out
    assert "lrs-bridge db hold-messages" in restored.out
    assert installation("db", "check").code == 0


def test_a_backup_goes_into_a_folder_under_a_dated_name(installation: Any) -> None:
    assert installation("db", "backup", str(installation.folder)).code == 0
    assert (installation.folder / "lrs_bridge-20260302T120000Z.db").exists()


def test_a_folder_that_is_missing_is_named(installation: Any) -> None:
    answer = installation("db", "backup", str(installation.folder / "nowhere" / "backup.db"))

    assert answer.code == 1
    assert answer.err == f"There is no folder {installation.folder / 'nowhere'}. Make it, or give another path.\n"


def test_messages_that_wait_are_held_back_and_said(installation: Any) -> None:
    installation("db", "backup", str(installation.folder / "backup.db"))

    restored = installation("db", "restore", str(installation.folder / "backup.db"), "--force")
    held = installation("db", "hold-messages")

    assert "messages that were waiting may have gone out" in restored.out
    assert "No message waits" in held.out


def test_messages_are_held_back_by_hand(installation: Any) -> None:
    assert "messages are held back" in installation("db", "hold-messages").out


def test_all_waiting_messages_stay_when_told_so(installation: Any) -> None:
    installation("db", "backup", str(installation.folder / "backup.db"))
    restored = installation("db", "restore", str(installation.folder / "backup.db"), "--force", "--send-waiting")

    assert "held" not in restored.out
    assert "hold-messages" not in restored.out


def test_what_is_wrong_is_told_with_what_to_do_and_ends_with_one(installation: Any) -> None:
    with closing(sqlite3.connect(installation.folder / "lrs_bridge.db")) as connection:
        connection.execute("DELETE FROM completion_link")
        connection.execute("DELETE FROM due")
        connection.commit()

    found = installation("db", "check")
    report = installation("db", "check", "--json").json

    assert found.code == 1
    assert "learners are never planned" in found.out
    assert report["sound"] is False
    assert [each["count"] for each in report["troubles"]] == [3, 3]


def test_a_sound_database_is_called_so(installation: Any) -> None:
    answer = installation("db", "check")

    assert answer.code == 0
    assert "is sound." in answer.out
    assert installation("db", "check", "--json").json == {"sound": True, "troubles": []}


def test_a_database_out_of_which_somebody_was_erased_is_sound(installation: Any) -> None:
    assert installation("people", "erase", "al", "--reason", "asked for it", "--yes").code == 0

    assert installation("db", "check").out.endswith("is sound.\n")
