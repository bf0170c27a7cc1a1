"""What rule authors are told about fields, operators and keys: all have a sentence, and no two say the same."""

from typing import Any

import pytest

from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.operators import OPERATORS
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.documents.parts import Part


@pytest.mark.parametrize("table", [STATEMENT_FIELDS, SUBJECT_FIELDS, OPERATORS])
def test_every_field_and_operator_says_in_a_sentence_what_it_is(table: dict[str, Any]) -> None:
    unclear = [name for name, row in table.items() if not row.about.endswith(".") or len(row.about) > 140]

    assert [] == unclear


def test_every_key_of_a_document_says_in_a_sentence_what_it_is() -> None:
    silent = [
        f"{model.__name__}.{name}"
        for model in Part.__subclasses__()
        for name, field in model.model_fields.items()
        if not (field.description or "").endswith(".")
    ]

    assert [] == silent
