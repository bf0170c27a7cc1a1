"""From paths to trees: folders become their files, and each file is read by what its name ends in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lrs_bridge.acts.imports.table import read_table
from lrs_bridge.acts.imports.text import read_text
from lrs_bridge_rules.documents.reading import parse
from lrs_bridge_rules.documents.tree import Node, Place, Problems

TABLES = frozenset({".csv", ".tsv", ".txt"})
DOCUMENTS = frozenset({".yaml", ".yml"})


def rows_of(paths: Iterable[Path], columns: Iterable[str], problems: Problems) -> list[Node]:
    """The rows of CSV files that have these columns."""
    return [row for path in _files(paths, TABLES, problems) for row in _table(path, columns, problems)]


def documents_of(paths: Iterable[Path], problems: Problems) -> list[Node]:
    """The documents of YAML files."""
    documents = (_document(path, problems) for path in _files(paths, DOCUMENTS, problems))
    return [document for document in documents if document is not None]


def items_of(documents: Sequence[Node], key: str, problems: Problems) -> list[Node]:
    """The items under the one key that these documents have."""
    items: list[Node] = []
    for document in documents:
        below = document.child(key)
        if below is None:
            problems.add(document.place, f"expected a mapping with the key {key!r} and a list below it")
        for other in document.keys:
            if other != key:
                problems.add(document.keys[other], f"unknown key {other!r}; expected {key!r} alone")
        items += document.entries(key)
    return items


def _files(paths: Iterable[Path], endings: frozenset[str], problems: Problems) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.suffix.lower() in endings)
        elif path.suffix.lower() in endings:
            yield path
        else:
            problems.add(Place(str(path)), f"expected a file whose name ends in {' or '.join(sorted(endings))}")


def _table(path: Path, columns: Iterable[str], problems: Problems) -> list[Node]:
    text = read_text(path, problems)
    return [] if text is None else read_table(text, str(path), tuple(columns), problems)


def _document(path: Path, problems: Problems) -> Node | None:
    text = read_text(path, problems)
    return None if text is None else parse(str(path), text, problems)
