"""The laws for hostile statements, on inputs that hypothesis draws; `make fuzz` asks the same of many more.

The harness, the laws and the giants themselves are in tests/trials/fuzz.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs_bridge.jobs.pull import PullReport
from lrs_bridge.jobs.reconcile import ReconcileReport
from lrs_bridge.store.quarantine import Held, QuarantineState
from support.cache import ROOT
from support.parts import require_part
from trials.fuzz import giants, seeds
from trials.fuzz.findings import Findings
from trials.fuzz.ground import NOW, SOURCE, Ground
from trials.fuzz.journey import Answer, Given, Journey, go, travel
from trials.fuzz.laws import MEMORY, Broken, judge
from trials.fuzz.mutators import mutated
from trials.fuzz.payloads import MARK, TEXTS

#: Seconds of CPU time: a busy machine is slow, and that is no failure.
PATIENT = 60.0
QUICK_GIANTS = (
    "nesting of 500 in an extension",
    "nesting of 10,000 in an extension",
    "nesting of 10,000 as a whole",
    "a score of 400 digits",
    "a score of 400 decimal places",
    "an exponent of 400 digits",
    "100,000 digits in an extension",
    "an id of 1 MB",
)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with Ground(tmp_path_factory.mktemp("ground")) as made:
        yield made


def holds(journey: Journey) -> None:
    """Every law but that of the memory: this process has run other tests, and the trial has one of its own."""
    judge(journey, PATIENT, memory=None)


def test_what_platforms_really_send_goes_the_whole_way(ground: Ground) -> None:
    journey = go(ground, Given(*(seeds.line(each) for each in seeds.statements())))

    holds(journey)
    assert len(journey.kept) > 30
    assert journey.noise > 10
    assert journey.shown


@given(st.randoms(use_true_random=False), st.sampled_from(seeds.corpus()))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_changed_in_what_was_sent_the_laws_hold(ground: Ground, chance: Random, seed: bytes) -> None:
    holds(travel(ground, mutated(seed, chance)))


@given(st.lists(st.binary(max_size=200), max_size=4))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_bytes_are_sent_the_laws_hold(ground: Ground, bodies: list[bytes]) -> None:
    holds(go(ground, Given(*bodies), everything=False))


@pytest.mark.parametrize("name", QUICK_GIANTS)
def test_giants_keep_the_laws(ground: Ground, name: str) -> None:
    holds(go(ground, Given(giants.GIANTS[name]()), everything=False))


@pytest.mark.slow
def test_a_statement_of_five_megabytes_stays_within_its_memory() -> None:
    command = [sys.executable, "-m", "trials.fuzz.giants", "a statement of 5 MB"]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=ROOT, env=_environment(), timeout=100
    )

    size = giants.Size(**json.loads(done.stdout))
    assert size.broken == ""
    assert size.memory < MEMORY
    assert size.ended == "kept, quarantine"  # out of a file it is beyond the cap of one record


@pytest.mark.slow
def test_the_hunt_finds_its_way_alone(tmp_path: Path) -> None:
    require_part("atheris", find_spec("atheris") is not None, "make venv")
    told = tmp_path / "figures.json"
    command = [sys.executable, "-m", "trials.fuzz.harness", str(tmp_path), str(told), "3", "1", "8"]

    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT, env=_environment(), timeout=110
    )

    figures = json.loads(told.read_text("utf-8"))
    assert done.returncode == 0, done.stderr[-500:]
    assert figures["inputs"] >= figures["journeys"] > 0
    assert figures["found"] == {}


def _environment() -> dict[str, str]:
    folders = (ROOT / "tests", ROOT, ROOT / "connectors", ROOT / "rules")
    return {"PYTHONPATH": ":".join(map(str, folders)), "PATH": "/usr/bin:/bin"}


def a_journey(**changes: object) -> Journey:
    """One statement that was kept, and nothing wrong."""
    body = b'{"a": "https://people.example.org/ada"}'
    report = PullReport(SOURCE, pages=1, read=1, new=1)
    journey = Journey(records=[body], pulled=report, repeated=replace(report, new=0, duplicates=1), kept=[body])
    for name, value in changes.items():
        setattr(journey, name, value)
    return journey


def held(body: bytes, reason: str) -> Journey:
    record = Held("1", SOURCE, None, reason, body, NOW, QuarantineState.WAITING)
    return a_journey(records=[body], kept=[], held=[record], pulled=PullReport(SOURCE, pages=1, read=1, quarantined=1))


def shown(text: str, path: str = "/completions", status: int = 200) -> Journey:
    return a_journey(answers=[Answer(path, status, text)])


def test_a_journey_on_which_nothing_is_wrong_keeps_the_laws() -> None:
    holds(a_journey())
    holds(held(b'{"a": "https://people.example.org/ada"}', "verb.id is missing"))
    holds(held(b'{"mbox_sha1sum": 1}', "actor.mbox_sha1sum must be text, and is a number"))
    holds(shown(f"<bdi>&lt;script&gt;{MARK}()&lt;/script&gt;</bdi>"))


@pytest.mark.parametrize(
    ("journey", "law"),
    [
        (a_journey(kept=[]), "each record ends in one place"),
        (a_journey(records=[b"1", b"2"]), "each record ends in one place"),
        (a_journey(noise=1), "each record ends in one place"),
        (a_journey(kept=[b'{"a": 1}']), "what is kept is kept byte for byte"),
        (held(b"{}", " "), "what is put aside has a reason that quotes nothing"),
        (held(b"{}", f"{MARK} is no time"), "what is put aside has a reason that quotes nothing"),
        (
            held(b'{"a": "https://people.example.org/ada"}', "https://people.example.org/ada is no id"),
            "what is put aside has a reason that quotes nothing",
        ),
        (a_journey(planned=[ReconcileReport(failed=("ada",))]), "everybody can be planned"),
        (a_journey(planned_again=[ReconcileReport(updated=1)]), "planning twice writes nothing"),
        (a_journey(repeated=PullReport(SOURCE, new=1)), "what was taken in is known when it comes again"),
        (shown("", status=500), "every page answers"),
        (shown(f"<b>{TEXTS[0]}</b>"), "what others wrote is escaped"),
        (shown(f'<a title="{TEXTS[3]}">'), "what others wrote is escaped"),
        (shown(f'<a href="javascript:{MARK}()">'), "what others wrote is escaped"),
        (shown("a\r\n=1+1\r\n", "/completions?format=csv"), "no cell of a file is a formula"),
        (a_journey(logged=[{"event": f"<{MARK}>"}]), "no log line and no error says what others wrote"),
        (a_journey(seconds=61.0), "no input takes longer than its time"),
        (a_journey(shown=[("/x", "A<b")], answers=[Answer("/x", 200, "A<b")]), "what was accepted is shown"),
    ],
)
def test_each_law_is_broken_by_what_it_forbids(journey: Journey, law: str) -> None:
    with pytest.raises(Broken) as broken:
        judge(journey, PATIENT, memory=None)

    assert broken.value.law == law


def test_a_finding_is_kept_once_with_the_smallest_input_that_shows_it(tmp_path: Path) -> None:
    findings = Findings(tmp_path)

    findings.add(b"long enough", Broken("a law", "at 12:00"))
    findings.add(b"short", Broken("a law", "at 13:01"))

    assert [path.read_bytes() for path in tmp_path.glob("*.input")] == [b"short"]
    assert list(findings.seen.values()) == [2]
