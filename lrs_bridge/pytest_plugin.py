"""Lets pytest run the tests that stand inside rule documents, beside an organisation's other checks.

    # pyproject.toml
    [tool.pytest.ini_options]
    addopts = ["-p", "lrs_bridge.pytest_plugin"]
    lrs_bridge_rules = ["rules"]

Each case is an item named DOCUMENT::RULE::CASE; a failure shows what `lrs-bridge rules test` shows. Each entry of
`lrs_bridge_rules` is one ruleset: a folder with all of its documents, or a file by itself. A document can be given as
an argument too; it belongs to the ruleset of its folder if the setting names that, and else is one by itself.

It has to be asked for, and is no entry point: whoever installs the product for its own sake, and happens to run pytest
in the same environment, shall not have YAML files collected that are none of its business.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from lrs_bridge.domain.rule_testing import Pending, pending
from lrs_bridge_rules.documents.loader import load
from lrs_bridge_rules.errors import DocumentError

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr, TracebackStyle  # what `repr_failure` gives and takes; not exported

_SETTING: Final = "lrs_bridge_rules"
_SUFFIXES: Final = (".yaml", ".yml")
_LOADED: Final = pytest.StashKey[dict[Path, list[Pending]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The folders and files whose tests are run when pytest is called without arguments."""
    parser.addini(_SETTING, "rule documents whose tests are run: folders, or single files", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Without arguments, the documents of the setting are collected like `testpaths`."""
    config.stash[_LOADED] = {}
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args.extend(str(path) for path in config.getini(_SETTING))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> RuleDocument | None:
    """Take a document that an argument names, or that the setting does, by itself or by its folder."""
    if file_path.suffix not in _SUFFIXES:
        return None
    root = _root_of(file_path, parent.config)
    return RuleDocument.of(parent, file_path, root) if root is not None else None


def _root_of(file: Path, config: pytest.Config) -> Path | None:
    """What the ruleset of a document is loaded from: the entry of the setting that it belongs to, else itself."""
    entries = [path.resolve() for path in config.getini(_SETTING)]
    for entry in (file.resolve(), file.resolve().parent):
        if entry in entries:
            return file if entry == file.resolve() else file.parent
    named = {(config.invocation_params.dir / each.partition("::")[0]).resolve() for each in config.args}
    return file if file.resolve() in named else None


class RuleDocument(pytest.File):
    """One rule document; its rules and completion definitions that have tests are collected."""

    root: Path

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path, root: Path) -> RuleDocument:
        document: RuleDocument = cls.from_parent(parent, path=path)
        document.root = root
        return document

    def collect(self) -> Iterator[pytest.Collector]:
        """Load the ruleset that the document belongs to, once for all of its documents."""
        own = [each for each in _pending(self.config, self.root) if Path(each.place.path) == self.path]
        for rule, cases in groupby(own, key=lambda each: each.rule):
            yield Cases.of(self, rule, list(cases))


def _pending(config: pytest.Config, root: Path) -> list[Pending]:
    loaded = config.stash[_LOADED]
    if root not in loaded:
        try:
            loaded[root] = list(pending(load([root])))
        except DocumentError as error:
            raise pytest.Collector.CollectError(str(error)) from error
    return loaded[root]


class Cases(pytest.Collector):
    """The cases of one rule or completion definition."""

    pending: list[Pending]

    @classmethod
    def of(cls, parent: RuleDocument, name: str, cases: list[Pending]) -> Cases:
        collector: Cases = cls.from_parent(parent, name=name)
        collector.pending = cases
        return collector

    def collect(self) -> Iterator[pytest.Item]:
        for each in self.pending:
            yield CaseItem.of(self, each)


class CaseFailed(Exception):
    """Carries the lines that say what was expected, what came, and why."""


class CaseItem(pytest.Item):
    """One case."""

    pending: Pending

    @classmethod
    def of(cls, parent: Cases, case: Pending) -> CaseItem:
        item: CaseItem = cls.from_parent(parent, name=case.case)
        item.pending = case
        return item

    def runtest(self) -> None:
        result = self.pending.run()
        if not result.passed:
            raise CaseFailed("\n".join(result.lines))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: TracebackStyle | None = None
    ) -> str | TerminalRepr:
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.pending.place.line - 1, f"{self.pending.rule}: {self.name}"
