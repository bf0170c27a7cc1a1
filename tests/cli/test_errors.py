"""What goes wrong is one clear sentence with what to do, the right exit code, and nothing lost: the real program."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lrs_bridge_connectors.sandbox import SandboxLrs
from support.installation import STATEMENTS
from support.process import free_port

SOURCE = """
[[sources]]
name = "lrs"
kind = "xapi"
endpoint = "{endpoint}"
username = "sandbox"
password_env = "LRS_PASSWORD"
connect_timeout = "1s"
deadline = "2s"
"""


def rewrite(installation: Any, before: str, after: str) -> None:
    text = installation.config.read_text("utf-8")
    assert before in text
    installation.config.write_text(text.replace(before, after), "utf-8")


def add_lrs(installation: Any, endpoint: str) -> None:
    text = installation.config.read_text("utf-8").split("[[sources]]")[0]
    installation.config.write_text(text + SOURCE.format(endpoint=endpoint), "utf-8")


def misspell_a_key(installation: Any) -> None:
    rewrite(installation, "time_zone", "timezone")


def break_the_configuration(installation: Any) -> None:
    installation.config.write_text("[organisation\n", "utf-8")


def put_a_password_into_the_configuration(installation: Any) -> None:
    add_lrs(installation, "http://127.0.0.1:9/xapi")
    rewrite(installation, 'password_env = "LRS_PASSWORD"', 'password = "geheim"')


def forget_the_password(installation: Any) -> None:
    add_lrs(installation, "http://127.0.0.1:9/xapi")


def lose_the_configuration(installation: Any) -> None:
    installation.config.unlink()


def lose_the_database(installation: Any) -> None:
    (installation.folder / "lrs_bridge.db").unlink()


def empty_the_database(installation: Any) -> None:
    (installation.folder / "lrs_bridge.db").write_bytes(b"")


def put_the_database_where_no_folder_is(installation: Any) -> None:
    rewrite(installation, "/lrs_bridge.db", "/nowhere/lrs_bridge.db")


def point_at_a_database_server_that_is_down(installation: Any) -> None:
    rewrite(installation, f"sqlite:///{installation.folder}/lrs_bridge.db", f"postgresql://u@127.0.0.1:{free_port()}/x")


def age_the_database(installation: Any) -> None:
    with closing(sqlite3.connect(installation.folder / "lrs_bridge.db")) as connection, connection:
        connection.execute("DELETE FROM alembic_version")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")


def forget_the_sources(installation: Any) -> None:
    installation.config.write_text(installation.config.read_text("utf-8").split("[[sources]]")[0], "utf-8")


def break_the_rules(installation: Any) -> None:
    (installation.folder / "rules/organisation.yaml").write_text("rulez: []\nwaste: {mastery: high}\n", "utf-8")


def nothing(_: Any) -> None:
    """Everything is as it should be; the arguments are wrong."""


CASES: list[tuple[Callable[[Any], None], tuple[str, ...], int, str]] = [
    (misspell_a_key, ("status",), 2, "organisation.timezone: unknown key, did you mean 'time_zone'?"),
    (break_the_configuration, ("status",), 2, "this is not TOML"),
    (put_a_password_into_the_configuration, ("pull",), 2, "a secret does not belong in this file; use password_file"),
    (forget_the_password, ("pull",), 2, "LRS_PASSWORD"),
    (lose_the_configuration, ("status",), 2, "cannot be read (No such file or directory); give another file"),
    (lose_the_database, ("status",), 2, "There is no database file"),
    (lose_the_database, ("reconcile",), 2, "Run `lrs-bridge db upgrade`."),
    (empty_the_database, ("pull",), 2, "is empty. Run `lrs-bridge db upgrade`."),
    (put_the_database_where_no_folder_is, ("status",), 2, "There is no database file"),
    (point_at_a_database_server_that_is_down, ("status",), 2, "does not answer, or refuses the sign-in. Start it"),
    (age_the_database, ("status",), 2, "lrs-bridge"),
    (forget_the_sources, ("pull",), 2, "No source is configured. Add one under [[sources]]"),
    (break_the_rules, ("rules", "publish", "--note", "broken"), 1, "organisation.yaml:2:"),
    (nothing, ("pull", "lsm"), 2, "There is no source 'lsm'. Configured: lms."),
    (nothing, ("stauts",), 2, "No such command 'stauts'"),
    (nothing, ("status", "--jason"), 2, "No such option '--jason'"),
    (nothing, ("rescan", "lms", "--since", "soon"), 2, "neither a day (2026-11-01) nor a moment"),
    (nothing, ("rescan", "lms", "--since", "2026-02-02", "--until", "2026-01-01"), 2, "--until lies before --since"),
    (nothing, ("learners", "import", "none.csv"), 2, "'none.csv' does not exist"),
    (nothing, ("learners", "import", "catalogue.yaml"), 1, "expected a file whose name ends in .csv"),
    (nothing, ("catalogue", "import", "strategy.yaml"), 1, "strategy.yaml:1:1: "),
    (nothing, ("contracts", "export", "c9"), 1, "There is no contract 'c9'."),
    (nothing, ("rules", "rollback", "9", "--note", "back"), 1, "There is no version 9 of the rules."),
    (nothing, ("rules", "rollback", "9" * 20), 2, "is not in the range"),
    (nothing, ("unmatched", "--search", "\udcff"), 2, "A text that was given is not in UTF-8."),
    (nothing, ("quarantine", "show", "\udcff"), 2, "A text that was given is not in UTF-8."),
    (nothing, ("quarantine", "show", "x"), 1, "There is nothing in quarantine under x."),
    (nothing, ("quarantine", "replay"), 2, "Name the records to replay, or use --all."),
    (nothing, ("user", "add", "ada"), 2, "There is no terminal to ask for the password; use --password-stdin."),
    (nothing, ("user", "add", "ada", "--password-stdin"), 1, "The password has 0 characters. Use at least 12"),
    (nothing, ("worker",), 2, "Name a broker"),
    (nothing, ("beat",), 2, "Name a broker"),
]


#: The first of each kind is shown with the real program as a process of its own, all of them inside this one.
CHILDREN = [CASES[index] for index in (0, 2, 3, 4, 5, 9, 10, 11)]


@pytest.mark.parametrize(("breakage", "arguments", "code", "sentence"), CASES)
def test_a_mistake_is_told_in_one_sentence_with_the_right_exit_code(
    installation: Any,
    breakage: Callable[[Any], None],
    arguments: tuple[str, ...],
    code: int,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(installation.folder)
    breakage(installation)
    check(installation(*arguments), code, sentence)


@pytest.mark.parametrize(("breakage", "arguments", "code", "sentence"), CHILDREN)
def test_the_real_program_says_the_same(
    installation: Any, breakage: Callable[[Any], None], arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    breakage(installation)
    check(installation.child(*arguments), code, sentence)


def check(answer: Any, code: int, sentence: str) -> None:
    assert (answer.code, answer.out) == (code, "")
    assert sentence in answer.err
    assert "Traceback" not in answer.err
    assert "geheim" not in answer.err


def test_a_wrong_password_of_the_lrs_loses_nothing(installation: Any) -> None:
    lrs = SandboxLrs(credentials=("sandbox", "right"))
    with lrs.serve() as serving:
        add_lrs(installation, serving.endpoint)
        refused = installation.child("pull", env={"LRS_PASSWORD": "wrong-password"})
        lrs.load(STATEMENTS)
        accepted = installation.child("pull", "--json", env={"LRS_PASSWORD": "right"})

    assert refused.code == 2
    assert refused.err.startswith("lrs: ")
    assert "wrong-password" not in refused.err + refused.out
    assert accepted.code == 0, accepted.err
    assert accepted.json["sources"][0]["read"] == len(STATEMENTS)


def test_an_lrs_that_is_down_is_a_problem_that_goes_away(installation: Any) -> None:
    port = free_port()
    add_lrs(installation, f"http://127.0.0.1:{port}/xapi")
    down = installation.child("pull", env={"LRS_PASSWORD": "sandbox"})
    shown = installation.child("status", "--json", env={"LRS_PASSWORD": "sandbox"})
    lrs = SandboxLrs()
    lrs.load(STATEMENTS)
    with lrs.serve(port):
        up = installation.child("pull", "--json", env={"LRS_PASSWORD": "sandbox"})

    assert down.code == 1
    assert down.err.startswith("lrs: ")
    assert [each["freshness"] for each in shown.json["sources"] if each["name"] == "lrs"] == ["failing"]
    assert (up.code, up.json["sources"][0]["read"]) == (0, len(STATEMENTS))


def test_one_source_that_fails_stops_no_other_one(installation: Any) -> None:
    text = installation.config.read_text("utf-8")
    endpoint = f"http://127.0.0.1:{free_port()}/xapi"
    installation.config.write_text(
        text.replace("[[sources]]", SOURCE.format(endpoint=endpoint) + "[[sources]]"), "utf-8"
    )
    answer = installation.child("pull", "--json", env={"LRS_PASSWORD": "sandbox"})

    assert answer.code == 1
    assert [bool(each["error"]) for each in answer.json["sources"]] == [True, False]


def test_a_traceback_is_shown_when_asked_for(installation: Any) -> None:
    lose_the_database(installation)

    assert "Traceback" in installation("--debug", "status").err
    assert "Traceback" in installation.child("status", env={"LRS_BRIDGE_DEBUG": "1"}).err


def test_an_error_of_a_library_shows_nothing_of_the_data(installation: Any) -> None:
    with closing(sqlite3.connect(installation.folder / "lrs_bridge.db")) as connection, connection:
        connection.execute("DROP TABLE finding")
    answer = installation("waste")

    assert answer.code == 1
    assert answer.err.startswith("The database refused what was asked of it (OperationalError).")
    assert "SELECT" not in answer.err


def test_a_refused_import_changes_nothing(installation: Any) -> None:
    file = installation.folder / "learners.csv"
    file.write_text(file.read_text("utf-8").replace("Alice", "Alicia") + "eve,,bad,nobody,,,,,,\n", "utf-8")
    refused = installation("learners", "import", str(file))
    exported = installation("waste")

    assert refused.code == 1
    assert len(refused.err.splitlines()) == 3
    assert "Alicia" not in exported.out


def test_a_closed_output_is_no_error(installation: Any) -> None:
    command = [Path(sys.executable).with_name("lrs-bridge"), "--config", installation.config, "status"]
    done = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *command], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_an_output_without_room_is_told_with_what_to_do(installation: Any) -> None:
    command = [Path(sys.executable).with_name("lrs-bridge"), "--config", installation.config, "status"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert (done.returncode, done.stderr) == (
        2,
        "What was to be written: there is no room left. Make room and repeat it.\n",
    )
