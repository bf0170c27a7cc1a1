"""The laws for hostile rule documents, on inputs that hypothesis draws; `make fuzz FUZZ=--documents` asks of many more.

The harness, the mutators and the laws themselves are in tests/trials/documents.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.cache import ROOT
from support.parts import require_part
from trials.documents.laws import judge
from trials.documents.mutators import mutated
from trials.documents.seeds import corpus, parts_of


def _judged(data: bytes) -> str:
    """How it ended. Time is left to the trial: this machine may be busy."""
    return judge(parts_of(data), seconds=None)


def test_what_mutation_starts_from_is_kept_whole() -> None:
    assert _judged(corpus()[0].encode()) == "kept"


def test_everything_that_is_known_wrong_keeps_the_laws() -> None:
    ended = {_judged(text.encode("utf-8", "surrogateescape")) for text in corpus()}

    assert ended == {"kept", "refused"}


@given(st.randoms(use_true_random=False), st.sampled_from(corpus()[:12]))
@settings(max_examples=60, deadline=None)
def test_whatever_is_changed_in_documents_the_laws_hold(chance: Random, seed: str) -> None:
    _judged(mutated(seed.encode(), chance))


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_whatever_bytes_are_given_as_rules_the_laws_hold(data: bytes) -> None:
    _judged(data)


@given(st.sampled_from(["p.jsonld", "ours.csv"]), st.binary(max_size=200), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_whatever_stands_beside_a_document_the_laws_hold(name: str, data: bytes, chance: Random) -> None:
    texts = parts_of(corpus()[0].encode())
    hostile = mutated(texts[name].encode(), chance) if chance.random() < 0.7 else data

    judge({**texts, name: hostile.decode("utf-8", "surrogateescape")}, seconds=None)


@pytest.mark.slow
def test_the_hunt_for_documents_finds_its_way_alone(tmp_path: Path) -> None:
    require_part("atheris", find_spec("atheris") is not None, "make venv")
    told = tmp_path / "figures.json"
    command = [sys.executable, "-m", "trials.documents.harness", str(tmp_path), str(told), "1", "1", "8"]
    folders = (ROOT / "tests", ROOT, ROOT / "connectors", ROOT / "rules")
    env = {"PYTHONPATH": ":".join(map(str, folders)), "PATH": "/usr/bin:/bin"}

    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=env, timeout=110)

    figures = json.loads(told.read_text("utf-8"))
    assert done.returncode == 0, done.stderr[-500:]
    assert figures["inputs"] >= figures.get("refused", 0) + figures.get("kept", 0) > 0
    assert figures["found"] == {}
