"""Each lint has a page: what it says is said of the first example on it, and not of the mended one."""

import re
from pathlib import Path

import pytest

from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.lint.checking import lint
from lrs_bridge_rules.lint.history import History
from lrs_bridge_rules.lint.remark import Remark
from lrs_bridge_rules.lint.table import LINTS, UNUSED_ALLOWANCE
from support.linting import TODAY

_PAGES = Path(__file__).parents[3] / "docs/lint"
_NAMES = (*LINTS, UNUSED_ALLOWANCE)
#: What the database knows on the pages of the lints that ask it.
_HISTORY = History(
    competencies=frozenset({"spreadsheets"}),
    goals=frozenset({"Plan the budget with pivot tables"}),
    activities=frozenset({"https://courses.example.org/excel"}),
    hits={"excel-courses": 12},
    completions=40,
)


def _page(name: str) -> str:
    return (_PAGES / f"{name}.md").read_text("utf-8")


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _said(name: str, document: str) -> list[str]:
    history = _HISTORY if name in LINTS and LINTS[name].needs_history else None
    profiles = {f"profile{number}.jsonld": text for number, text in enumerate(_blocks(_page(name), "json"))}
    remarks = lint(load_texts({"rules.yaml": document, **profiles}), now=TODAY, history=history).remarks
    return [_line(remark) for remark in remarks if remark.lint == name]


def _line(remark: Remark) -> str:
    place = remark.place
    return f"{place.path}:{place.line}:{place.column}: {remark.severity}: {remark.message} [{remark.lint}]"


@pytest.mark.parametrize("name", _NAMES)
def test_the_example_of_a_page_is_remarked_as_it_says_and_the_mended_one_is_not(name: str) -> None:
    example, mended = _blocks(_page(name), "yaml")
    (shown,) = _blocks(_page(name), "text")

    assert _said(name, example) == [shown.strip()]
    assert _said(name, mended) == []


@pytest.mark.parametrize("name", _NAMES)
def test_a_page_says_what_it_is_about_and_why_that_matters(name: str) -> None:
    headings = re.findall(r"^#+ (.+)$", _page(name), re.MULTILINE)

    assert headings == [name, "Why it matters", "What it finds", "Mended"]


def test_the_index_lists_every_lint_with_what_it_says_in_the_order_of_the_table() -> None:
    rows = re.findall(r"^\| \[([\w-]+)\]\(([\w-]+)\.md\) \| .+ \| (.+) \|$", _page("README"), re.MULTILINE)

    assert [name for name, _, _ in rows] == [file for _, file, _ in rows] == list(_NAMES)
    assert {name: about for name, _, about in rows if name in LINTS} == {
        name: each.about for name, each in LINTS.items()
    }


def test_there_is_no_page_of_a_lint_that_is_gone() -> None:
    assert {page.stem for page in _PAGES.glob("*.md")} == {*_NAMES, "README"}
