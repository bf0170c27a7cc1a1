"""The tree itself: what every file and folder has to be, whatever it holds."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from support.cache import ROOT

PACKAGES = ("lrs_bridge/", "connectors/lrs_bridge_connectors/", "rules/lrs_bridge_rules/")
FOLDERS_OF_PACKAGES = ("connectors", "rules", "config", "tests")
# Put together here, so that this file does not name them.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
)
LONGEST_FILE = 400
LONGEST_FUNCTION = 45
_SUPPRESSION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover|nosec)(?P<rest>.*)$")
_CODES = re.compile(r"^(?:\[[\w, -]+\]|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?")


@cache
def tracked() -> tuple[Path, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


@cache
def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""  # a picture


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def files_of_the_product() -> list[Path]:
    return [path for path in python_files() if name_of(path).startswith(PACKAGES)]


def files_that_are_written_by_hand() -> list[Path]:
    # A migration is one list of tables from first to last, drawn up by a tool.
    return [path for path in files_of_the_product() if "migrations" not in path.parts]


def test_no_file_names_the_host_of_a_registry() -> None:
    assert [name_of(path) for path in tracked() if any(host in text_of(path) for host in REGISTRIES)] == []


@pytest.mark.parametrize("folder", FOLDERS_OF_PACKAGES)
def test_a_folder_that_holds_packages_is_none_itself(folder: str) -> None:
    assert not (ROOT / folder / "__init__.py").exists()


def test_no_file_is_about_too_much() -> None:
    lengths = {name_of(path): text_of(path).count("\n") for path in files_that_are_written_by_hand()}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{name_of(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in files_that_are_written_by_hand()
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_every_file_of_the_product_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in files_of_the_product()
        if text_of(path).strip() and not ast.get_docstring(ast.parse(text_of(path)))
    ]

    assert silent == []


def test_every_suppressed_warning_has_its_reason_beside_it() -> None:
    bare = [
        f"{name_of(path)}:{number}"
        for path in python_files()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if (found := _SUPPRESSION.search(line)) and not _CODES.sub("", found["rest"].strip()).strip(" #-:–—")
    ]

    assert bare == []


def test_nothing_is_left_to_be_done_later() -> None:
    marks = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" * 3 + r"\b")))
    left = [
        f"{name_of(path)}:{number}"
        for path in python_files()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if marks.search(line)
    ]

    assert left == []


def decisions() -> list[Path]:
    return sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.stem)
def test_a_decision_says_why_what_and_what_follows(path: Path) -> None:
    headings = re.findall(r"^## (.+)$", text_of(path), re.MULTILINE)

    assert re.match(rf"# {int(path.name[:4])}\. \S", text_of(path))
    assert headings == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in decisions()] == list(range(1, len(decisions()) + 1))


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{name_of(path)}: {target}"
        for path in tracked()
        if path.suffix == ".md"
        for target in re.findall(r"\]\((?!https?://|mailto:|#)([^)#\s]+)", text_of(path))
        if not (path.parent / target).exists()
    ]

    assert broken == []


def test_every_document_that_a_file_names_is_there() -> None:
    missing = [
        f"{name_of(path)}: {document}"
        for path in tracked()
        for document in re.findall(r"\bdocs/[\w/-]+\.md\b", text_of(path))
        if not (ROOT / document).exists()
    ]

    assert missing == []


def test_every_target_of_the_makefile_is_listed_by_help() -> None:
    makefile = text_of(ROOT / "Makefile")
    phony = set(re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE))
    shown = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert set(re.findall(r"^  make (\S+)", shown, re.MULTILINE)) == phony
