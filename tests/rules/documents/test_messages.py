"""What a wrong document is told: for each way of being wrong the exact messages, with line and column.

messages.txt holds documents, each followed by its messages (`--> LINE:COLUMN: message`) and a blank line. A message
says what is, what was expected, and what to do.
"""

from pathlib import Path

import pytest

from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.documents.tree import MAX_PROBLEMS
from lrs_bridge_rules.errors import DocumentError

_ROWS = [row.split("\n--> ") for row in Path(__file__).with_name("messages.txt").read_text("utf-8").split("\n\n")]


def _messages(text: str) -> list[str]:
    with pytest.raises(DocumentError) as refused:
        load_texts({"r.yaml": text})
    return [str(problem).removeprefix("r.yaml:") for problem in refused.value.problems]


@pytest.mark.parametrize(("text", "expected"), [(text, told) for text, *told in _ROWS])
def test_each_way_of_being_wrong_is_told_in_its_own_words(text: str, expected: list[str]) -> None:
    assert _messages(text) == [message.removesuffix("\n") for message in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules:\n\t- id: a", "2:1: a tab cannot indent; use spaces"),
        ("a:\n  b: 1\n\tc: 2", "3:1: a tab cannot indent; use spaces"),
        ("a: \x07", "1:4: the character U+0007 is not allowed in YAML; remove it"),
        ("a: 1\r\nb: \ud800", "2:4: the character U+D800 is not allowed in YAML; remove it"),
        ("a: 1234567890123456789", "1:4: a number of more than 18 digits; put it in quotes if it is a text"),
        (f"a: {'x' * 20_001}", "1:4: a text of 20,001 characters; at most 20,000 are allowed"),
        (f"{'k' * 1001}: 1", "1:1: a key of 1,001 characters; at most 1,000 are allowed"),
        ("a: " + "[" * 40, "1:36: nested deeper than 32 levels"),
    ],
)
def test_what_cannot_be_shown_in_a_table_is_told_as_well(text: str, expected: str) -> None:
    assert expected in _messages(text)


def test_a_long_text_is_not_repeated_whole() -> None:
    (message,) = _messages(f"rules: {'x' * 5_000}")

    assert message == f"1:8: rules: expected a list, not the text '{'x' * 60}…'"


@pytest.mark.parametrize(
    "text",
    [
        f"rules:\n- {{id: a, status: active, when: {{verb: {'x' * 3_000}}}, evidence: {{goal: x}}}}",
        f"completions:\n- {{id: a, when: {{verb: passed}}, outcome: {'x' * 3_000}}}",
        f"include: {'x' * 3_000}",
        '"a\\nb": 1',
    ],
)
def test_no_message_repeats_a_document_or_leaves_its_line(text: str) -> None:
    assert all(len(message) < 700 and len(message.splitlines()) == 1 for message in _messages(text))


def test_of_very_many_problems_the_first_are_told() -> None:
    told = _messages("rules: [" + "x, " * 5_000 + "]")

    assert len(told) == MAX_PROBLEMS + 1
    assert told[-1].endswith("and 4,000 problems more; mend these first")


def test_the_words_of_pydantic_and_of_yaml_reach_nobody() -> None:
    told = "\n".join(message for _, *messages in _ROWS for message in messages)

    assert not [word for word in ("nput should", "instance of", "Model", "scalar", "token", "not YAML") if word in told]
