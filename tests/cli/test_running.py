"""From an empty folder to the reports, with the real program; and pipes, terminals, PostgreSQL."""

import json
import os
import pty
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lrs_bridge.domain.waste import WasteReason
from lrs_bridge.store.read_models.words import WORDS
from support.builders import UNKNOWN
from support.installation import STATEMENTS
from support.process import free_port, running

PROGRAM = Path(sys.executable).with_name("lrs-bridge")
PASSWORD = "correct horse battery\n"


def lrs_bridge(folder: Path, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PROGRAM, *arguments], cwd=folder, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def test_an_installation_is_set_up_in_an_empty_folder(tmp_path: Path) -> None:
    done = lrs_bridge(tmp_path, "init", "--password-stdin", stdin=PASSWORD)

    assert (done.returncode, done.stderr) == (0, "")
    assert "sign in as admin at http://127.0.0.1:8080" in done.stdout
    assert lrs_bridge(tmp_path, "doctor").returncode == 0
    assert json.loads(lrs_bridge(tmp_path, "user", "list", "--json").stdout)["users"][0]["login"] == "admin"


def test_setting_up_again_leaves_what_is_there(tmp_path: Path) -> None:
    lrs_bridge(tmp_path, "init", "--password-stdin", stdin=PASSWORD)
    config = tmp_path / "lrs_bridge.toml"
    config.write_text(config.read_text("utf-8").replace('currency = "EUR"', 'currency = "CHF"'), "utf-8")
    again = lrs_bridge(tmp_path, "init", "--password-stdin", stdin=PASSWORD)

    assert again.returncode == 2
    assert "There is an account 'admin' already." in again.stderr
    assert "CHF" in config.read_text("utf-8")


def test_setting_up_can_be_repeated_after_a_short_password(tmp_path: Path) -> None:
    short = lrs_bridge(tmp_path, "init", "--password-stdin", stdin="short\n")
    assert list(tmp_path.iterdir()) == [], "the password is looked at before anything is made"
    right = lrs_bridge(tmp_path, "init", "--password-stdin", stdin=PASSWORD)

    assert (short.returncode, right.returncode) == (1, 0)


def test_a_password_that_is_too_short_is_asked_for_again(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    # In a session of its own, or the password would be asked for at the terminal that runs the tests.
    child = subprocess.Popen(
        [PROGRAM, "init"], cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    printed = b""
    for answer in ("short\n", PASSWORD, PASSWORD):
        while not printed.endswith(b": "):
            printed += os.read(ours, 65_536)
        os.write(ours, answer.encode())
        printed += os.read(ours, 65_536)

    assert child.wait(timeout=30) == 0
    os.close(ours)
    assert b"Password (at least 12 characters): " in printed
    assert b"The password has 5 characters. Use at least 12" in printed


def test_from_files_to_reports(bridge_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = bridge_in()
    monkeypatch.chdir(fresh.folder)
    steps = [
        ("db", "upgrade"),
        ("rules", "publish", "--note", "the first"),
        ("learners", "import", "learners.csv"),
        ("strategy", "import", "strategy.yaml"),
        ("catalogue", "import", "catalogue.yaml"),
        ("agendas", "import", "agendas.yaml"),
        ("contracts", "import", "contracts.yaml"),
        ("pull",),
        ("reconcile",),
    ]
    for step in steps:
        answer = fresh(*step)
        assert (answer.code, answer.err) == (0, ""), step

    status = fresh("status", "--json").json
    assert status["funnel"] == {"completed": 3, "matched": 1, "followed_up": 0, "applied": 0, "achieved": 0}
    assert status["waste"]["money"] == 105_750
    assert status["unknown_actors"] == 1
    assert status["quarantine_waiting"] == 1
    assert [each["activity_id"] for each in fresh("unmatched", "--json").json["activities"]] == [UNKNOWN]
    assert fresh("reconcile", "--json").json["writes"] == 0
    assert fresh("pull", "--json").json["sources"][0]["new"] == 0


@pytest.mark.real_server
def test_the_same_on_postgresql(
    bridge_in: Callable[..., Any], postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = bridge_in(database=postgres_url.replace("+psycopg", ""))
    monkeypatch.chdir(fresh.folder)
    missing = fresh("status")
    steps = [
        ("db", "upgrade"),
        ("rules", "publish", "--note", "the first"),
        ("learners", "import", "learners.csv"),
        ("pull",),
        ("reconcile",),
    ]
    for step in steps:
        answer = fresh(*step)
        assert (answer.code, answer.err) == (0, ""), step

    assert (missing.code, "is empty. Run `lrs-bridge db upgrade`" in missing.err) == (2, True)
    assert fresh.child("status", "--json").json["funnel"]["completed"] == 3
    explained = fresh("rules", "explain", STATEMENTS[0]["id"][:8], "--json").json
    assert [each["standing"] for each in explained["completions"]] == ["off-contract"]
    assert fresh("status", "--json").json["rules"]["planned"] == 3
    assert fresh("rules", "list", "--json").json["activations"][0]["note"] == "the first"
    assert fresh("doctor", "--json").json["ok"]


def test_contracts_that_were_exported_import_back_unchanged(installation: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(installation.folder)
    exported = installation("contracts", "export")
    (installation.folder / "back.yaml").write_text(exported.out, "utf-8")
    installation("contracts", "export", "--into", "out")

    assert installation("contracts", "import", "back.yaml").out == "0 new, 0 changed, 1 unchanged\n"
    assert installation("contracts", "import", "out").out == "0 new, 0 changed, 1 unchanged\n"


def test_checking_a_file_imports_nothing(installation: Any) -> None:
    (installation.folder / "more.csv").write_text("id,name\neve,Eve\n", "utf-8")
    checked = installation("learners", "import", "--check", str(installation.folder / "more.csv"))

    assert checked.out == "1 new, 0 changed, 0 unchanged (only checked: nothing was imported)\n"
    assert installation("status", "--json").json["learners"]["total"] == 3


def test_doctor_ends_with_1_when_something_fails(installation: Any) -> None:
    text = installation.config.read_text("utf-8")
    installation.config.write_text(text.replace("statements.jsonl", "gone.jsonl"), "utf-8")
    answer = installation("doctor", "--json")

    assert (answer.code, answer.json["ok"]) == (1, False)
    assert [each["check"] for each in answer.json["checks"] if each["level"] == "fail"] == ["source lms"]


def test_doctor_finds_a_database_that_another_program_holds(installation: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrs_bridge.store.engine.BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(installation.folder / "lrs_bridge.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = installation("doctor", "--json")
    [found] = [each for each in answer.json["checks"] if each["check"] == "database"]

    assert (answer.code, found["level"]) == (1, "fail")
    assert "Another process has kept the database" in found["message"]


@pytest.mark.parametrize(
    ("file", "level", "said"),
    [
        ("short", "fail", "shorter than 32 characters"),
        ("folder", "fail", "cannot be read"),
        ("no-such-folder/key", "fail", "cannot be made"),
        ("open", "warn", "can be read by others"),
        ("kept", "ok", "there"),
        ("new", "ok", "will be made at the first start"),
    ],
)
def test_doctor_says_whether_sessions_can_be_signed(installation: Any, file: str, level: str, said: str) -> None:
    folder = installation.folder
    (folder / "folder").mkdir()
    for name, key, mode in (("short", "geheim", 0o600), ("open", "k" * 32, 0o644), ("kept", "k" * 32, 0o600)):
        (folder / name).write_text(key, "utf-8")
        (folder / name).chmod(mode)
    text = installation.config.read_text("utf-8")
    installation.config.write_text(text.replace(f"{folder}/secret", f"{folder}/{file}"), "utf-8")
    answer = installation("doctor", "--json")
    [found] = [each for each in answer.json["checks"] if each["check"] == "secret key"]

    assert (found["level"], said in found["message"]) == (level, True)
    assert answer.code == (1 if level == "fail" else 0)
    assert not (folder / "new").exists()
    assert "geheim" not in answer.out


def test_doctor_says_that_the_rules_in_files_are_not_those_in_force(installation: Any) -> None:
    rules = installation.folder / "rules/organisation.yaml"
    rules.write_text(rules.read_text("utf-8").replace("mastery: 85", "mastery: 90"), "utf-8")
    [found] = [each for each in installation("doctor", "--json").json["checks"] if each["check"] == "rules"]

    assert (found["level"], "rules publish" in found["advice"]) == ("warn", True)


@pytest.mark.parametrize(
    ("declared", "level", "said"),
    [
        ("spreadsheets", "ok", "the strategy declares 1,"),
        ("painting", "warn", "spreadsheets (rule excel-courses)"),
    ],
)
def test_doctor_names_competencies_of_active_rules_that_are_not_declared(
    installation: Any, declared: str, level: str, said: str
) -> None:
    file = installation.folder / "strategy.yaml"
    file.write_text(f"competencies: [{declared}]\n", "utf-8")
    installation("strategy", "import", str(file))
    answer = installation("doctor", "--json")
    [found] = [each for each in answer.json["checks"] if each["check"] == "competencies"]

    assert (found["level"], said in found["message"], answer.code) == (level, True, 0)


def test_doctor_leaves_free_competencies_alone(installation: Any) -> None:
    assert "competencies" not in {each["check"] for each in installation("doctor", "--json").json["checks"]}


def test_a_mail_server_that_does_not_answer_is_found(installation: Any) -> None:
    text = installation.config.read_text("utf-8")
    mail = f'[delivery]\nchannel = "mail"\n[mail]\nhost = "127.0.0.1"\nport = {free_port()}\nsender = "a@example.org"\n'
    installation.config.write_text(mail + text, "utf-8")
    [found] = [each for each in installation("doctor", "--json").json["checks"] if each["check"] == "mail"]

    assert (found["level"], "does not answer" in found["message"]) == ("fail", True)


def test_a_pipe_gets_plain_lines_without_control_characters(installation: Any) -> None:
    out = installation("status").out

    assert "\x1b" not in out
    assert "Sources\n" in out


def test_a_terminal_gets_tables(installation: Any) -> None:
    assert "──" in on_a_terminal(installation, "status")


def on_a_terminal(installation: Any, *arguments: str) -> str:
    """What the program prints when a terminal reads it."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [PROGRAM, "--config", installation.config, *arguments], stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    printed = b""
    try:
        while chunk := os.read(ours, 65_536):
            printed += chunk
    except OSError:  # Linux says so when the other end of a terminal is closed
        pass
    child.wait(timeout=30)
    os.close(ours)
    return printed.decode()


def test_a_reader_who_leaves_early_is_no_error(installation: Any) -> None:
    script = f"'{PROGRAM}' --config '{installation.config}' status | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout, done.stderr) == ("Sources\n0\n", "")


def test_foreign_texts_cannot_steer_the_terminal(installation: Any) -> None:
    (installation.folder / "more.csv").write_text("id,name\nal,\x1b[31mAlice\n", "utf-8")
    assert installation("learners", "import", str(installation.folder / "more.csv")).code == 0

    assert "\x1b" not in installation("waste").out


def test_everything_runs_in_one_process(installation: Any, tmp_path: Path) -> None:
    port = free_port()
    text = installation.config.read_text("utf-8")
    installation.config.write_text(text.replace("[web]", f"[web]\nport = {port}"), "utf-8")
    command = [PROGRAM, "--config", installation.config, "up"]
    with running("lrs-bridge up", command, log=tmp_path / "log", cwd=installation.folder) as child:
        child.wait_for_line(f"Listening on http://127.0.0.1:{port}")
        child.wait_for_port(port)
        child.process.terminate()

        assert child.wait_for_end() == 0


def test_a_record_in_quarantine_is_shown_replayed_and_dismissed(installation: Any) -> None:
    waiting = installation("quarantine", "list", "--json")
    record = waiting.json["records"][0]["id"]

    assert waiting.code == 1
    assert installation("quarantine", "show", record, "--json").json["state"] == "waiting"
    assert '"actor": {}' in installation("quarantine", "show", record, "--body").out
    assert installation("quarantine", "replay", record, "--json").json["records"][0]["fate"] == "still-waiting"
    assert installation("quarantine", "dismiss", record).code == 0
    assert installation("quarantine", "list").code == 0


def test_the_reports_for_people_name_what_they_count(installation: Any) -> None:
    assert "Painting with oil" in installation("waste").out
    assert "573.00 EUR" in installation("waste", "--reason", "unaligned").out
    assert UNKNOWN in installation("unmatched").out


def test_status_uses_the_words_of_the_pages(installation: Any) -> None:
    shown = installation("status").out

    assert {"Sweet spot", "Followed up", "Up to date"} <= {text for text in WORDS.values() if text in shown}
    assert not [raw for raw in ("sweet-spot", "followed-up", "fresh") if raw in shown]


def test_the_findings_are_headed_by_the_words_of_the_pages(installation: Any) -> None:
    assert not [reason for reason in WasteReason if "-" in reason and reason in installation("waste").out]


def test_reasons_that_can_be_rescued_are_listed_first(installation: Any) -> None:
    for report in ("status", "waste"):
        shown = installation(report).out

        assert shown.index("Not applied") < shown.index("Neither needed nor wanted")


def test_a_password_is_changed(installation: Any) -> None:
    assert installation("user", "add", "ada", "--role", "auditor", "--password-stdin", stdin=PASSWORD).code == 0
    assert installation("user", "password", "ada", "--password-stdin", stdin="another long one\n").code == 0


def test_rules_are_published_and_rolled_back(installation: Any) -> None:
    rules = installation.folder / "rules/organisation.yaml"
    rules.write_text(rules.read_text("utf-8").replace("mastery: 85", "mastery: 90"), "utf-8")

    assert installation("rules", "publish", "--note", "stricter", "--json").json["number"] == 2
    assert (
        installation("rules", "publish", "--note", "again").out == "Version 2 is in force already; nothing changed.\n"
    )
    assert installation("rules", "rollback", "1", "--note", "too strict").code == 0
    assert [v["active"] for v in installation("rules", "list", "--json").json["versions"]] == [False, True]
