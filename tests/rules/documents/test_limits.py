"""Documents made to cost time or memory are refused before they do."""

import time

import pytest

from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.documents.reading import MAX_DOCUMENTS, MAX_NODES, MAX_TOTAL, Budget, parse
from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.nearest import nearest
from support.xapi import a_rule

#: Seconds of CPU time; far more than is needed, far less than without the limits.
_PATIENCE = 20.0


def _told(texts: dict[str, str]) -> list[str]:
    began = time.process_time()
    with pytest.raises(DocumentError) as refused:
        load_texts(texts)
    assert time.process_time() - began < _PATIENCE
    return [problem.message for problem in refused.value.problems]


def test_more_values_than_a_document_may_hold() -> None:
    assert _told({"r.yaml": "rules: [" + "1," * (MAX_NODES + 1) + "]"}) == [
        f"more than {MAX_NODES:,} values once its aliases are followed"
    ]


def test_conditions_multiplied_by_aliases() -> None:
    shared = "&w {any: [" + "{verb: passed}," * 1_000 + "]}"
    text = "rules:\n" + a_rule(shared) + "".join(a_rule("*w", rule_id=f"r{number}") for number in range(200))

    assert _told({"r.yaml": text}) == [f"more than {MAX_NODES:,} values once its aliases are followed"]


def test_more_values_than_all_documents_may_hold() -> None:
    budget, problems = Budget(left=6), Problems()

    assert parse("a.yaml", "a: [1, 2]", problems, budget) is not None
    assert parse("b.yaml", "b: [1, 2]", problems, budget) is None
    with pytest.raises(DocumentError, match=f"all documents together hold more than {MAX_TOTAL:,} values"):
        problems.raise_if_any()


def test_more_documents_than_anybody_has() -> None:
    told = _told({f"r{number:04}.yaml": "" for number in range(MAX_DOCUMENTS + 1)})

    assert told == [f"more than {MAX_DOCUMENTS:,} documents; put some together"]


def test_a_file_that_a_thousand_lists_name_is_read_once() -> None:
    lists = "".join(f" l{number}: {{file: a.csv}}\n" for number in range(1_000))
    rows = "".join(f"urn:{number}\n" for number in range(20_000))

    began = time.process_time()
    load_texts({"r.yaml": f"lists:\n{lists}", "a.csv": f"id\n{rows}"})

    assert time.process_time() - began < _PATIENCE


def test_thousands_of_slips_among_thousands_of_words() -> None:
    lists = ",".join(f"l{number}: x" for number in range(3_000))
    clauses = ",".join(f"{{activity.id: {{list: m{number}}}}}" for number in range(3_000))

    told = _told({"r.yaml": f"lists: {{{lists}}}\nrules:\n" + a_rule(f"{{any: [{clauses}]}}")})

    assert told[0] == "unknown list 'm0'"
    assert nearest("m0", ["m1"] * 5_000) == ""
