"""The report of `rules test` that build servers read: JUnit's XML, one suite a document."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from lrs_bridge.cli.output import cell_text
from lrs_bridge.domain.rule_testing import TestResult


def write_junit(path: Path, results: Sequence[TestResult]) -> None:
    """Write the report. Raises OSError."""
    root = Element("testsuites")
    ordered = sorted(results, key=lambda each: each.document)
    for document, group in groupby(ordered, key=lambda each: each.document):
        cases = list(group)
        failures = sum(not each.passed for each in cases)
        suite = SubElement(root, "testsuite", name=document, tests=str(len(cases)), failures=str(failures))
        for each in cases:
            _add_case(suite, each)
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _add_case(suite: Element, result: TestResult) -> None:
    document, line, _ = result.where.rsplit(":", 2)
    case = SubElement(suite, "testcase", classname=result.rule, name=cell_text(result.case), file=document, line=line)
    if not result.passed:
        message = cell_text(f"expected {result.expected}, got {result.actual}")
        SubElement(case, "failure", message=message).text = "\n".join(map(cell_text, result.lines))
