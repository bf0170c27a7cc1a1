"""The reference of rules: it is what the code says, its links lead somewhere, and its examples are rules."""

import re
from pathlib import Path

import pytest

from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.operators import OPERATORS
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.documents.describing.examples import CONDITIONS, LISTS, OPERATOR_EXAMPLES
from lrs_bridge_rules.documents.describing.reference import reference
from lrs_bridge_rules.documents.document import DocumentModel
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.errors import DocumentError
from support.xapi import a_rule

_FILE = Path(__file__).parents[4] / "docs/rules-reference.md"
_LIST_FILE = "id\nurn:a\n"
_TEXT = reference()


def test_the_file_is_what_the_code_says() -> None:
    assert _FILE.read_text("utf-8") == _TEXT, "run `lrs-bridge rules reference > docs/rules-reference.md`"


def test_every_link_leads_to_a_heading() -> None:
    heads = re.findall(r"^#+ (.+)$", _TEXT, re.MULTILINE)
    headings = {re.sub(r"[^\w\- ]", "", head).replace(" ", "-").lower() for head in heads}

    assert set(re.findall(r"\(#([^)]+)\)", _TEXT)) <= headings


@pytest.mark.parametrize("name", [*STATEMENT_FIELDS, *SUBJECT_FIELDS, *OPERATORS, *DocumentModel.model_fields])
def test_nothing_that_may_be_written_is_left_out(name: str) -> None:
    assert f"| `{name}` |" in _TEXT


def test_no_cell_is_left_without_words() -> None:
    assert [] == [line for line in _TEXT.splitlines() if line.startswith("|") and re.search(r"\|\s+\|$", line)]


@pytest.mark.parametrize("example", [*OPERATOR_EXAMPLES.values(), *(CONDITIONS[word] for word in CONDITIONS)])
def test_every_example_can_be_read(example: str) -> None:
    text = f"{LISTS}rules:\n{a_rule(f'{{{example}}}')}"
    try:
        load_texts({"rules.yaml": text, "safety-courses.csv": _LIST_FILE})
    except DocumentError as error:
        [problem] = error.problems  # of a template only that nobody has imported its profile
        assert "template" in example
        assert problem.message.startswith("unknown template")


def test_every_operator_has_an_example() -> None:
    assert OPERATOR_EXAMPLES.keys() == OPERATORS.keys()
