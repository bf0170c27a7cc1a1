"""The shipped packs, on golden pairs (tests/support/golden.py says how they are laid out and renewed)."""

import json
from pathlib import Path

import pytest

from lrs_bridge_rules.documents.loader import available_packs
from support.golden import GOLDEN, expectation_of, inputs, outcome_of


@pytest.mark.parametrize("path", inputs(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_pack_reads_what_its_platform_sends(path: Path) -> None:
    expected = json.loads(expectation_of(path).read_text("utf-8"))

    assert outcome_of(path) == expected


@pytest.mark.parametrize("pack", available_packs())
def test_every_pack_has_pairs_of_completions_and_of_noise(pack: str) -> None:
    expected = [json.loads(expectation_of(path).read_text("utf-8")) for path in inputs() if path.parent.name == pack]
    readings = [reading for pair in expected for reading in pair["readings"]]

    assert (GOLDEN / pack).is_dir()
    assert None in readings
    assert any(reading is not None and reading["outcome"] in {"completed", "passed"} for reading in readings)
