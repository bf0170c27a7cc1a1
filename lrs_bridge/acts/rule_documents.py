"""Changing a rule in its file: a status, an exception. Nothing is published by it; `rules publish` does that.

All documents together have to be right after the change, or none is written. A file is replaced in one step, so that
whoever reads it meanwhile has the old text or the new one. Commands that add drafts read and write their file here too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from lrs_bridge.acts.errors import ActRefused, NotFound
from lrs_bridge_rules.documents.changing.editing import add_exception, rule_ids, set_status
from lrs_bridge_rules.documents.loader import load, load_texts, sources_of
from lrs_bridge_rules.documents.tree import PACK_FOLDER
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.nearest import nearest


@dataclass(frozen=True, slots=True)
class Changed:
    """Where a rule was changed: its file, and the line in which it begins. `changed` is False if it was so before."""

    path: Path
    line: int
    changed: bool

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}"


def change_status(paths: Sequence[Path], rule_id: str, status: str) -> Changed:
    """Give a rule of some files and folders another status. Raises ActError, DocumentError, EditError."""
    return _change(paths, rule_id, lambda text: set_status(text, rule_id, status))


def except_case(paths: Sequence[Path], rule_id: str, exception: Mapping[str, object]) -> Changed:
    """Add an exception to a rule of some files and folders. Raises ActError, DocumentError, EditError."""
    return _change(paths, rule_id, lambda text: add_exception(text, rule_id, exception))


def _change(paths: Sequence[Path], rule_id: str, edit: Callable[[str], str]) -> Changed:
    texts = sources_of(paths)
    name = _document_of(texts, rule_id)
    place = next(rule.place for rule in load(paths).rules if rule.id == rule_id)
    path = Path(name)
    before = text_in(path)
    after = edit(before)
    if after != before:
        _check({**texts, name: after.removeprefix("\ufeff")})
        if text_in(path) != before:  # the check takes a while, and somebody may have it open
            raise ActRefused(f"{path} was changed by somebody else meanwhile, and was left as it is.", "Repeat it.")
        write_text(path, after)
    return Changed(path, place.line, after != before)


def _document_of(texts: Mapping[str, str], rule_id: str) -> str:
    """Return the document in which a rule stands. Raises NotFound, ActRefused."""
    rules = {
        found: name for name, text in texts.items() if name.endswith((".yaml", ".yml")) for found in rule_ids(text)
    }
    if rule_id not in rules:
        raise NotFound(
            f"There is no rule {rule_id!r}{nearest(rule_id, rules) or '.'}",
            "`lrs-bridge rules check` says which documents are looked at.",
        )
    if rules[rule_id].startswith(PACK_FOLDER):
        raise ActRefused(
            f"The rule {rule_id!r} stands in a pack that is shipped ({rules[rule_id]}).",
            "Copy it into a document of your own, under another id.",
        )
    return rules[rule_id]


def _check(texts: Mapping[str, str]) -> None:
    try:
        load_texts(texts)
    except DocumentError as error:
        raise ActRefused("With this change the rules would be wrong, so nothing was written:", str(error)) from None


def text_in(path: Path) -> str:
    """The text of a file with its line ends and byte order mark; "" where there is none yet. Raises ActRefused."""
    try:
        return path.read_bytes().decode("utf-8") if path.exists() else ""
    except UnicodeDecodeError:
        raise ActRefused(f"{path} is not UTF-8 text, and was left as it is.", "Save it as UTF-8.") from None


@contextmanager
def problems_in(path: Path) -> Iterator[None]:
    """Name the file in what is wrong with a text that came out of it."""
    try:
        yield
    except DocumentError as error:
        raise DocumentError(tuple(replace(each, path=path.as_posix()) for each in error.problems)) from None


def write_text(path: Path, text: str) -> None:
    """Write a file in one step. One that is there keeps its permissions, and a link keeps leading to it."""
    target = path.resolve()
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8"))
        return
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        new = Path(file.name)
        try:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
            new.chmod(target.stat().st_mode & 0o7777)
            new.replace(target)
        except OSError:
            new.unlink(missing_ok=True)
            raise
