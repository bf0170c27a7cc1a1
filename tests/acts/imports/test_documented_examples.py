"""The examples on the page about importing can be imported, in the order that it gives, and say what it says."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lrs_bridge.acts import imports
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.acts.imports import (
    Imported,
    agenda_documents,
    catalogue_documents,
    contract_documents,
    contract_rows,
    goal_documents,
    learner_rows,
    strategy_documents,
)
from support.builders import NOON

TEXT = (Path(__file__).parents[3] / "docs/importing.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"<!-- (\S+) -->\n```\w+\n(.*?)```", TEXT, re.DOTALL))
STEPS: list[tuple[str, Callable[..., Imported], int]] = [
    ("learners.csv", imports.learners, 2),
    ("strategy.yaml", imports.strategy, 9),
    ("catalogue.yaml", imports.catalogue, 2),
    ("agendas.yaml", imports.agendas, 1),
    ("contracts.yaml", imports.contracts, 2),
    ("contracts.csv", imports.contracts, 1),
]


def test_the_examples_are_imported_one_after_the_other_and_again(engine: Engine, tmp_path: Path) -> None:
    for again in (False, True):
        for name, work, number in STEPS:
            (tmp_path / name).write_text(EXAMPLES[name], "utf-8")
            done = work(engine, OPERATOR, tmp_path / name, NOON + timedelta(days=again))

            assert done == (Imported(unchanged=number) if again else Imported(new=number)), name


def test_every_example_is_tried() -> None:
    assert set(EXAMPLES) == {name for name, _, _ in STEPS}


def keys() -> Iterator[tuple[str, str]]:
    for module in (agenda_documents, catalogue_documents, contract_documents, goal_documents, strategy_documents):
        for name, value in vars(module).items():
            if name.endswith("KEYS"):
                yield from ((module.__name__.rpartition(".")[2], key) for key in value)
    yield from (("learner_rows", column) for column in learner_rows.COLUMNS)
    yield from (("contract_rows", column) for column in contract_rows.COLUMNS)


@pytest.mark.parametrize(("module", "key"), sorted(set(keys())))
def test_every_key_that_is_read_is_documented(module: str, key: str) -> None:
    assert re.search(rf"\b{key}\b", TEXT), f"{key} of {module}"
